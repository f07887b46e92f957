import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { dayFromIso, isoFromDay } from '../../src/base/day.ts'
import { type Random, seededRandom } from '../../src/base/random.ts'
import { type OpenQuestion, optionText, type Setting } from '../../src/sales/guess/open-question.ts'
import { cd4ml, newProject, succeedJson } from '../project.ts'
import { commitAll, copyOf, temporaryFolder } from '../repository.ts'
import { dataFiles, productIds, recipe, salesOf } from '../shop.ts'

let template: string

beforeAll(async () => {
  const sample = salesOf({ products: productIds(2), frequency: 'week', periods: 30 })
  const { 'data/datapackage.json': contract, ...csv } = dataFiles(sample)
  const asSample = JSON.parse(contract)
  asSample.cd4ml.sample = true
  template = await newProject({
    ...csv,
    ...recipe('seasonal-naive: {}, moving-average: { window: [4, 8] }'),
    'data/datapackage.json': JSON.stringify(asSample),
    '.github/CODEOWNERS': '* @your-org/platform\n',
    'ordering.yml': 'defaults: { pack: 6 }\n',
    'README.md': '# cd4ml\n',
    'project.yml': 'timeZone: Europe/Lisbon\n',
  })
})

/** Files as five kinds of shops have them, and what only their owners know. */
const SHOPS: {
  shop: string
  csv: (random: Random) => string
  answers: string[]
  found: { products: number; stores: number }
  frequency: string
}[] = [
  {
    shop: 'a chain with scanner data by store, product and month',
    csv: (random) =>
      table('STORE_ID,UPC,CATEGORY,MONTH,UNITS,BASE_PRICE', 48, (month) =>
        each(['12', '40', '7'], ['0004900000044', '0002840009089'], (store, upc) => {
          const units = Math.round(200 + 90 * Math.sin(month / 2) + 150 * random())
          return [store, upc, 'SNACKS', monthOf(month), units, (2 + random()).toFixed(2)].join(',')
        }),
      ),
    answers: [],
    found: { products: 2, stores: 3 },
    frequency: 'month',
  },
  {
    shop: 'a greengrocer with weighed goods by day',
    csv: (random) =>
      table('Data;Produto;Peso (kg);Valor', 240, (day) =>
        each(['Tomate', 'Batata', 'Alface'], ['kg'], (product) => {
          const kilos = ((day % 7 > 4 ? 9 : 4) + 5 * random()).toFixed(3).replace('.', ',')
          return [dmy(day), product, kilos, '12,90'].join(';')
        }),
      ),
    answers: ['--column quantity="Peso (kg)"'],
    found: { products: 3, stores: 0 },
    frequency: 'day',
  },
  {
    shop: 'a workshop with spare parts by month, most of which sell nothing',
    csv: (random) =>
      table('Month,Part,Demand', 51, (month) =>
        each(productIds(8), [''], (part) => {
          const units = random() < 0.7 ? 0 : Math.ceil(4 * random())
          return [monthOf(month), `1045${part.slice(1)}`, units].join(',')
        }),
      ),
    answers: [],
    found: { products: 8, stores: 0 },
    frequency: 'month',
  },
  {
    shop: 'a supermarket with orange juice by week, dated by its last day',
    csv: (random) =>
      table('store,brand,week_end,units,price,feat', 110, (week) =>
        each(['2', '5'], ['tropicana', 'dominicks', 'minute.maid'], (store, brand) => {
          const isPromoted = random() < 0.2
          const units = Math.round((isPromoted ? 900 : 300) * (0.6 + random()))
          const saturday = isoFromDay(dayFromIso('2023-01-07')! + 7 * week)
          const price = isPromoted ? 1.99 : 2.89
          return [store, brand, saturday, units, price, isPromoted ? 1 : 0].join(',')
        }),
      ),
    answers: ['--column product=brand'],
    found: { products: 3, stores: 2 },
    frequency: 'week',
  },
  {
    shop: 'a chain that knows the total of each store by day',
    csv: (random) =>
      table('Store,DayOfWeek,Date,Sales,Customers,Open,Promo', 220, (day) =>
        each(['1', '2', '3'], [''], (store) => {
          const isOpen = day % 7 !== 6
          const sales = isOpen ? Math.round(4000 + 2500 * random()) : 0
          const customers = Math.round(sales / 9)
          return [store, 1 + (day % 7), isoOf(day), sales, customers, isOpen ? 1 : 0, 0].join(',')
        }),
      ),
    answers: ['--column product=Store', '--column quantity=Sales'],
    found: { products: 3, stores: 0 },
    frequency: 'day',
  },
]

it.each(SHOPS)(
  '$shop comes from its file to a verdict with one round of questions at most',
  async ({ shop, csv, answers, found, frequency }) => {
    const project = await copyOf(template)
    const file = join(await temporaryFolder(), 'sales.csv')
    await writeFile(file, csv(seededRandom(shop.length)))
    const init = ['init', '--sales', file, '--owners', '@maria', '--json']
    const first = await cd4ml(project, init)
    expect(first.stderr).toBe('')
    const said = JSON.parse(first.stdout)
    const offered: string[] = said.guess.questions
      .flatMap(({ answers }: OpenQuestion) => answers)
      .map(({ setting }: { setting: Setting }) => optionText(setting))
    expect(offered).toEqual(expect.arrayContaining(answers))
    const isAnswered = said.outcome !== 'open'
    const options = answers.flatMap((answer) => answer.replaceAll('"', '').split(/(?<=^--\S+) /))
    const done = isAnswered
      ? said
      : JSON.parse((await cd4ml(project, [...init, ...options])).stdout)
    expect(isAnswered).toBe(answers.length === 0)
    expect(done).toMatchObject({ outcome: 'initialised', frequency, report: { totals: found } })
    expect(done.report.totals.rowsQuarantined).toBe(0)
    await commitAll(project, 'Start with our own sales')
    const { evaluation } = await succeedJson(project, ['pipeline'])
    expect(['better', 'worse', 'not distinguishable']).toContain(evaluation.decision.verdict)
  },
)

const FIRST = dayFromIso('2025-01-06')!

function isoOf(day: number): string {
  return isoFromDay(FIRST + day)
}

function dmy(day: number): string {
  return isoOf(day).split('-').reverse().join('/')
}

/** `2021-01` and on. */
function monthOf(month: number): string {
  return `${2021 + Math.floor(month / 12)}-${String(1 + (month % 12)).padStart(2, '0')}`
}

function table(header: string, periods: number, rows: (period: number) => string[]): string {
  return `${[header, ...Array.from({ length: periods }, (_, period) => rows(period)).flat()].join('\n')}\n`
}

function each(
  some: string[],
  others: string[],
  row: (one: string, other: string) => string,
): string[] {
  return some.flatMap((one) => others.map((other) => row(one, other)))
}
