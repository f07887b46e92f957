import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import { cd4ml, commandLine, environment, newProject, succeedJson } from '../project.ts'
import { copyOf, temporaryFolder } from '../repository.ts'
import { dataFiles, productIds, recipe, salesOf } from '../shop.ts'

it('leaves nothing behind, wherever it is killed, that stops or changes the next run', async () => {
  const sales = salesOf({ products: productIds(8), frequency: 'week', periods: 110 })
  const begun = await newProject({
    ...dataFiles(sales),
    ...recipe('moving-average: { window: 6 }'),
  })
  const undisturbed = await copyOf(begun)
  const list = join(await temporaryFolder(), 'points')
  expect(await pipelineEnd(undisturbed, { POINTS_FILE: list })).toBe('0')
  const points = await changingPoints(list)
  expect(points).toEqual(
    expect.arrayContaining([
      'rename .cd4ml/cache/….reading',
      'write .cd4ml/challenger/model.json.….partial',
      'rename .cd4ml/challenger/comparison.json',
      'git commit-tree',
      'git update-ref',
    ]),
  )

  const disturbed = await copyOf(begun)
  for (const [index, point] of points.entries()) {
    expect(await pipelineEnd(disturbed, { KILLED_AT: point }), point).toBe('SIGKILL')
    await expectSound(disturbed)
    // What a run has finished already, the next one would not do again.
    await git(disturbed, ['update-ref', '-d', 'refs/heads/promotion/demand'])
    if (index % 2 === 0)
      await rm(join(disturbed, '.cd4ml', 'cache'), { recursive: true, force: true })
  }

  const { evaluation, promotion } = await succeedJson(disturbed, ['pipeline'])
  expect(evaluation.decision.verdict).toBe('better')
  expect(promotion.outcome).toBe('proposed')
  expect(await proposal(disturbed)).toBe(await proposal(undisturbed))
  expect(await git(disturbed, ['status', '--porcelain'])).toBe('')
  expect(await succeedJson(disturbed, ['verify'])).toMatchObject({ outcome: 'verified' })
})

it('does not believe a file that is cut off, whatever cut it', async () => {
  const sales = salesOf({ products: productIds(4), frequency: 'week', periods: 110 })
  const project = await newProject({
    ...dataFiles(sales),
    ...recipe('moving-average: { window: 6 }'),
  })
  await succeedJson(project, ['pipeline'])
  const before = await proposal(project)
  const { runs } = await succeedJson(project, ['runs'])

  const folder = join(project, '.cd4ml')
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((it) => it.isFile()).map((it) => join(it.parentPath, it.name))
  expect(files.length).toBeGreaterThan(8)
  for (const file of files) await truncate(file, Math.floor((await stat(file)).size / 2))

  const promoted = await cd4ml(project, ['promote'])
  expect([promoted.code, promoted.stdout]).toEqual([2, ''])
  expect(promoted.stderr).toMatch(/\.cd4ml\/challenger\/.*\.json.*\n?.*cd4ml train/)
  const cutOff = await succeedJson(project, ['runs'])
  expect([cutOff.runs, cutOff.damaged.length]).toEqual([[], runs.length])
  expect((await succeedJson(project, ['pipeline'])).promotion.outcome).toBe('unchanged')
  expect(await proposal(project)).toBe(before)
})

/** Where a run changes a file or the repository, in its order and each once. */
async function changingPoints(list: string): Promise<string[]> {
  const reached = (await readFile(list, 'utf8')).trimEnd().split('\n')
  const changing = /^(write|rename) |^git (hash-object|mktree|commit-tree|update-ref)$/
  return [...new Set(reached)].filter((name) => changing.test(name))
}

/** Runs the pipeline with its points named (see points.ts); its exit code, or the signal that ended it. */
async function pipelineEnd(project: string, env: Record<string, string>): Promise<string> {
  const points = new URL('./points.ts', import.meta.url).href
  const child = spawn(process.execPath, ['--import', points, ...commandLine(['pipeline'])], {
    cwd: project,
    env: environment(env),
    stdio: 'ignore',
  })
  const [code, signal] = await once(child, 'exit')
  return signal ?? String(code)
}

/** Git is whole, and every file that a later run would read is: what is not has another name. */
async function expectSound(project: string): Promise<void> {
  await git(project, ['fsck', '--strict', '--no-dangling'])
  const names = await readdir(join(project, '.cd4ml'), { recursive: true }).catch(() => [])
  for (const name of names.filter((it) => it.endsWith('.json'))) {
    JSON.parse(await readFile(join(project, '.cd4ml', name), 'utf8'))
  }
}

/** The commit that is proposed, without when it was made. */
async function proposal(project: string): Promise<string> {
  const commit = await git(project, ['cat-file', 'commit', 'promotion/demand'])
  return commit.replaceAll(/ \d+ [+-]\d{4}$/gm, '')
}
