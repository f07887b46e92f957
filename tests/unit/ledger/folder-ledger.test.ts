import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { folderLedger } from '../../../src/ledger/folder-ledger.ts'
import type { KeptForecasts } from '../../../src/ledger/forecast-record.ts'
import { recordId } from '../../../src/ledger/ledger.ts'
import type { RunRecord } from '../../../src/ledger/run-record.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cd4ml-ledger-'))
})

afterEach(() => rm(folder, { recursive: true }))

describe('what ran on this machine', () => {
  test('is read back as it was written, each kind by itself', async () => {
    const [record, kept] = [run(), keptForecasts()]
    const ledger = folderLedger(folder)
    const id = recordId(kept.at)
    await ledger.append([
      { kind: 'run', record },
      { kind: 'forecasts', id, record: kept },
    ])
    expect(await ledger.read({ kind: 'run' })).toEqual({ records: [record], leftOut: [] })
    expect(await ledger.read({ kind: 'forecasts' })).toEqual({ records: [kept], leftOut: [] })
  })

  test('runs that start in the same millisecond do not overwrite each other', async () => {
    await Promise.all([append(run()), append(run()), append(run())])
    expect((await runs()).records).toHaveLength(3)
  })

  test('is listed oldest first, whatever the order of writing, and the newest where these are asked for', async () => {
    for (const startedAt of [
      '2026-11-02T09:30:00.000Z',
      '2025-12-31T23:59:59.999Z',
      '2026-11-02T09:29:59.999Z',
    ]) {
      await append(run({ startedAt }))
    }
    const starts = [
      '2025-12-31T23:59:59.999Z',
      '2026-11-02T09:29:59.999Z',
      '2026-11-02T09:30:00.000Z',
    ]
    expect((await runs()).records.map((read) => read.startedAt)).toEqual(starts)
    const newest = await folderLedger(folder).read({ kind: 'run', newest: 2 })
    expect(newest.records.map((read) => read.startedAt)).toEqual(starts.slice(1))
  })

  test('as of a moment holds nothing that begins later, and names what cannot have ended by then', async () => {
    const early = await append(run({ startedAt: '2026-11-02T09:00:00.000Z' }))
    const slow = await append(run({ startedAt: '2026-11-02T09:01:00.000Z', seconds: 7200 }))
    await append(run({ startedAt: '2026-11-02T11:00:00.000Z' }))
    const asOf = '2026-11-02T10:00:00.000Z'
    const { records, leftOut } = await folderLedger(folder).read({ kind: 'run', asOf })
    expect(records).toEqual([early])
    expect(leftOut).toEqual([
      { file: fileOf(slow.id), problem: expect.stringContaining('ends after now') },
    ])
  })

  test('is never changed: the same again adds nothing, something else by its id is refused', async () => {
    const record = run()
    const ledger = folderLedger(folder)
    expect(await ledger.append([{ kind: 'run', record }])).toEqual({ outcome: 'appended' })
    expect(await ledger.append([{ kind: 'run', record }])).toEqual({ outcome: 'unchanged' })
    const changed = { ...record, seconds: 1 }
    await expect(ledger.append([{ kind: 'run', record: changed }])).rejects.toThrow(
      'is in the ledger already, with other content',
    )
    expect((await runs()).records).toEqual([record])
  })

  test('names damaged files, which do not hide the good runs', async () => {
    const good = await append(run())
    await writeFile(join(folder, 'runs', 'cut.json'), '{"format": "cd4ml-run/1", "id"')
    await writeFile(join(folder, 'runs', 'other.json'), '{"some": "thing"}')
    await mkdir(join(folder, 'runs', 'folder.json'))
    const { records, leftOut } = await runs()
    expect(records).toEqual([good])
    expect(leftOut.map(({ file }) => file)).toEqual(['cut', 'folder', 'other'].map(fileOf))
    for (const { problem } of leftOut) expect(problem).not.toBe('')
  })

  test('a write that was interrupted leaves nothing that is taken for a run', async () => {
    await mkdir(join(folder, 'runs'))
    await writeFile(`${fileOf('20261102T093000000Z-00000000')}.1234.partial`, '{"form')
    expect(await runs()).toEqual({ records: [], leftOut: [] })
  })

  test('a project without any runs has none, and that is no error', async () => {
    const ledger = folderLedger(join(folder, 'missing'))
    expect(await ledger.read({ kind: 'run' })).toEqual({ records: [], leftOut: [] })
  })

  test.each([{ verdict: 'worse' as const }, { verdict: undefined }])(
    'nobody finds a run in the records that promoted what is not better: $verdict',
    async ({ verdict }) => {
      const comparison = { decidedBy: 'wape', decision: 'promote', confidence: 0.95 } as const
      const { verdict: _, ...judged } = run({ comparison })
      const forged = { ...judged, ...(verdict && { verdict }) }
      await expect(append(forged)).rejects.toThrow(/verdict/)
      const kept = { ...comparison, decision: 'keep' } as const
      await append(run({ comparison: kept, verdict: 'worse' }))
    },
  )

  test('a loss that is not a number is refused rather than stored as null', async () => {
    const searched = [{ name: 'ridge', loss: Number.NaN, origins: 1, chosen: true }]
    await expect(append(run({ searched }))).rejects.toThrow()
    expect(await readdir(folder)).toEqual([])
  })
})

async function append(record: RunRecord): Promise<RunRecord> {
  await folderLedger(folder).append([{ kind: 'run', record }])
  return record
}

function runs() {
  return folderLedger(folder).read({ kind: 'run' })
}

function fileOf(id: string): string {
  return join(folder, 'runs', `${id}.json`)
}

function keptForecasts(): KeptForecasts {
  const at = '2026-11-02T09:30:00.000Z'
  return { format: 'cd4ml-forecasts/1', outcome: 'kept', at, problem: 'The data is invalid.' }
}

function run(overrides: Partial<RunRecord> = {}): RunRecord {
  const startedAt = overrides.startedAt ?? '2026-11-02T09:30:00.000Z'
  return {
    id: recordId(startedAt),
    format: 'cd4ml-run/1',
    kind: 'compare',
    startedAt,
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
