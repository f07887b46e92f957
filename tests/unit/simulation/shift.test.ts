import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import { decided } from '../../../src/simulation/advised-buyer.ts'
import { shiftFrom } from '../../../src/simulation/shift.ts'

describe('what nobody expected of demand', () => {
  const from = 1000
  const of = (kind: 'level' | 'restless' | 'drift', share: number) =>
    shiftFrom([{ kind, share, from }], seededRandom(1))

  it('changes nothing before its day', () => {
    for (const kind of ['level', 'restless', 'drift'] as const) expect(of(kind, 0.5)(999)).toBe(1)
  })

  it('is more or less for good where it is a break of the level', () => {
    expect([of('level', 0.5)(1000), of('level', -0.5)(2000)]).toEqual([1.5, 0.5])
  })

  it('goes up or down anew every week where it is restless, and each way about as often', () => {
    const shift = of('restless', 0.5)
    const weeks = Array.from({ length: 200 }, (_, week) => shift(from + 7 * week))
    expect(new Set(weeks)).toEqual(new Set([0.5, 1.5]))
    expect(weeks.filter((factor) => factor > 1).length).toBeGreaterThan(80)
    expect(weeks.filter((factor) => factor > 1).length).toBeLessThan(120)
    for (let day = 0; day < 7; day++) expect(shift(from + 7 + day)).toBe(weeks[1])
  })

  it('is the same whichever day is asked for first', () => {
    const [forwards, backwards] = [of('restless', 0.3), of('restless', 0.3)]
    const days = Array.from({ length: 50 }, (_, index) => from + 3 * index)
    const asked = days.map(forwards)
    expect(days.toReversed().map(backwards).reverse()).toEqual(asked)
  })

  it('adds up week by week where it drifts, on top of a break', () => {
    expect(of('drift', -0.1)(from + 8)).toBeCloseTo(0.9 ** 2)
    const both = [
      { kind: 'level', share: 1, from },
      { kind: 'drift', share: 0.1, from },
    ] as const
    expect(shiftFrom(both, seededRandom(1))(from)).toBeCloseTo(2.2)
  })
})

describe('a simulated buyer', () => {
  const random = () => seededRandom(3)

  it('who follows orders what is advised, whatever is on promotion', () => {
    expect(decided('follows', { units: 12, pack: 6, promotion: 3 }, random())).toEqual({
      units: 12,
    })
  })

  it('who knows the leaflet orders as much more, in packs, and only then', () => {
    const order = { units: 12, pack: 6 }
    expect(decided('overrides', { ...order, promotion: 1.5 }, random())).toEqual({
      units: 18,
      reason: 'promotion',
    })
    expect(decided('overrides', { ...order, promotion: 1.05 }, random())).toEqual({ units: 12 })
  })

  it('who only adds noise changes about a third, up and down, and never below nothing', () => {
    const drawn = random()
    const orders = Array.from({ length: 600 }, () =>
      decided('noise', { units: 24, pack: 2, promotion: 1 }, drawn),
    )
    const changed = orders.filter(({ reason }) => reason !== undefined)
    expect(changed.length).toBeGreaterThan(150)
    expect(changed.length).toBeLessThan(220)
    expect(changed.some(({ units }) => units > 24)).toBe(true)
    expect(changed.some(({ units }) => units < 24)).toBe(true)
    expect(Math.min(...orders.map(({ units }) => units))).toBeGreaterThanOrEqual(0)
  })
})
