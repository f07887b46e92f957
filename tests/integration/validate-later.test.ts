import { expect, test } from 'vitest'
import { canonicalJson } from '../../src/base/canonical-json.ts'
import { type Day, isoFromDay } from '../../src/base/day.ts'
import { type Random, seededRandom } from '../../src/base/random.ts'
import { openHistory } from '../../src/evaluation/search/history.ts'
import { trainAsOf } from '../../src/evaluation/search/search.ts'
import { recipeFrom } from '../../src/forecasting/recipe.ts'
import type { DailyTotals } from '../../src/sales/totals/daily-totals.ts'
import { totalsAsOf } from '../../src/sales/totals/known-totals.ts'
import type { ValidationResult } from '../../src/steps/data/validate.ts'
import { day, validated } from './validate-fixture.ts'

/** A row of a file of units with dates of purchase, sale and expiry; days as numbers or as text. */
type Unit = {
  id: string
  shop: string
  quantity: string
  bought: Day | string
  expires: Day | string
  name: string
  category: string
  price: string
  cost: string
  status: string
  sold: Day | string
  /** Cells that no column is there for. */
  more?: string
}

const opening = day('2026-01-05')
const asOf = day('2026-05-20')
const closing = day('2026-06-28')

const isLater = ({ bought, sold }: Unit) => Number(bought === '' ? sold : bought) > asOf
const isSoldLater = (unit: Unit) => !isLater(unit) && Number(unit.sold) > asOf

type Future = (units: Unit[], random: Random) => Unit[]

const others =
  (change: (unit: Unit, random: Random) => Unit[] | Partial<Unit>, which = isLater): Future =>
  (units, random) =>
    units.flatMap((unit) => {
      if (!which(unit)) return [unit]
      const changed = change(unit, random)
      return Array.isArray(changed) ? changed : [{ ...unit, ...changed }]
    })

const later = (change: (unit: Unit, random: Random) => Unit[] | Partial<Unit>) => others(change)
const soldLater = (change: (unit: Unit, random: Random) => Unit[] | Partial<Unit>) =>
  others(change, isSoldLater)
const sometimes = (change: Partial<Unit>) => (_: Unit, random: Random) =>
  random() < 0.5 ? change : {}

const futures: Record<string, Future> = {
  'everything later is deleted': later(() => []),
  'half of it is deleted': later((unit, random) => (random() < 0.5 ? [] : [unit])),
  'three times as much is bought and sold': later((unit) => [unit, unit, unit]),
  'a product is launched': later((unit) => [unit, { ...unit, id: `new ${unit.id}`, name: 'New' }]),
  'a shop opens': later((unit) => [unit, { ...unit, shop: 'harbour' }]),
  'products change hands': later(({ id }) => ({ id: id === 'a' ? 'b' : 'a' })),
  'quantities change': later(() => ({ quantity: '40' })),
  'quantities cannot be read': later(sometimes({ quantity: 'many' })),
  'all is returned': later(() => ({ quantity: '-2', bought: '', sold: asOf + 1 })),
  'prices explode': later(() => ({ price: '900' })),
  'prices cannot be read': later(sometimes({ price: 'R$ 5' })),
  'costs explode': later(() => ({ cost: '900' })),
  'names change': later(({ id }) => ({ name: `Later ${id}` })),
  'categories change': later(() => ({ category: 'toys' })),
  'nothing expires': later(() => ({ expires: '' })),
  'all expires before it was bought': later(() => ({ expires: asOf - 30 })),
  'orders are cancelled': later(sometimes({ status: 'cancelled' })),
  'ids are missing': later(sometimes({ id: '' })),
  'rows lose their last cells or get more': later(sometimes({ more: ',x,y' })),
  'days do not exist': later(sometimes({ sold: '2026-06-31', bought: '2026-06-31' })),
  'years are mistyped': later(sometimes({ sold: '0202-06-01', bought: '0202-06-01' })),
  'purchases are dated after today': later(sometimes({ bought: '2027-01-01' })),
  'sales come before their purchase': later(() => ({ sold: asOf - 10 })),
  'only Mondays are open': later((unit) => ((Number(unit.sold) + 3) % 7 === 0 ? [unit] : [])),
  'one total a month': later((unit) => (unit.sold === asOf + 12 ? [{ ...unit, bought: '' }] : [])),
  'what was on the shelf is never sold': soldLater(() => ({ sold: '' })),
  'it is all sold on the next day': soldLater(() => ({ sold: asOf + 1 })),
  'it is sold under another name': soldLater(() => ({ name: 'Later', category: 'toys' })),
  'it is sold in a category nobody knows': soldLater(() => ({ category: '???' })),
  'it is sold for nothing': soldLater(sometimes({ price: '0' })),
  'it is sold at a price that cannot be read': soldLater(() => ({ price: 'R$ 5' })),
  'it is sold at an unlikely cost': soldLater(() => ({ cost: '1000' })),
  'its sale is cancelled': soldLater(() => ({ status: 'cancelled' })),
  'it is sold after it has expired': soldLater(({ expires }) => ({
    sold: expires === '' || Number(expires) <= asOf ? closing : Number(expires) + 1,
  })),
  'it is sold on a day that does not exist': soldLater(() => ({ sold: '2026-06-31' })),
  'it is sold on a day that stands for none': soldLater(() => ({ sold: '1900-01-01' })),
  'it is sold in the year 0202': soldLater(() => ({ sold: '0202-06-01' })),
  'it is sold at a price with a delimiter': soldLater(() => ({ price: '"5,49"' })),
  'it is sold after today': soldLater(() => ({ sold: '2027-01-01' })),
  'it is sold before it was bought': soldLater(({ bought }) => ({ sold: Number(bought) - 1 })),
}

test.each(Object.entries(futures))(
  'a chain that looks back learns the same where later %s',
  async (_, future) => {
    for (const seed of [1, 2]) {
      const units = unitsOf(seededRandom(seed))
      const seen = await learnedFrom(units)
      const mutated = future(units, seededRandom(seed + 10))
      expect(mutated).not.toEqual(units)
      expect(await learnedFrom(mutated)).toEqual(seen)
    }
  },
)

test('what the backtest sees at an origin is what --as-of that day reads', async () => {
  const units = unitsOf(seededRandom(3))
  const whole = totalsOf(await read(units))
  for (const origin of [asOf - 70, asOf - 20, asOf]) {
    expect(canonical(totalsOf(await read(units, origin)))).toBe(
      canonical(totalsAsOf(whole, origin)),
    )
  }
})

const recipe = recipeFrom(
  {
    frequency: 'day',
    horizon: 3,
    search: { origins: 2 },
    families: { 'moving-average': { window: [7, 14] }, 'seasonal-naive': {} },
  },
  'recipe.yml',
)

/** Totals, verdict and model as of the day. */
async function learnedFrom(units: Unit[]) {
  const result = await read(units, asOf)
  const totals = totalsOf(result)
  const history = openHistory(totals, { asOf })
  const { model } = await trainAsOf(history, recipe)
  await history.close()
  const { rowsRead, rowsQuarantined } = result.report.totals
  return { totals: canonical(totals), rowsRead, rowsQuarantined, model: canonicalJson(model) }
}

async function read(units: Unit[], on?: Day): Promise<ValidationResult> {
  const text = `${[columns.join(','), ...units.map(line)].join('\n')}\n`
  const files = { 'sales.csv': text }
  const { result } = await validated({ files, contract, ...(on !== undefined && { asOf: on }) })
  return result
}

function totalsOf(result: ValidationResult): DailyTotals {
  if (result.outcome === 'invalid') throw new Error(JSON.stringify(result.report.findings))
  return result.totals
}

/** Totals still list the texts of days that were cut off: what counts is what entries say. */
function canonical({ names, categories, nameIndex, categoryIndex, ...totals }: DailyTotals) {
  return JSON.stringify({
    ...totals,
    names: [...nameIndex].map((index) => names[index]),
    categories: [...categoryIndex].map((index) => categories[index]),
  })
}

/** Half a year of a shop whose rows are wrong now and then. */
function unitsOf(random: Random): Unit[] {
  const units: Unit[] = []
  for (let bought = opening; bought <= closing; bought++) {
    for (const id of ['a', 'b', 'c', 'd']) {
      // One is sold out at times, one comes late, and one is bought weeks before it is sold.
      if (id === 'a' && bought % 9 < 4) continue
      if (id === 'd' && bought < asOf - 9) continue
      for (let unit = Math.floor(3 * random()); unit >= 0; unit--) {
        const shelf = Math.floor((id === 'd' ? 40 : 6) * random())
        const sold = bought + shelf
        units.push({
          id,
          shop: random() < 0.3 ? 'centre' : 'station',
          quantity: '1',
          bought,
          expires: id === 'b' ? bought + 4 : '',
          name: id.toUpperCase(),
          category: id < 'c' ? 'bakery' : 'dairy',
          price: random() < 0.01 ? '0' : '5.49',
          cost: '4.13',
          status: random() < 0.01 ? 'cancelled' : 'paid',
          sold: sold > closing || (id === 'b' && shelf > 4) ? '' : sold,
        })
      }
    }
  }
  return units
}

const columns: (keyof Unit)[] = [
  'id',
  'shop',
  'quantity',
  'bought',
  'expires',
  'name',
  'category',
  'price',
  'cost',
  'status',
  'sold',
]

function line(unit: Unit): string {
  const cells = columns.map((column) => unit[column] ?? '')
  const texts = cells.map((cell) => (typeof cell === 'number' ? isoFromDay(cell) : cell))
  return texts.join(',') + (unit.more ?? '')
}

const contract = {
  resources: [
    {
      name: 'sales',
      path: 'sales.csv',
      schema: {
        fields: columns.map((name) => ({
          name,
          type: fieldType(name),
          ...(name === 'status' && { constraints: { enum: ['paid'] } }),
        })),
      },
    },
  ],
  cd4ml: {
    columns: {
      product: 'id',
      store: 'shop',
      quantity: 'quantity',
      purchaseDate: 'bought',
      expiryDate: 'expires',
      name: 'name',
      category: 'category',
      price: 'price',
      cost: 'cost',
      saleDate: 'sold',
    },
    categories: { bakery: [], dairy: [], toys: [] },
    sentinels: { saleDate: ['1900-01-01'] },
  },
}

function fieldType(name: keyof Unit): string {
  if (['bought', 'sold', 'expires'].includes(name)) return 'date'
  return ['price', 'cost', 'quantity'].includes(name) ? 'number' : 'string'
}
