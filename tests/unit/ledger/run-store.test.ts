import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RunRecord } from '../../../src/ledger/run-record.ts'
import { readRuns, writeRun } from '../../../src/ledger/run-store.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cd4ml-runs-'))
})

afterEach(() => rm(folder, { recursive: true }))

describe('run store', () => {
  test('a run that was written is read back as it was', async () => {
    const written = await writeRun(folder, run())
    expect(await readRuns(folder)).toEqual({ runs: [written], damaged: [] })
    expect(written).toMatchObject(run())
  })

  test('runs that start in the same millisecond do not overwrite each other', async () => {
    await Promise.all([writeRun(folder, run()), writeRun(folder, run()), writeRun(folder, run())])
    expect((await readRuns(folder)).runs).toHaveLength(3)
  })

  test('runs are listed oldest first, whatever the order of writing', async () => {
    for (const startedAt of [
      '2026-11-02T09:30:00.000Z',
      '2025-12-31T23:59:59.999Z',
      '2026-11-02T09:29:59.999Z',
    ]) {
      await writeRun(folder, run({ startedAt }))
    }
    expect((await readRuns(folder)).runs.map((read) => read.startedAt)).toEqual([
      '2025-12-31T23:59:59.999Z',
      '2026-11-02T09:29:59.999Z',
      '2026-11-02T09:30:00.000Z',
    ])
  })

  test('damaged files are named and do not hide the good runs', async () => {
    const good = await writeRun(folder, run())
    await writeFile(join(folder, 'cut.json'), '{"format": "cd4ml-run/1", "id"')
    await writeFile(join(folder, 'other.json'), '{"some": "thing"}')
    await mkdir(join(folder, 'folder.json'))
    const { runs, damaged } = await readRuns(folder)
    expect(runs).toEqual([good])
    expect(damaged.map(({ file }) => file)).toEqual(
      ['cut.json', 'folder.json', 'other.json'].map((name) => join(folder, name)),
    )
    for (const { problem } of damaged) expect(problem).not.toBe('')
  })

  test('a write that was interrupted leaves nothing that is taken for a run', async () => {
    await writeFile(join(folder, '20261102T093000000Z-00000000.json.1234.partial'), '{"form')
    expect(await readRuns(folder)).toEqual({ runs: [], damaged: [] })
  })

  test('a project without any runs has none, and that is no error', async () => {
    expect(await readRuns(join(folder, 'missing'))).toEqual({ runs: [], damaged: [] })
  })

  test.each([{ verdict: 'worse' as const }, { verdict: undefined }])(
    'nobody finds a run in the records that promoted what is not better: $verdict',
    async ({ verdict }) => {
      const comparison = { decidedBy: 'wape', decision: 'promote', confidence: 0.95 } as const
      const { verdict: _, ...judged } = run({ comparison })
      const forged = { ...judged, ...(verdict && { verdict }) }
      await expect(writeRun(folder, forged)).rejects.toThrow(/verdict/)
      const kept = { ...comparison, decision: 'keep' } as const
      await writeRun(folder, run({ comparison: kept, verdict: 'worse' }))
    },
  )

  test('a loss that is not a number is refused rather than stored as null', async () => {
    const searched = [{ name: 'ridge', loss: Number.NaN, origins: 1, chosen: true }]
    await expect(writeRun(folder, run({ searched }))).rejects.toThrow()
    expect(await readdir(folder)).toEqual([])
  })
})

function run(overrides: Partial<Omit<RunRecord, 'id'>> = {}): Omit<RunRecord, 'id'> {
  return {
    format: 'cd4ml-run/1',
    kind: 'compare',
    startedAt: '2026-11-02T09:30:00.000Z',
    seconds: 12.5,
    commit: '0123456789abcdef0123456789abcdef01234567',
    branch: 'main',
    recipe: '1111111111111111111111111111111111111111',
    data: '2222222222222222222222222222222222222222',
    model: 'ridge (penalty 10)',
    searched: [{ name: 'ridge (penalty 10)', loss: 0.21, origins: 6, chosen: true }],
    metrics: { wape: 0.31 },
    verdict: 'better',
    exitCode: 0,
    ...overrides,
  }
}
