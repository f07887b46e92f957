import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { git } from '../../src/git.ts'
import { cd4ml, commandLine, environment, newProject, succeed, succeedJson } from '../project.ts'
import { copyOf } from '../repository.ts'
import { dataFiles, productIds, recipe, salesOf } from '../shop.ts'

const KILLS = 12

it('leaves nothing behind, wherever it is killed, that stops or changes the next run', async () => {
  const sales = salesOf({ products: productIds(8), frequency: 'week', periods: 110 })
  const begun = await newProject({
    ...dataFiles(sales),
    ...recipe('moving-average: { window: 6 }'),
  })
  const undisturbed = await copyOf(begun)
  const starting = await milliseconds(() => succeed(undisturbed, ['--help']))
  const working = (await milliseconds(() => succeed(undisturbed, ['pipeline']))) - starting

  const disturbed = await copyOf(begun)
  const ends: string[] = []
  for (let kill = 1; kill <= KILLS; kill++) {
    ends.push(await killedPipeline(disturbed, starting + (working * kill) / (KILLS + 1)))
    await expectSound(disturbed)
    // What a run has finished already, the next one would not do again.
    await git(disturbed, ['update-ref', '-d', 'refs/heads/promotion/demand'])
    if (kill % 2 === 0)
      await rm(join(disturbed, '.cd4ml', 'cache'), { recursive: true, force: true })
  }
  expect(ends.filter((end) => end === 'SIGKILL').length).toBeGreaterThan(KILLS / 3)

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

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

async function killedPipeline(project: string, after: number): Promise<string> {
  const child = spawn(process.execPath, commandLine(['pipeline']), {
    cwd: project,
    env: environment(),
    stdio: 'ignore',
  })
  const ended = once(child, 'exit')
  await delay(after)
  child.kill('SIGKILL')
  const [code, signal] = await ended
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
