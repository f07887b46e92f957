import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { readWorkflowFiles } from '../../scripts/workflows/files.ts'
import { git } from '../../src/base/git.ts'
import { resolveBase } from '../../src/registry/repository.ts'
import { commitAll, initialise, put, temporaryFolder } from '../repository.ts'

const { workflows } = readWorkflowFiles(resolve(import.meta.dirname, '../..'))
const steps = workflows.find(({ path }) => path.endsWith('/promotion.yml'))?.content.jobs.verify
  .steps
const script = steps?.find(({ id }) => id === 'scope')?.run ?? ''
const toMain = steps?.find(({ run }) => run?.includes('git switch'))?.run ?? ''

const MODEL = 'model-registry/production/model.json'

it('has every pull request verified that changes what is in production, and no other', async () => {
  const repo = await repository()
  await branch(repo, 'docs', { 'notes.txt': 'New.' })
  await branch(repo, 'promotion', { [MODEL]: '2' })
  expect(await scopeOf(repo, 'docs')).toEqual({ code: 0, promotion: '' })
  expect(await scopeOf(repo, 'promotion')).toEqual({ code: 0, promotion: 'true' })

  await git(repo, ['merge', '--quiet', '--no-ff', '-m', 'Promote', 'promotion'])
  expect(await scopeOf(repo, 'docs')).toEqual({ code: 0, promotion: '' })
})

it('has a pull request verified that takes back a promotion from behind two common ancestors', async () => {
  const repo = await repository()
  await branch(repo, 'other', { 'notes.txt': 'New.' })
  const other = (await git(repo, ['rev-parse', 'other'])).trim()
  await branch(repo, 'promotion', { [MODEL]: '2' })
  await git(repo, ['switch', '--quiet', 'other'])
  await git(repo, ['merge', '--quiet', '--strategy=ours', '-m', 'Undo', 'promotion'])
  await git(repo, ['switch', '--quiet', 'main'])
  await git(repo, ['merge', '--quiet', '--no-ff', '-m', 'Merge', 'promotion'])
  await git(repo, ['merge', '--quiet', '--no-ff', '-m', 'Merge', other])
  expect(await scopeOf(repo, 'other')).toEqual({ code: 0, promotion: 'true' })
})

it('fails where no common ancestor tells what merging would change', async () => {
  const repo = await repository()
  await git(repo, ['switch', '--quiet', '--orphan', 'stranger'])
  await put(repo, { [MODEL]: '9' })
  await commitAll(repo, 'Begin anew')
  expect((await scopeOf(repo, 'stranger')).code).not.toBe(0)
})

it('takes no tag for main: whoever may push one could judge a pull request by any code', async () => {
  const repo = await repository()
  await branch(repo, 'promotion', { [MODEL]: '2' })
  for (const tag of ['main', 'origin/main']) await git(repo, ['tag', tag, 'promotion'])
  expect(await scopeOf(repo, 'promotion')).toEqual({ code: 0, promotion: 'true' })

  const main = (await git(repo, ['rev-parse', 'refs/heads/main'])).trim()
  await git(repo, ['switch', '--quiet', '--detach', 'refs/heads/promotion'])
  await git(repo, ['branch', '--delete', '--force', 'main'])
  expect((await resolveBase(repo)).commit).toBe(main)
  spawnSync('bash', ['-e', '-c', toMain], { cwd: repo })
  expect((await git(repo, ['rev-parse', 'HEAD'])).trim()).toBe(main)
})

async function repository(): Promise<string> {
  const repo = await temporaryFolder()
  await initialise(repo)
  await put(repo, { [MODEL]: '1', 'notes.txt': 'Old.' })
  await commitAll(repo, 'Begin')
  return repo
}

async function branch(repo: string, name: string, files: Record<string, string>): Promise<void> {
  await git(repo, ['switch', '--quiet', '--create', name])
  await put(repo, files)
  await commitAll(repo, name)
  await git(repo, ['switch', '--quiet', 'main'])
}

/** As GitHub runs the step, in a checkout of everything. */
async function scopeOf(repo: string, head: string): Promise<{ code: number; promotion: string }> {
  await git(repo, ['update-ref', 'refs/remotes/origin/main', 'refs/heads/main'])
  const output = join(await temporaryFolder(), 'output')
  const { PATH = '' } = process.env
  const env = {
    PATH,
    HEAD: (await git(repo, ['rev-parse', `refs/heads/${head}`])).trim(),
    GITHUB_OUTPUT: output,
  }
  const { status } = spawnSync('bash', ['-e', '-c', script], { cwd: repo, env })
  const text = await readFile(output, 'utf8').catch(() => '')
  return { code: status ?? -1, promotion: /promotion=(.*)/.exec(text)?.[1] ?? '' }
}
