import { expect, it } from 'vitest'
import type { Engine } from '../../../../src/service/engine/engine.ts'
import { prepareActuals } from '../../../../src/service/recording/actuals.ts'
import { memoryLog } from '../memory-log.ts'

const engine = { current: () => ({ series: [{ product: '1016' }] }) } as unknown as Engine
const evening = { source: '/cd4ml/service', time: '2026-11-28T01:00:00.000Z' }

it.each([
  ['2026-11-27', 'America/Sao_Paulo', 'recorded'],
  ['2026-11-28', 'America/Sao_Paulo', 'refused'],
  ['2026-11-28', 'Asia/Tokyo', 'recorded'],
])(
  'what sold on %s is believed where that day has come: %s has it %s',
  async (day, timeZone, outcome) => {
    const sold = { product: '1016', from: day, to: day, units: 3 }
    const { answers } = await prepareActuals(
      { engine, log: memoryLog(), timeZone },
      [sold],
      evening,
    )
    expect(answers(new Map())).toMatchObject([{ outcome }])
  },
)
