import { expect, it } from 'vitest'
import type { HealthRecord } from '../../../../src/monitoring/health/health-record.ts'
import { revisedBlocks } from '../../../../src/monitoring/health/revised-blocks.ts'
import { countedBlock, healthRecord } from '../health/examples.ts'

const [old, newer] = ['2026-10-26T08:00:00.000Z', '2026-11-02T08:00:00.000Z']
const span = { from: '2026-10-19', to: '2026-10-25', reported: old }
const first = reported({ loss: 0.31, sold: 'a' }, { at: old })
const second = reported({ loss: 0.35, sold: 'b' }, { at: newer })

it('tells whoever read the report of a block that late sales have changed it, and by how much', () => {
  const now = reported({ loss: 0.4, sold: 'c' })
  expect(revisedBlocks(now, [first, second])).toEqual([{ ...span, before: 0.31, now: 0.4 }])
})

it('tells it too where nothing could be told of the block until its sales came', () => {
  const [block] = first.blocks
  const { from, to, version, forecasts, series, sold } = block
  const missing: HealthRecord['blocks'][number] = {
    ...{ from, to, version, forecasts, series, sold: sold! },
    knownDemand: 0.5,
    outcome: 'cannot tell',
    reason: 'sales missing',
  }
  expect(revisedBlocks(second, [{ ...first, blocks: [missing] }])).toEqual([{ ...span, now: 0.35 }])
})

it('takes nothing for a revision but other sales: no estimate, no other version', () => {
  expect(revisedBlocks(reported({ loss: 0.4, sold: 'a' }), [first])).toEqual([])
  const other = { ...first, production: { ...first.production, version: 2 } }
  expect(revisedBlocks(second, [other])).toEqual([])
})

it('tells no chain that its sales were revised because older code has digested them otherwise', () => {
  const [block] = first.blocks
  const older = { ...first, blocks: [{ ...block, sold: 'f'.repeat(64) }] }
  expect(revisedBlocks(second, [older])).toEqual([])
  const [third] = revisedBlocks(reported({ loss: 0.4, sold: 'c' }), [older, second])
  expect(third).toEqual({ ...span, reported: newer, before: 0.35, now: 0.4 })
})

function reported(
  { loss, sold }: { loss: number; sold: string },
  changes: Partial<HealthRecord> = {},
): HealthRecord {
  const block = countedBlock('2026-10-19', 'as promised')
  if (block.outcome !== 'counted') throw new Error('it is counted')
  const blocks = [
    { ...block, loss: { model: loss, naive: 0.4 }, sold: `series:${sold.repeat(64)}` },
  ]
  return healthRecord({ blocks, ...changes })
}
