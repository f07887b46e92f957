import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { civilFromDay, type Day, dayFromCivil, weekday } from '../src/base/day.ts'
import { type Random, seededRandom } from '../src/base/random.ts'

/**
 * Writes the sales of a chain of so many products over 156 weeks, with their contract: one row a
 * unit, one file a month, about a thousand rows a product, times `pace`. Products sell from less than
 * one to a hundred units a week, most of them few, by season, weekday and price. Returns the number
 * of rows.
 */
export async function writeChainHistory(
  dataFolder: string,
  products: number,
  pace = 1,
): Promise<number> {
  const random = seededRandom(products)
  const assortment = Array.from({ length: products }, (_, index) => productOf(index, random))
  const folder = join(dataFolder, 'sales')
  await mkdir(folder, { recursive: true })
  await writeFile(join(dataFolder, 'datapackage.json'), JSON.stringify(CONTRACT))
  let rows = 0
  for (let day = FIRST_DAY; day <= LAST_DAY; ) {
    const month = civilFromDay(day).month
    const stream = createWriteStream(
      join(folder, `${date(day).slice(6)}-${date(day).slice(3, 5)}.csv`),
    )
    stream.write('id;nome;categoria;preco;custo;data_compra;data_venda;data_vencimento\n')
    for (; day <= LAST_DAY && civilFromDay(day).month === month; day++) {
      const lines = assortment.flatMap((product) => linesOf(product, day, pace, random))
      rows += lines.length
      if (!stream.write(lines.join(''))) await once(stream, 'drain')
    }
    stream.end()
    await once(stream, 'close')
  }
  return rows
}

const FIRST_DAY: Day = dayFromCivil(2023, 11, 6)!
export const LAST_DAY: Day = FIRST_DAY + 156 * 7 - 1
const SHOPPING_WEEK = [0.85, 0.85, 0.9, 0.95, 1.2, 1.4, 0.85]

const amounts = { type: 'number', decimalChar: ',' }
const dates = { type: 'date', format: '%d/%m/%Y' }
const CONTRACT = {
  resources: [
    {
      name: 'sales',
      path: 'sales/*.csv',
      dialect: { delimiter: ';' },
      schema: {
        fields: [
          { name: 'id', type: 'string' },
          { name: 'nome', type: 'string' },
          { name: 'categoria', type: 'string' },
          { name: 'preco', ...amounts },
          { name: 'custo', ...amounts },
          { name: 'data_compra', ...dates },
          { name: 'data_venda', ...dates },
          { name: 'data_vencimento', ...dates },
        ],
      },
    },
  ],
  cd4ml: {
    columns: {
      product: 'id',
      name: 'nome',
      category: 'categoria',
      price: 'preco',
      cost: 'custo',
      purchaseDate: 'data_compra',
      saleDate: 'data_venda',
      expiryDate: 'data_vencimento',
    },
  },
}

type Product = {
  /** Its cells that are the same in every row. */
  cells: string
  /** In cents. */
  price: number
  unitsPerDay: number
  peak: number
}

function productOf(index: number, random: Random): Product {
  const category = `Categoria ${1 + (index % 12)}`
  return {
    cells: `${100_000 + index};Produto número ${index};${category}`,
    price: 200 + Math.floor(3000 * random()),
    unitsPerDay: 0.025 * 300 ** (random() ** 1.6),
    peak: Math.floor(365 * random()),
  }
}

/** What was sold on the day; on the first, a unit as well that stays on the shelf for ever. */
function linesOf(
  { cells, price, unitsPerDay, peak }: Product,
  day: Day,
  pace: number,
  random: Random,
): string[] {
  const promoted = (Math.floor(day / 7) * 31 + price) % 11 === 0
  const season = 1 + 0.4 * Math.cos((2 * Math.PI * (day - peak)) / 365.25)
  const expected = pace * unitsPerDay * season * SHOPPING_WEEK[weekday(day)] * (promoted ? 1.8 : 1)
  const paid = amount(promoted ? 0.8 * price : price)
  const bought = date(day - 3 - weekday(day))
  const line = `${cells};${paid};${amount(0.6 * price)};${bought};${date(day)};\n`
  const onShelf = `${cells};${paid};${amount(0.6 * price)};${date(day)};;\n`
  const sold = new Array<string>(poisson(expected, random)).fill(line)
  return day === FIRST_DAY ? [...sold, onShelf] : sold
}

/** By the product of uniform draws (Knuth 1969). */
function poisson(expected: number, random: Random): number {
  const limit = Math.exp(-expected)
  let events = -1
  for (let product = 1; product > limit; product *= random()) events++
  return events
}

function amount(cents: number): string {
  return (cents / 100).toFixed(2).replace('.', ',')
}

function date(day: Day): string {
  const { year, month, dayOfMonth } = civilFromDay(day)
  return `${String(dayOfMonth).padStart(2, '0')}/${String(month).padStart(2, '0')}/${year}`
}
