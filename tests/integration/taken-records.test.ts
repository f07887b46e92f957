import { execFileSync } from 'node:child_process'
import { cp, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { packed } from '../../src/base/packed-text.ts'
import { contentFile } from '../../src/ledger/content.ts'
import type { MadeForecasts } from '../../src/ledger/forecast-record.ts'
import type { RunRecord } from '../../src/ledger/run-record.ts'
import { takeForecasts, takeRuns } from '../../src/steps/monitoring/taken-records.ts'
import { put, temporaryFolder } from '../repository.ts'
import { made } from '../unit/reporting/examples.ts'
import {
  COMMIT,
  FORECASTS,
  FUTURE,
  handOver,
  handOverForecasts,
  idAt,
  madeAt,
  ownRun,
  runAt,
  WORKFLOW,
} from './record-fixture.ts'

/** Where artifacts are taken over. */
let project: string

beforeEach(async () => {
  project = await temporaryFolder()
})

describe('what a job of anybody’s code hands over', () => {
  it('is taken where it is honest, with all that is known of its run', async () => {
    const { branch: _, commit: __, workflow: ___, ...silent } = runAt('2026-11-02T09:00:00.000Z')
    await handOver(project, silent)
    const { records: runs, leftOut } = await taken()
    expect(leftOut).toEqual([])
    expect(runs).toEqual([{ ...silent, workflow: WORKFLOW, branch: 'better', commit: COMMIT }])
  })

  it.each<[string, Partial<RunRecord>, RegExp]>([
    ['starts in the year 9999', { startedAt: FUTURE }, /after now/],
    ['dates itself back', { startedAt: '2026-09-20T09:00:00.000Z' }, /before this run/],
    ['starts ten minutes from now', { startedAt: '2026-11-02T10:10:00.000Z' }, /after now/],
    ['ends after now', { seconds: 7200 }, /after now/],
    ['is as of a day to come', { asOf: '2027-01-01' }, /after now/],
    ['has an id of another moment', { id: '99991231T235959999Z-00000000' }, /id .* moment/],
    [
      'is of another workflow run',
      { workflow: { ...WORKFLOW, url: `${WORKFLOW.url}8` } },
      /runs\/77/,
    ],
    ['is of another event', { workflow: { ...WORKFLOW, event: 'schedule' } }, /push/],
    ['is of another branch', { branch: 'main' }, /branch must be .* better, but is main/],
    ['is of another commit', { commit: 'd'.repeat(40) }, /commit must be/],
    ['took a year', { seconds: 3e7 }, /seconds must be/],
    ['has a metric out of all bounds', { metrics: { wape: 1e300 } }, /wape must be/],
    ['has a name without an end', { model: 'x'.repeat(1e5) }, /model must/],
  ])('is left out with a sentence where it %s, and hides no other', async (_, wrong, why) => {
    await handOver(project, runAt('2026-11-02T09:00:00.000Z', wrong))
    const honest = await handOver(project, runAt('2026-11-02T09:30:00.000Z'))
    const { records: runs, leftOut } = await taken()
    expect(runs.map((record) => 'id' in record && record.id)).toEqual([honest.id])
    expect(leftOut).toEqual([{ file: expect.any(String), problem: expect.stringMatching(why) }])
  })

  it.each([
    ['no JSON', '{'],
    ['endless', '['.repeat(1e5)],
    ['a number', '1e999'],
    ['larger than any', ' '.repeat(5e6)],
  ])('is left out where it is %s', async (_, text) => {
    await put(project, { [`.cd4ml/runs/${idAt('2026-11-02T09:00:00.000Z')}.json`]: text })
    const { records: runs, leftOut } = await taken()
    expect([runs.length, leftOut.length]).toEqual([0, 1])
  })

  it('is not read through a link, from a pipe, or from a folder that is none', async () => {
    const outside = await temporaryFolder()
    const honest = await handOver(project, runAt('2026-11-02T09:00:00.000Z'))
    const runs = join(project, '.cd4ml', 'runs')
    await rename(join(runs, `${honest.id}.json`), join(outside, 'secret.json'))
    await symlink(join(outside, 'secret.json'), join(runs, `${honest.id}.json`))
    execFileSync('mkfifo', [join(runs, `${idAt('2026-11-02T09:01:00.000Z')}.json`)])
    await mkdir(join(runs, `${idAt('2026-11-02T09:02:00.000Z')}.json`))
    expect(problems(await taken())).toEqual([
      expect.stringContaining('link'),
      expect.stringContaining('plain file'),
      expect.stringContaining('plain file'),
    ])

    await cp(join(outside, 'secret.json'), join(outside, `${honest.id}.json`))
    await symlink(outside, join(project, '.cd4ml', 'linked'))
    expect(problems(await taken('.cd4ml/linked'))).toEqual([expect.stringContaining('link')])
    await put(project, { '.cd4ml/file': 'x' })
    expect(problems(await taken('.cd4ml/file'))).toEqual([expect.stringContaining('folder')])
    expect((await taken('.cd4ml/missing')).leftOut).toEqual([])
  })

  it('is not taken at all where there are more records than a run makes', async () => {
    for (let i = 0; i < 21; i++) await handOver(project, runAt(`2026-11-02T09:00:00.${100 + i}Z`))
    const { records: runs, leftOut } = await taken()
    expect(runs).toEqual([])
    expect(leftOut).toEqual([
      { file: '.cd4ml/runs', problem: 'holds 21 records, but one run makes at most 20' },
    ])
  })
})

describe('forecasts that are to be published', () => {
  it.each<[string, Partial<MadeForecasts>, string, RegExp]>([
    ['are of a branch', {}, 'attack', /only main/],
    ['are of the year 9999', { at: FUTURE }, 'main', /after now/],
    ['know sales to come', { salesThrough: '2026-12-24' }, 'main', /is to come/],
    ['reach into the year 9999', { through: '9999-01-01' }, 'main', /ten years/],
    ['end before they begin', { through: '2026-10-01' }, 'main', /after through/],
    [
      'are of another run',
      { workflow: { ...WORKFLOW, url: `${WORKFLOW.url}8` } },
      'main',
      /runs\/77/,
    ],
    ['name files of others', { files: made().files }, 'main', /digest/],
    ['are of the format of earlier days', { format: 'cd4ml-forecasts/1' }, 'main', /beside it/],
    [
      'name a file that is none of content',
      { files: { json: `forecasts/${FORECASTS.path.slice(8)}` } },
      'main',
      /digest/,
    ],
  ])('are not, where they %s', async (_, wrong, branch, why) => {
    await handOverForecasts(project, { ...madeAt('2026-11-02T09:00:00.000Z'), ...wrong })
    const { records: forecasts, leftOut } = await takenForecasts(branch)
    expect(forecasts).toEqual([])
    expect(leftOut).toEqual([{ file: expect.any(String), problem: expect.stringMatching(why) }])
  })

  it('are not, where a file of theirs is missing, which is no bug', async () => {
    const at = '2026-11-02T09:00:00.000Z'
    await handOverForecasts(project, madeAt(at))
    await rm(join(project, '.cd4ml/forecasts', idAt(at), 'forecasts.csv'))
    expect((await takenForecasts()).leftOut).toMatchObject([{ problem: 'is missing' }])
  })

  it.each<[string, Uint8Array, RegExp]>([
    ['are not packed', Buffer.from('{}\n'), /gzip/],
    ['are cut off', FORECASTS.bytes.subarray(0, -9), /gzip/],
    ['say something else than their name', packed('{}\n'), /digest/],
  ])('are not, where they %s', async (_, bytes, why) => {
    const at = '2026-11-02T09:00:00.000Z'
    await handOverForecasts(project, madeAt(at))
    await writeFile(join(project, '.cd4ml/forecasts', idAt(at), 'forecasts.ndjson.gz'), bytes)
    expect((await takenForecasts()).leftOut).toMatchObject([
      { problem: expect.stringMatching(why) },
    ])
  })

  it('are not, where what is named so well is no forecasts', async () => {
    const at = '2026-11-02T09:00:00.000Z'
    const other = contentFile('{"format":"cd4ml-published-forecasts/1"}\n', 'ndjson')
    await handOverForecasts(project, { ...madeAt(at), files: { json: other.path } })
    await writeFile(join(project, '.cd4ml/forecasts', idAt(at), 'forecasts.ndjson.gz'), other.bytes)
    expect((await takenForecasts()).leftOut).toMatchObject([
      { problem: expect.stringMatching(/frequency/) },
    ])
  })
})

async function recordsOf(taken: ReturnType<typeof takeRuns>) {
  const { events, leftOut } = await taken
  return { records: events.map(({ record }) => record), leftOut }
}

function taken(folder = '.cd4ml/runs') {
  return recordsOf(takeRuns(join(project, folder), ownRun(project, 'better')))
}

function takenForecasts(branch = 'main') {
  return recordsOf(takeForecasts(join(project, '.cd4ml', 'forecasts'), ownRun(project, branch)))
}

function problems({ leftOut }: { leftOut: { problem: string }[] }): string[] {
  return leftOut.map(({ problem }) => problem)
}
