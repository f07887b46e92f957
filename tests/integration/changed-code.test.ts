import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, readFile, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { git } from '../../src/base/git.ts'
import { REPOSITORY } from '../project.ts'
import { commitAll, copyOf, initialise, put, temporaryFolder } from '../repository.ts'

const ACTION = '.github/actions/changed'
const { steps } = parse(readFileSync(join(REPOSITORY, ACTION, 'action.yml'), 'utf8')).runs

let template: string
let before: string

beforeAll(async () => {
  template = await temporaryFolder()
  await initialise(template)
  await put(template, {
    [`${ACTION}/summary.md`]: 'The code is as before.\n',
    'src/cli.ts': 'export {}\n',
    'data/sales/2026.csv': 'product\n',
    'model-registry/policy.yml': 'minImprovement: 0.01\n',
    'recipe.yml': 'families: {}\n',
  })
  before = await commitAll(template, 'Start')
})

describe('says that the code is as before, so that the suite is left out, where there are only', () => {
  it.each<[string, Record<string, string>]>([
    ['new sales', { 'data/sales/2027.csv': 'product\n', 'data/datapackage.json': '{}\n' }],
    ['a name of no ASCII', { 'data/vendas/março "2026".csv': 'produto\n' }],
    ['another recipe', { 'recipe.yml': 'families: { ridge: {} }\n' }],
    ['terms of ordering and settings', { 'ordering.yml': 'x\n', 'project.yml': 'x\n' }],
    ['other reasons of buyers', { 'decisions.yml': 'x\n' }],
    ['a new model', { 'model-registry/production/model.json': '{}\n' }],
  ])('%s', async (_, files) => {
    const repo = await copyOf(template)
    await put(repo, files)
    await commitAll(repo, 'Change it')
    expect(await asked(repo, before)).toEqual({
      output: 'code=false\n',
      summary: 'The code is as before.\n',
    })
  })

  it('sales in each of several commits of one push', async () => {
    const repo = await copyOf(template)
    for (const day of ['1', '2', '3']) {
      await put(repo, { [`data/sales/${day}.csv`]: 'product\n' })
      await commitAll(repo, `Day ${day}`)
    }
    expect(await asked(repo, before)).toMatchObject({ output: 'code=false\n' })
  })
})

describe('has the suite run, so that nothing untested gets through, where', () => {
  it.each<[string, (repo: string) => Promise<unknown>]>([
    ['code comes with the sales', (repo) => put(repo, { 'data/x.csv': 'x\n', 'src/x.ts': 'x\n' })],
    ['a workflow is changed', (repo) => put(repo, { '.github/workflows/ci.yml': 'on: push\n' })],
    ['a package is changed', (repo) => put(repo, { 'package-lock.json': '{}\n' })],
    [
      'a name only looks like data',
      (repo) => put(repo, { 'data-2/x.ts': '', 'recipe.yml.ts': '' }),
    ],
    ['data lies somewhere else', (repo) => put(repo, { 'src/data/recipe.yml': 'x\n' })],
    ['the case differs', (repo) => put(repo, { 'Data/x.ts': 'x\n' })],
    ['code is deleted', (repo) => unlink(join(repo, 'src/cli.ts'))],
    ['code is moved to the data', (repo) => rename(join(repo, 'src/cli.ts'), join(repo, 'data/c'))],
    [
      'the folder of the data becomes a link',
      async (repo) => {
        await rm(join(repo, 'data'), { recursive: true })
        await symlink('src', join(repo, 'data'))
      },
    ],
  ])('%s', async (_, change) => {
    const repo = await copyOf(template)
    await change(repo)
    await commitAll(repo, 'Change it')
    expect(await asked(repo, before)).toEqual({ output: 'code=true\n', summary: '' })
  })

  it('code was changed in a commit before the last one of a push', async () => {
    const repo = await copyOf(template)
    await put(repo, { 'src/cli.ts': 'export const x = 1\n' })
    await commitAll(repo, 'Change the code')
    await put(repo, { 'data/x.csv': 'x\n' })
    await commitAll(repo, 'Add sales')
    expect(await asked(repo, before)).toMatchObject({ output: 'code=true\n' })
  })

  it('a submodule that says it is to be ignored is moved on', async () => {
    const repo = await copyOf(template)
    await put(repo, { '.gitmodules': '[submodule "vendor"]\n\tpath = vendor\n\tignore = all\n' })
    const point = async (commit: string) => {
      await git(repo, ['update-index', '--add', '--cacheinfo', `160000,${commit},vendor`])
      await git(repo, ['add', '.gitmodules'])
      await git(repo, ['commit', '--quiet', '-m', 'Move the submodule'])
    }
    await mkdir(join(repo, 'vendor'))
    await point('1'.repeat(40))
    const pointed = (await git(repo, ['rev-parse', 'HEAD'])).trim()
    await point('2'.repeat(40))
    expect(await asked(repo, pointed)).toMatchObject({ output: 'code=true\n' })
  })

  it.each([
    ['a branch is new, or nothing came before', '0'.repeat(40)],
    ['what came before was overwritten by force', '1'.repeat(40)],
    ['the event does not say what came before', ''],
  ])('%s', async (_, unknown) => {
    expect(await asked(template, unknown)).toEqual({ output: 'code=true\n', summary: '' })
  })

  it('the history was not checked out', async () => {
    const repo = await copyOf(template)
    await put(repo, { 'data/x.csv': 'x\n' })
    await commitAll(repo, 'Add sales')
    const shallow = join(await temporaryFolder(), 'shallow')
    await git(repo, ['clone', '--quiet', '--depth=1', `file://${repo}`, shallow])
    expect(await asked(shallow, before)).toMatchObject({ output: 'code=true\n' })
  })
})

it('compares a pull request with what it is proposed to, and a push with what was pushed before', () => {
  expect(steps[0].env.BEFORE).toBe(
    `\${{ github.event.pull_request.base.sha || github.event.before }}`,
  )
})

/** Runs the action's step as GitHub does. */
async function asked(repo: string, commit: string): Promise<{ output: string; summary: string }> {
  const folder = await temporaryFolder()
  const [output, summary] = [join(folder, 'output'), join(folder, 'summary')]
  await Promise.all([writeFile(output, ''), writeFile(summary, '')])
  const env = {
    ...process.env,
    BEFORE: commit,
    GITHUB_OUTPUT: output,
    GITHUB_STEP_SUMMARY: summary,
  }
  const shell = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', steps[0].run]
  await promisify(execFile)('bash', shell, { cwd: repo, env })
  return { output: await readFile(output, 'utf8'), summary: await readFile(summary, 'utf8') }
}
