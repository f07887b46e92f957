import { expect, it } from 'vitest'
import { revisedBlocks } from '../../../../src/monitoring/context/revised-blocks.ts'
import type { HealthRecord } from '../../../../src/monitoring/health/health-record.ts'
import { countedBlock, healthRecord } from '../health/examples.ts'

const [old, newer] = ['2026-10-26T08:00:00.000Z', '2026-11-02T08:00:00.000Z']
const first = withLoss(0.31, { at: old })
const second = withLoss(0.35, { at: newer })

it('tells whoever read the report of a block that late sales have changed it, and by how much', () => {
  expect(revisedBlocks(withLoss(0.4), [first, second])).toEqual([
    { from: '2026-10-19', to: '2026-10-25', reported: old, before: 0.31, now: 0.4 },
  ])
  expect(revisedBlocks(withLoss(0.31 * (1 + 1e-12)), [first])).toEqual([])
})

it('takes no other metric, version or forecast for a revision', () => {
  const others: HealthRecord[] = [
    { ...second, decidedBy: 'mase' },
    { ...second, production: { ...second.production, version: 2 } },
    { ...second, blocks: second.blocks.map((block) => ({ ...block, forecasts: 'reproduced' })) },
  ]
  expect(revisedBlocks(withLoss(0.4), others)).toEqual([])
})

function withLoss(model: number, changes: Partial<HealthRecord> = {}): HealthRecord {
  const block = { ...countedBlock('2026-10-19', 'as promised'), loss: { model, naive: 0.4 } }
  return healthRecord({ blocks: [block as HealthRecord['blocks'][number]], ...changes })
}
