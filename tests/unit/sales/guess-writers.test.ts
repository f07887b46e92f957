import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { dayFromIso, isoFromDay } from '../../../src/base/day.ts'
import { seededRandom } from '../../../src/base/random.ts'
import { dateParser } from '../../../src/sales/contract/date-format.ts'
import { numberParser } from '../../../src/sales/contract/number-format.ts'
import { guessContract } from '../../../src/sales/guess/guess-contract.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cd4ml-writers-'))
})

afterAll(() => rm(folder, { recursive: true }))

it('misreads no number and no day of any system: each is right, quarantined, or asked about', async () => {
  let asked = 0
  await fc.assert(
    fc.asyncProperty(writers(), async (writer) => {
      const { text, sales } = written(writer)
      const path = join(folder, 'sales.csv')
      await writeFile(path, text)
      const { questions, columns } = await guessContract([{ name: 'sales.csv', path }], {
        ...{ name: 'sales', paths: ['sales.csv'], today: dayFromIso('2026-09-04')! },
        ...{ columns: new Map(), unset: new Set() },
      })
      if (questions.some(({ changesUnits }) => changesUnits)) {
        asked++
        return
      }
      const parserOf = (role: 'saleDate' | 'quantity') => {
        const { reading } = columns.find((column) => column.role === role)!
        if (reading.type === 'number') return numberParser({ ...reading, integer: false })
        return dateParser('date', reading.type === 'string' ? '' : reading.format)
      }
      const [dayOf, unitsOf] = [parserOf('saleDate'), parserOf('quantity')]
      for (const sale of sales) {
        expect([undefined, sale.units]).toContain(unitsOf(sale.unitsCell))
        expect([undefined, sale.day]).toContain(dayOf(sale.dayCell))
      }
    }),
    { numRuns: 150 },
  )
  expect(asked).toBeLessThan(75)
})

type Writer = {
  seed: number
  delimiter: string
  decimalChar: '.' | ','
  groupChar: string
  date: 'dmy' | 'mdy' | 'ymd'
  sign: string
  hasCentury: boolean
  isPadded: boolean
  header: readonly string[]
  goods: 'pieces' | 'thousands' | 'weighed' | 'weighed, all decimals' | 'both'
  rows: number
  /** Days from the first sale to the last. */
  span: number
}

function writers(): fc.Arbitrary<Writer> {
  return fc
    .record({
      seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      delimiter: fc.constantFrom(',', ';', '\t'),
      decimalChar: fc.constantFrom('.', ','),
      groupChar: fc.constantFrom('', '.', ',', ' '),
      date: fc.constantFrom('dmy', 'mdy', 'ymd'),
      sign: fc.constantFrom('/', '-', '.'),
      hasCentury: fc.boolean(),
      isPadded: fc.boolean(),
      header: fc.constantFrom(
        ['Data', 'SKU', 'Qtde', 'Preço'],
        ['Date', 'SKU', 'Qty', 'Price'],
        ['day', 'sku', 'n units'],
      ),
      goods: fc.constantFrom('pieces', 'thousands', 'weighed', 'weighed, all decimals', 'both'),
      rows: fc.constantFrom(15, 60, 300),
      span: fc.constantFrom(12, 40, 400),
    })
    .filter(({ decimalChar, groupChar }) => decimalChar !== groupChar)
}

type Sale = { day: number; dayCell: string; units: number; unitsCell: string }

function written(writer: Writer): { text: string; sales: Sale[] } {
  const { delimiter, header, rows, span } = writer
  const random = seededRandom(writer.seed)
  const sales: Sale[] = []
  const lines = [header.join(delimiter)]
  for (let i = 0; i < rows; i++) {
    const product = Math.floor(4 * random())
    const day = dayFromIso('2025-01-01')! + Math.floor((i * span) / rows)
    const { units, decimals } = amountOf(writer.goods, product, random)
    const sale = {
      ...{ day, dayCell: dayCell(day, writer) },
      ...{ units: Number(units.toFixed(decimals)), unitsCell: numberCell(units, decimals, writer) },
    }
    sales.push(sale)
    const price = header.length > 3 ? [numberCell(1 + 20 * random(), 2, writer)] : []
    const cells = [sale.dayCell, `A${product}`, sale.unitsCell, ...price]
    lines.push(cells.map((cell) => (cell.includes(delimiter) ? `"${cell}"` : cell)).join(delimiter))
  }
  return { text: lines.join('\n'), sales }
}

function amountOf(goods: Writer['goods'], product: number, random: () => number) {
  if (goods === 'pieces') return { units: Math.floor(90 * random()), decimals: 0 }
  if (goods === 'thousands') return { units: Math.floor(4000 * random()), decimals: 0 }
  if (goods === 'weighed') return { units: 9 * random(), decimals: Math.floor(4 * random()) }
  if (goods === 'both' && product % 2 === 1) {
    return { units: Math.floor(9 * random()), decimals: 0 }
  }
  return { units: 0.05 + 4 * random(), decimals: 3 }
}

function numberCell(value: number, decimals: number, { decimalChar, groupChar }: Writer): string {
  const [whole, fraction] = value.toFixed(decimals).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, groupChar)
  return fraction === undefined ? grouped : grouped + decimalChar + fraction
}

function dayCell(day: number, { date, sign, hasCentury, isPadded }: Writer): string {
  const iso = isoFromDay(day)
  if (date === 'ymd') return iso
  const [year, ...others] = iso.split('-')
  const [month, dayOfMonth] = others.map((part) => (isPadded ? part : String(Number(part))))
  const last = hasCentury ? year : year.slice(2)
  return (date === 'dmy' ? [dayOfMonth, month, last] : [month, dayOfMonth, last]).join(sign)
}
