import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readContext, runOrigin } from '../../../src/workflow/context.ts'
import { temporaryFolder } from '../../repository.ts'

const PUSH = {
  GITHUB_WORKSPACE: '/home/runner/work/demand/demand',
  GITHUB_REPOSITORY: 'shop/demand',
  GITHUB_SERVER_URL: 'https://github.example.com',
  GITHUB_API_URL: 'https://github.example.com/api/v3',
  GITHUB_RUN_ID: '77',
  GITHUB_EVENT_NAME: 'push',
  GITHUB_REF: 'refs/heads/better',
  GITHUB_REF_NAME: 'better',
}

describe('what started a workflow', () => {
  it('is linked by its own server, with its branch', async () => {
    const context = await readContext(PUSH)
    expect(context).toMatchObject({
      apiUrl: 'https://github.example.com/api/v3',
      repositoryUrl: 'https://github.example.com/shop/demand',
      branch: 'better',
    })
    expect(context.pullRequest).toBeUndefined()
    expect(runOrigin(context)).toEqual({
      branch: 'better',
      workflow: { url: 'https://github.example.com/shop/demand/actions/runs/77', event: 'push' },
    })
  })

  it('has no branch where a tag was pushed', async () => {
    const tag = { GITHUB_REF: 'refs/tags/model/v3', GITHUB_REF_NAME: 'model/v3' }
    expect((await readContext({ ...PUSH, ...tag })).branch).toBeUndefined()
  })

  it.each([
    ['of the same repository', { full_name: 'shop/demand' }, false],
    ['of a fork', { full_name: 'stranger/demand' }, true],
    ['of a fork that is gone', null, true],
  ])('is known where it was a pull request %s', async (_, repo, fromFork) => {
    const event = { pull_request: { number: 12, head: { repo } } }
    const context = await readContext({
      ...PUSH,
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_HEAD_REF: 'better',
      GITHUB_REF: 'refs/pull/12/merge',
      GITHUB_REF_NAME: '12/merge',
      GITHUB_EVENT_PATH: await eventFile(event),
    })
    expect(context).toMatchObject({ branch: 'better', pullRequest: { number: 12, fromFork } })
  })

  it('must be there: outside of a workflow, the message says what to do instead', async () => {
    const { GITHUB_REPOSITORY: _, ...rest } = PUSH
    await expect(readContext(rest)).rejects.toThrow(/GITHUB_REPOSITORY is not set.*\n.*npx cd4ml/)
  })
})

async function eventFile(event: object): Promise<string> {
  const file = join(await temporaryFolder(), 'event.json')
  await writeFile(file, JSON.stringify(event))
  return file
}
