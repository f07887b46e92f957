import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { dayFromIso } from '../../src/base/day.ts'
import type { Finding } from '../../src/sales/checks/validation-report.ts'
import type { ValidationOptions } from '../../src/steps/data/read-sales.ts'
import { type ValidationResult, validate } from '../../src/steps/data/validate.ts'
import { contractOf } from '../unit/sales/contracts.ts'

export const header = 'id;name;category;price;cost;bought;sold;expires'

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
