import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { dayFromIso } from '../../src/base/day.ts'
import type { Finding } from '../../src/sales/checks/validation-report.ts'
import {
  type ValidationOptions,
  type ValidationResult,
  validate,
} from '../../src/steps/data/validate.ts'

export const header = 'id;name;category;price;cost;bought;sold;expires'

/** The contract of the fixtures; `own` goes over the rules, `resource` over the resource. */
export function contractOf({ own = {}, resource = {}, schema = {} } = {}): object {
  const date = { type: 'date', format: '%d/%m/%Y' }
  const money = { type: 'number', decimalChar: ',', groupChar: '.' }
  return {
    resources: [
      {
        name: 'sales',
        path: 'sales.csv',
        dialect: { delimiter: ';' },
        ...resource,
        schema: {
          fields: [
            { name: 'id', type: 'string' },
            { name: 'name', type: 'string' },
            { name: 'category', type: 'string' },
            { name: 'price', ...money },
            { name: 'cost', ...money },
            { name: 'bought', ...date },
            { name: 'sold', ...date },
            { name: 'expires', ...date },
          ],
          ...schema,
        },
      },
    ],
    cd4ml: {
      columns: {
        product: 'id',
        name: 'name',
        category: 'category',
        price: 'price',
        cost: 'cost',
        purchaseDate: 'bought',
        saleDate: 'sold',
        expiryDate: 'expires',
      },
      maxQuarantinedShare: 1,
      ...own,
    },
  }
}

/** A contract with a product, a sale date and a quantity, for files of `id,sold,quantity`. */
export function smallContract({ own = {}, columns = {}, fields = [] as object[] } = {}): object {
  return {
    resources: [
      {
        name: 'sales',
        path: 'sales.csv',
        schema: {
          fields: [
            { name: 'id', type: 'string' },
            { name: 'sold', type: 'date' },
            { name: 'quantity', type: 'number' },
            ...fields,
          ],
        },
      },
    ],
    cd4ml: {
      columns: { product: 'id', saleDate: 'sold', quantity: 'quantity', ...columns },
      maxQuarantinedShare: 1,
      ...own,
    },
  }
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cd4ml-test-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

export type Fixture = {
  files: { [name: string]: string | Uint8Array }
  contract?: object
} & Partial<ValidationOptions>

/** Writes files and contract to a folder of their own and validates them on 2026-10-31. */
export async function validated({ files, contract, ...options }: Fixture) {
  const folder = await temporaryFolder()
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  const contractFile = join(folder, 'datapackage.json')
  await writeFile(contractFile, JSON.stringify(contract ?? contractOf()))
  const quarantineFolder = join(folder, 'quarantine')
  const result = await validate({
    dataFolder: folder,
    contractFile,
    today: day('2026-10-31'),
    quarantineFolder,
    ...options,
  })
  const quarantine = (name = 'sales.csv') =>
    readFile(join(quarantineFolder, name), 'utf8').catch(() => undefined)
  return { result, quarantine, folder, report: result.report }
}

export function day(iso: string): number {
  const found = dayFromIso(iso)
  if (found === undefined) throw new Error(`${iso} is no day`)
  return found
}

export function finding({ report }: ValidationResult, rule: string): Finding | undefined {
  return report.findings.find((found) => found.rule === rule)
}

export function rulesIn({ report }: ValidationResult): string[] {
  return report.findings.map(({ rule }) => rule)
}

/** `rows` as one file of the big contract. */
export function csv(...rows: string[]): string {
  return `${[header, ...rows].join('\n')}\n`
}

export const goodRow = '1;Milk;Dairy;5,49;4,13;01/10/2026;03/10/2026;07/10/2026'
