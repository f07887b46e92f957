import { join } from 'node:path'
import { type Day, isoFromDay } from '../../src/base/day.ts'
import { seededRandom } from '../../src/base/random.ts'
import type { ValidationOptions } from '../../src/steps/data/read-sales.ts'
import { put } from '../repository.ts'
import { day } from './validate-fixture.ts'

const TODAY = day('2026-10-31')
const FIRST = day('2026-05-20')
const DAYS = 150

const HEADER = 'id,name,group,region,store,price,cost,bought,sold,expires,units'
const PRODUCTS = ['arroz', 'Arroz', '𝒳', '\uFF5E', '__proto__', '"[""a"",""b""]"', 'leite', 'Total']
const STORES = ['1', '2', '10', 'São João']

/**
 * Writes files of sales with all that is wrong with sales now and then, as the seed has it, with a
 * contract and a plan of them: what is needed to validate them.
 */
export async function hostileSales(
  folder: string,
  seed: number,
): Promise<ValidationOptions & { cacheFolder: string }> {
  const random = seededRandom(1000 + seed)
  const whole = (most: number) => Math.floor(random() * most)
  const isOneIn = (cases: number) => whole(cases) === 0
  const from = <T>(values: readonly T[]): T => values[whole(values.length)]
  const dateOf = (date: Day) => isoFromDay(date)

  const stores = STORES.slice(0, 1 + whole(STORES.length))
  const products = PRODUCTS.slice(whole(3), 4 + whole(5))
  const rowOf = (date: Day, store: string, product: string, units: number) => {
    const isNew = date >= FIRST + DAYS - 15
    const group = isNew && isOneIn(3) ? from(['nova', 'outra']) : from(['seco', 'fresco', ''])
    const price = isOneIn(40) ? '' : ((isNew ? 3 + whole(9) : 3) + whole(20) / 100).toFixed(2)
    const sold = isOneIn(60) ? from(['', 'ontem', '2027-01-03', '2024-02-03']) : dateOf(date)
    const expires = isOneIn(4) ? '' : dateOf(date + whole(40))
    const bought = isOneIn(20) ? '' : dateOf(date - whole(12))
    const name = isOneIn(5) ? '' : `de ${whole(3)}`
    const region = isOneIn(30) ? '' : from(['norte', 'sul'])
    const cells = [product, name, group, region, store, price, '1.10', bought, sold, expires]
    return [...cells, String(units)].join(',')
  }
  const rows: string[] = []
  const days = isOneIn(4) ? 25 : DAYS
  const [hasTotals, hasTotalStore, hasGrown] = [isOneIn(3), isOneIn(3), isOneIn(2)]
  for (let date = FIRST + DAYS - days; date < FIRST + DAYS; date++) {
    let all = 0
    for (const store of stores) {
      let sum = 0
      for (const product of products) {
        if (!isOneIn(3)) continue
        const times = hasGrown && date >= FIRST + DAYS - 15 ? 4 : 1
        const units = isOneIn(25) ? -1 : times * (whole(30) + (isOneIn(3) ? 0.3 : 1))
        rows.push(rowOf(date, store, product, units))
        sum += units
      }
      if (hasTotals && sum > 0)
        rows.push(rowOf(date, store, 'Soma', sum).replace(',de ', ',Total '))
      all += sum
    }
    if (hasTotalStore && all > 0) rows.push(rowOf(date, 'rede', products[0], all))
  }
  const files = cut(rows, 1 + whole(4)).map((own) => [HEADER, ...own, ''].join('\n'))
  if (isOneIn(6)) files.push([HEADER, ...rows.slice(0, rows.length >> 1), ''].join('\n'))
  if (isOneIn(9)) files.push(files[0])
  if (isOneIn(9)) files.push(`${HEADER.replace('units', 'amount')}\n${rows[0]}\n`)
  const planned = Array.from({ length: 12 }, () => {
    const start = FIRST + DAYS - whole(60)
    const discount = from(['', '50%'])
    const about = [
      from([...products, 'caviar']),
      from(['', '', 'seco', 'nova']),
      from(['', ...stores]),
    ]
    return [...about, dateOf(start), dateOf(start + 6), dateOf(start - whole(30)), '2.50', discount]
  })
  await put(folder, {
    ...Object.fromEntries(files.map((text, index) => [`data/sales/${index}.csv`, text])),
    'data/plan.csv': [PLAN_HEADER, ...planned.map((cells) => cells.join(',')), ''].join('\n'),
    'data/datapackage.json': JSON.stringify(contractWith({ hasPlan: isOneIn(2) })),
  })
  return {
    dataFolder: join(folder, 'data'),
    contractFile: join(folder, 'data/datapackage.json'),
    today: TODAY,
    ...(isOneIn(3) && { asOf: FIRST + DAYS - whole(60) }),
    cacheFolder: join(folder, 'cache'),
  }
}

const PLAN_HEADER = 'product,category,store,from,to,decided,price,discount'

/** At most so many parts, none of them empty. */
function cut<T>(rows: T[], parts: number): T[][] {
  const size = Math.ceil(rows.length / parts)
  return Array.from({ length: parts }, (_, part) =>
    rows.slice(part * size, (part + 1) * size),
  ).filter((own) => own.length > 0)
}

function contractWith({ hasPlan }: { hasPlan: boolean }): object {
  const typed = (names: string, type: string) => names.split(',').map((name) => ({ name, type }))
  const plan = {
    name: 'plan',
    path: 'plan.csv',
    schema: {
      fields: [
        ...typed('product,category,store', 'string'),
        ...typed('from,to,decided', 'date'),
        ...typed('price,discount', 'number'),
      ],
    },
  }
  const sales = {
    name: 'sales',
    path: 'sales/*.csv',
    schema: {
      fields: [
        ...typed('id,name,group,region,store', 'string'),
        ...typed('price,cost', 'number'),
        ...typed('bought,sold,expires', 'date'),
        ...typed('units', 'number'),
      ],
    },
  }
  const columns = {
    ...{ product: 'id', name: 'name', category: 'group', store: 'store', price: 'price' },
    ...{ cost: 'cost', purchaseDate: 'bought', saleDate: 'sold', expiryDate: 'expires' },
    quantity: 'units',
  }
  const planColumns = {
    ...{ product: 'product', category: 'category', store: 'store', from: 'from', to: 'to' },
    ...{ knownOn: 'decided', price: 'price', discount: 'discount' },
  }
  return {
    resources: hasPlan ? [sales, plan] : [sales],
    cd4ml: {
      columns,
      maxQuarantinedShare: 0.6,
      ...(hasPlan && { plan: { columns: planColumns } }),
    },
  }
}
