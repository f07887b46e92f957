import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Costed, jointCost, pack } from '../../../src/evaluation/search/packing.ts'

const costs = fc
  .array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 60 })), {
    minLength: 1,
    maxLength: 4,
  })
  .map((entries) => new Map(entries))
const items = fc
  .array(costs, { maxLength: 40 })
  .map((all) => all.map((costs, work): Costed<number> => ({ work, costs })))
const alone = fc
  .array(fc.integer({ min: 1, max: 60 }), { maxLength: 40 })
  .map((all) => all.map((cost, work) => own(work, cost)))
const jobs = fc.integer({ min: 1, max: 64 })

it('gives every piece of work to one job, and tells of each what it costs', () => {
  fc.assert(
    fc.property(items, jobs, (items, jobs) => {
      const packed = pack(items, jobs)
      expect(packed.flatMap(({ work }) => work).sort((a, b) => a - b)).toEqual([...items.keys()])
      expect(packed.length).toBeLessThanOrEqual(jobs)
      for (const { work, cost } of packed) {
        expect(work.length).toBeGreaterThan(0)
        expect(cost).toBe(jointCost(work.map((it) => items[it])))
      }
    }),
  )
})

it('lets nobody wait for longer than a fair share and one piece more', () => {
  fc.assert(
    fc.property(alone, jobs, (items, jobs) => {
      const longest = Math.max(0, ...items.map((item) => jointCost([item])))
      const share = jointCost(items) / jobs
      for (const { cost } of pack(items, jobs)) expect(cost).toBeLessThanOrEqual(share + longest)
    }),
  )
})

it('takes the largest first, onto the least loaded', () => {
  const sizes = [1, 7, 3, 5, 2]
  const packed = pack(
    sizes.map((cost, work) => own(work, cost)),
    2,
  )
  expect(packed.map(({ work }) => work.map((it) => sizes[it]))).toEqual([
    [7, 2],
    [5, 3, 1],
  ])
})

it('makes once what two pieces have in common, as long as nobody waits for it', () => {
  const item = (work: string, of: Record<string, number>) => ({
    work,
    costs: new Map(Object.entries(of)),
  })
  const monday = [item('trees', { monday: 4, trees: 3 }), item('ridge', { monday: 4, ridge: 2 })]
  const tuesday = [item('theta', { tuesday: 4, theta: 3 }), item('naive', { tuesday: 4, naive: 2 })]
  expect(pack([...monday, ...tuesday], 2)).toEqual([
    { work: ['trees', 'ridge'], cost: 9 },
    { work: ['theta', 'naive'], cost: 9 },
  ])
  expect(pack(monday, 2).map(({ work }) => work)).toEqual([['trees'], ['ridge']])
})

function own(work: number, cost: number): Costed<number> {
  return { work, costs: new Map([[String(work), cost]]) }
}
