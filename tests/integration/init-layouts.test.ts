import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dayFromIso } from '../../src/base/day.ts'
import { type GivenAnswers, withSetting } from '../../src/commands/open-questions.ts'
import { type ContractGuess, guessContract } from '../../src/sales/guess/guess-contract.ts'
import { optionText, type Setting } from '../../src/sales/guess/open-question.ts'
import { validate } from '../../src/steps/data/validate.ts'
import { temporaryFolder } from '../repository.ts'
import { exported, LAYOUTS, SALES } from '../unit/sales/export-layouts.ts'

const today = dayFromIso('2025-06-30')!

/** What there is to be found in each of the files. */
const TRUTH = {
  rowsRead: SALES.length,
  rowsAccepted: SALES.length,
  unitsSold: SALES.reduce((sum, { units }) => sum + Math.max(0, units), 0),
  unitsReturned: SALES.reduce((sum, { units }) => sum + Math.max(0, -units), 0),
  products: 5,
  firstSaleDay: '2025-01-01',
  lastSaleDay: '2025-04-30',
}

describe('the export of', () => {
  it.each(LAYOUTS)(
    '$system is read right, or asked about with the options that settle it',
    async (layout) => {
      const folder = await temporaryFolder()
      const files = [{ name: 'sales.csv', path: join(folder, 'sales.csv') }]
      await writeFile(files[0].path, exported(layout))
      const { settledBy = [] } = layout
      const first = await guessContract(files, optionsOf([]))
      const open = first.questions.filter(({ changesUnits }) => changesUnits)
      expect(open.length).toBe(settledBy.length)
      const offered = open.flatMap(({ answers }) => answers.map(({ setting }) => setting))
      expect(offered.map(optionText)).toEqual(expect.arrayContaining(settledBy))
      const chosen = offered.filter((setting) => settledBy.includes(optionText(setting)))
      const guess = await guessContract(files, optionsOf(chosen))
      expect(guess.questions.filter(({ changesUnits }) => changesUnits)).toEqual([])
      const truth = layout.hasNoQuantity
        ? { ...TRUTH, unitsSold: SALES.length, unitsReturned: 0 }
        : TRUTH
      expect(await totalsBy(guess, exported(layout))).toMatchObject(truth)
    },
  )

  it.each(LAYOUTS)('$system publishes nobody’s name as that of a product', async (layout) => {
    const folder = await temporaryFolder()
    const files = [{ name: 'sales.csv', path: join(folder, 'sales.csv') }]
    await writeFile(files[0].path, exported(layout))
    const { columns } = await guessContract(files, optionsOf([]))
    const published = columns.filter(({ role }) => role !== undefined)
    expect(published.filter(({ example }) => /Ana|Rui/.test(example ?? ''))).toEqual([])
  })
})

it.each([
  ['a state', (i: number) => (i % 9 ? 'Concluída' : 'Cancelada')],
  ['what was returned', (i: number) => (i % 9 ? 'Venda' : 'Devolução de venda')],
  ['a mark', (i: number) => (i % 9 ? '' : 'Sim')],
])('what init says about rows that hardly are sales leaves them out: %s', async (_, cell) => {
  const header = cell(1) === '' ? 'Cancelado' : 'Situação'
  const sales = Array.from({ length: 180 }, (_, i) => {
    return `${new Date(Date.UTC(2025, 0, 1 + i)).toISOString().slice(0, 10)};A${i % 3};3;${cell(i)}`
  })
  const text = ['Data;SKU;Qtde;'.concat(header), ...sales, ''].join('\n')
  const path = join(await temporaryFolder(), 'sales.csv')
  await writeFile(path, text)
  const guess = await guessContract([{ name: 'sales.csv', path }], optionsOf([]))
  expect(await totalsBy(guess, Buffer.from(text))).toMatchObject({ unitsSold: 540 })
  const [{ column, constraints, maxQuarantinedShare }] = guess.doubtful
  const { resources, cd4ml } = guess.dataPackage as {
    resources: { schema: { fields: { name: string }[] } }[]
    cd4ml: object
  }
  Object.assign(resources[0].schema.fields.find(({ name }) => name === column)!, { constraints })
  Object.assign(cd4ml, { maxQuarantinedShare })
  const { outcome, report } = await validatedBy(guess, Buffer.from(text))
  expect([outcome, report.totals.unitsSold]).toEqual(['valid', 480])
})

function optionsOf(settings: Setting[]) {
  const nothing: GivenAnswers = { columns: new Map(), unset: new Set() }
  const said = settings.reduce(withSetting, nothing)
  return { name: 'sales', paths: ['sales/sales.csv'], today, ...said }
}

async function totalsBy(guess: ContractGuess, bytes: Buffer) {
  return (await validatedBy(guess, bytes)).report.totals
}

async function validatedBy({ dataPackage }: ContractGuess, bytes: Buffer) {
  const dataFolder = await temporaryFolder()
  const contractFile = join(dataFolder, 'datapackage.json')
  await mkdir(join(dataFolder, 'sales'))
  await writeFile(join(dataFolder, 'sales', 'sales.csv'), bytes)
  await writeFile(contractFile, JSON.stringify(dataPackage))
  return validate({ dataFolder, contractFile, today })
}
