import { expect, it } from 'vitest'
import { type Accuracy, worstFirst } from '../../../../src/monitoring/health/accuracy.ts'

it('of parts puts first what lost most, also where nothing was to be lost, and last what is not known', () => {
  const parts = [
    part('nothing lost, and nothing promised', { wape: 0 }, { wape: 0 }),
    part('unknown', {}, { wape: 0.2 }),
    part('lost where nothing was promised', { wape: 0.1 }, { wape: 0 }),
    part('better', { wape: 0.1 }, { wape: 0.2 }),
    part('worse', { wape: 0.3 }, { wape: 0.2 }),
    part('worse than naive', { wape: 0.8 }),
    part('again', { wape: 0.2 }, { wape: 0 }),
  ]
  for (const given of [parts, parts.toReversed()]) {
    const names = worstFirst(given, 'wape').map(({ name }) => name)
    expect(names.slice(0, 2).sort()).toEqual(['again', 'lost where nothing was promised'])
    expect(names.slice(2)).toEqual([
      'worse than naive',
      'worse',
      'nothing lost, and nothing promised',
      'better',
      'unknown',
    ])
  }
})

function part(name: string, model: Accuracy['model'], promised?: Accuracy['promised']): Accuracy {
  return {
    by: 'category',
    name,
    rows: 1,
    model,
    naive: { wape: 0.4 },
    ...(promised && { promised }),
  }
}
