import { describe, expect, it } from 'vitest'
import { dayFromIso } from '../../../src/base/day.ts'
import { Extraction } from '../../../src/simulation/extraction.ts'
import { LivingChain, type LivingOptions } from '../../../src/simulation/living-chain.ts'
import { type ExtractedFile, salesFiles } from '../../../src/simulation/sales-files.ts'
import { simulate } from '../../../src/simulation/simulate.ts'

const history = {
  seed: 7,
  firstDay: dayFromIso('2025-08-01')!,
  lastDay: dayFromIso('2026-03-14')!,
  products: 8,
}

function chainWith(options: Partial<LivingOptions> = {}): LivingChain {
  return new LivingChain({ ...history, laterDays: 60, unforeseen: [], ...options })
}

/** Lives on for some days, on which somebody orders a pack of everything. */
function live(chain: LivingChain, days: number): void {
  for (let day = 0; day < days; day++) {
    for (const [position, { pack }] of chain.products.entries()) chain.order(position, pack)
    chain.liveDay()
  }
}

describe('a chain that lives on', () => {
  const before = simulate(history)

  it('has the history that its sales files tell, to the unit and to the price', () => {
    const chain = chainWith()
    const units = [...chain.takeGone(), ...chain.onShelf()]
    const byProduct = (product: number) => units.filter((unit) => unit.product === product)
    for (const product of before.products.keys()) {
      expect(byProduct(product)).toEqual(before.units.filter((unit) => unit.product === product))
    }
  })

  it('lives the same days however many are still to come', () => {
    const [short, long] = [30, 400].map((laterDays) => {
      const chain = chainWith({ laterDays })
      live(chain, 20)
      return chain.onShelf().length
    })
    expect(long).toBe(short)
  })

  it('sells what it was sent, and not what was never ordered', () => {
    const [fed, starved] = [true, false].map((orders) => {
      const chain = chainWith()
      chain.takeGone()
      if (orders) live(chain, 50)
      else for (let day = 0; day < 50; day++) chain.liveDay()
      return chain.takeGone().length
    })
    expect(fed).toBeGreaterThan(1.5 * starved)
  })

  it.each([
    ['half more', { kind: 'level', share: 0.5 }, 1.5],
    ['half less', { kind: 'level', share: -0.5 }, 0.5],
  ] as const)(
    'sells %s from the day on which demand shifts by that, and nothing else before',
    (_, shift, factor) => {
      const from = history.lastDay + 11
      const [plain, shifted] = [[], [{ ...shift, from }]].map((unforeseen) => {
        const chain = chainWith({ unforeseen })
        chain.takeGone()
        for (const position of chain.products.keys()) chain.order(position, 100_000)
        const sold = { before: 0, after: 0 }
        while (chain.today < history.lastDay + 60) {
          chain.liveDay()
          const units = chain.takeGone().filter(({ saleDay }) => saleDay !== undefined).length
          sold[chain.today < from ? 'before' : 'after'] += units
        }
        return sold
      })
      expect(shifted.before).toBe(plain.before)
      expect(shifted.after / plain.after).toBeCloseTo(factor, 1)
    },
  )
})

describe('the sales files of a chain that lives on', () => {
  const first = salesFiles(simulate(history), history.seed)
  const chain = chainWith()
  const extraction = new Extraction(simulate(history), chain, history.seed)
  const weeks = [0, 1, 2].map(() => {
    live(chain, 7)
    return new Map(extraction.extract().map(({ name, text }) => [name, text]))
  })

  it('leave the rows of the past as they are: a month only grows', () => {
    const march = [first.find(({ name }) => name === '2026-03.csv')!.text]
    for (const week of weeks) {
      const text = week.get('2026-03.csv')
      if (text !== undefined) {
        expect(text.startsWith(march.at(-1)!)).toBe(true)
        march.push(text)
      }
    }
    expect(march).toHaveLength(4)
    expect(weeks.flatMap((week) => [...week.keys()]).sort()).toEqual([
      '2026-03.csv',
      '2026-03.csv',
      '2026-03.csv',
      '2026-04.csv',
      'unsold.csv',
      'unsold.csv',
      'unsold.csv',
    ])
  })

  it('tell of every unit once: what is sold moves from what is unsold to its month', () => {
    const rows = (files: Iterable<string>) =>
      [...files].reduce((sum, text) => sum + rowsIn(text), 0)
    const months = new Map(first.map(({ name, text }: ExtractedFile) => [name, text]))
    for (const week of weeks) for (const [name, text] of week) months.set(name, text)
    const whole = chainWith()
    live(whole, 21)
    expect(rows(months.values())).toBe(whole.takeGone().length + whole.onShelf().length)
    const stillUnsold = whole.onShelf().length
    expect(rowsIn(months.get('unsold.csv')!)).toBeGreaterThanOrEqual(stillUnsold)
  })

  it('are the same for the same seed and the same orders', () => {
    const again = chainWith()
    const extraction = new Extraction(simulate(history), again, history.seed)
    live(again, 7)
    const files = new Map(extraction.extract().map(({ name, text }) => [name, text]))
    expect(files).toEqual(weeks[0])
  })
})

function rowsIn(text: string): number {
  return text.split('\n').length - 2
}
