import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { civilFromDay, type Day, dayFromIso, isoFromDay, weekday } from '../../src/base/day.ts'
import { draws } from './draws.ts'

/** How many of each: what the M5 competition had, unless fewer are asked for. */
export type StoresSize = { stores: number; items: number; days: number }

/** The panel of Makridakis, Spiliotis & Assimakopoulos (2022), "The M5 accuracy competition". */
export const M5_SIZE: StoresSize = { stores: 10, items: 3_049, days: 1_941 }

/** What `--stores 2 --items 100 --days 500` asks for. */
export function storesSize(argv: string[]): StoresSize {
  const option = { type: 'string' } as const
  const { values } = parseArgs({
    args: argv,
    options: { stores: option, items: option, days: option },
  })
  const asked = Object.entries(values).map(([name, value]) => [name, Number(value)])
  return { ...M5_SIZE, ...Object.fromEntries(asked) }
}

/** Forecasts as far ahead as the competition asked for, of all stores together or of each by itself. */
export function storesRecipe(partition?: 'store'): string {
  const recipe = 'frequency: day\nhorizon: 28\nholidays: US\n'
  return partition ? `${recipe}partition: ${partition}\n` : recipe
}

/** The sales files of one store, as paths in the folder of the data, and what stands in them. */
export type StoreFiles = { store: string; paths: string[]; rows: number; units: number }

/**
 * Writes what a chain like that of the M5 competition sold in its store number `store`, a file a
 * year: `sales/STORE/YEAR.csv`, one row for each item and day on which it sold anything: on two of
 * three it did not. What is the same in all stores: departments, prices, what is
 * launched when, times of the year, days on which food is paid for by the state; of a store's own:
 * its size, how its items sell there, and weeks in which they are not on the shelf.
 *
 * A day is written before the next one is drawn, and a store follows from its number alone: no more
 * is held than a few numbers an item, and stores can be written in any order, or some of them.
 */
export async function writeStore(
  dataFolder: string,
  store: number,
  { items, days }: Omit<StoresSize, 'stores'>,
): Promise<StoreFiles> {
  const name = storeName(store)
  const shop = openShop(store, items, days)
  await mkdir(join(dataFolder, 'sales', name), { recursive: true })
  const written: StoreFiles = { store: name, paths: [], rows: 0, units: 0 }
  for (let day = 0; day < days; ) {
    const { year } = civilFromDay(FIRST_DAY + day)
    const path = `sales/${name}/${year}.csv`
    const stream = createWriteStream(join(dataFolder, path))
    stream.write('item,department,store,date,units,price\n')
    for (; day < days && civilFromDay(FIRST_DAY + day).year === year; day++) {
      const sold = shop(day)
      const date = isoFromDay(FIRST_DAY + day)
      const lines = sold.map(({ item, units, price }) => {
        written.units += units
        return `${item.id},${item.department},${name},${date},${units},${(price / 100).toFixed(2)}\n`
      })
      written.rows += lines.length
      if (!stream.write(lines.join(''))) await once(stream, 'drain')
    }
    stream.end()
    await once(stream, 'close')
    written.paths.push(path)
  }
  return written
}

/** Writes what all stores sold, with a contract; returns how many rows that is. */
export async function writeStores(dataFolder: string, size: StoresSize): Promise<number> {
  const paths: string[] = []
  let rows = 0
  for (let store = 0; store < size.stores; store++) {
    const written = await writeStore(dataFolder, store, size)
    paths.push(...written.paths)
    rows += written.rows
  }
  await writeFile(join(dataFolder, 'datapackage.json'), storesContract(paths))
  return rows
}

/** A contract for the files of stores. */
export function storesContract(paths: string[]): string {
  return JSON.stringify({
    resources: [
      {
        name: 'sales',
        path: paths,
        schema: {
          fields: [
            { name: 'item', type: 'string' },
            { name: 'department', type: 'string' },
            { name: 'store', type: 'string' },
            { name: 'date', type: 'date' },
            { name: 'units', type: 'integer' },
            { name: 'price', type: 'number' },
          ],
        },
      },
    ],
    cd4ml: {
      columns: {
        product: 'item',
        category: 'department',
        store: 'store',
        saleDate: 'date',
        quantity: 'units',
        price: 'price',
      },
    },
  })
}

/** A Saturday, the first day of the competition's data. */
const FIRST_DAY: Day = dayFromIso('2011-01-29')!
const DEPARTMENTS = [
  'foods-1',
  'foods-2',
  'foods-3',
  'hobbies-1',
  'hobbies-2',
  'household-1',
  'household-2',
]
/** Monday to Sunday. */
const SHOPPING_WEEK = [0.93, 0.86, 0.86, 0.88, 1.02, 1.24, 1.21]

function storeName(store: number): string {
  return `store-${String(store + 1).padStart(2, '0')}`
}

type Item = {
  id: string
  department: string
  isFood: boolean
  /** In cents. */
  price: number
  /** Units a day in a store of the usual size. */
  level: number
  /** The first day on which any store has it. */
  launched: number
  /** Day of the year on which most is sold of it. */
  peak: number
}

function assortment(items: number, days: number): Item[] {
  const { uniform, normal } = draws(ITEMS_SEED)
  return Array.from({ length: items }, (_, index) => {
    const of = Math.floor((index * DEPARTMENTS.length) / items)
    const department = DEPARTMENTS[of]
    const isFood = department.startsWith('foods')
    return {
      id: `${department}-${String(index + 1).padStart(4, '0')}`,
      department,
      isFood,
      price: 98 + Math.round(300 * Math.exp(0.7 * normal())),
      level: (isFood ? 0.8 : 0.35) * Math.exp(1.1 * normal()),
      launched: uniform() < 0.35 ? Math.floor(0.8 * days * uniform()) : 0,
      peak: 52 * of + 20 * normal(),
    }
  })
}

const ITEMS_SEED = 5
const STORE_SEED = 100

type Sold = { item: Item; units: number; price: number }

/** A store: what it sells on each day, asked for day by day, from 0 on. */
function openShop(store: number, items: number, days: number): (day: number) => Sold[] {
  const offered = assortment(items, days)
  const { uniform, normal, poisson } = draws(STORE_SEED + store)
  const size = 0.35 * normal()
  const own = Float64Array.from(offered, () => size + 0.5 * normal())
  const begins = offered.map(({ launched }) => launched + Math.floor(20 * uniform() ** 3))
  /** Steps of the item's level from week to week, of which nine tenths are left. */
  const wandering = new Float64Array(items)
  /** The day from which it is on the shelf again. */
  const backOn = new Float64Array(items)
  const price = Float64Array.from(offered, (it) => it.price)

  const newWeek = (day: number) => {
    for (const [index, item] of offered.entries()) {
      wandering[index] = 0.9 * wandering[index] + 0.12 * normal()
      if (uniform() < 0.012) backOn[index] = day + 7 * (1 + Math.floor(10 * uniform() ** 2))
      const reduced = uniform() < 0.04 ? 0.85 : 1
      price[index] = Math.round(item.price * reduced * (1 + 0.015 * Math.floor(day / 364)))
    }
  }
  return (day) => {
    const date = FIRST_DAY + day
    if (day % 7 === 0) newWeek(day)
    const { month, dayOfMonth } = civilFromDay(date)
    // Closed on one day of the year, as the chain of the competition is.
    if (month === 12 && dayOfMonth === 25) return []
    const ofWeek = SHOPPING_WEEK[weekday(date)]
    const paidByState = dayOfMonth <= 10 && (dayOfMonth + store) % 2 === 0
    const sold: Sold[] = []
    for (const [index, item] of offered.entries()) {
      if (day < begins[index] || day < backOn[index]) continue
      const ofYear = 0.2 * Math.cos((2 * Math.PI * (date - item.peak)) / 365.25)
      const cheaper = 1.5 * Math.log(item.price / price[index])
      const effects = own[index] + wandering[index] + ofYear + cheaper
      const often = item.isFood && paidByState ? 1.15 : 1
      // What a day brings beside its mean: of variance 0.4 relative to the squared mean.
      const chance = Math.exp(0.58 * normal() - 0.168)
      const units = poisson(item.level * Math.exp(effects) * ofWeek * often * chance)
      if (units > 0) sold.push({ item, units, price: price[index] })
    }
    return sold
  }
}
