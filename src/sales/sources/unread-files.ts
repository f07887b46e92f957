import { readdir } from 'node:fs/promises'
import { join, posix } from 'node:path'
import type { BatchFinding } from '../checks/batch-checks.ts'
import { type Contract, DECISIONS } from '../contract/contract.ts'
import type { DataFile } from './data-files.ts'

/**
 * What the data folder and the contract say of each other's files: one that looks like sales and that
 * the contract does not name, and lists of files that are no longer those that its patterns find.
 */
export async function unreadFiles(
  contract: Contract,
  dataFolder: string,
  files: DataFile[],
): Promise<BatchFinding[]> {
  const read = new Set(files.map(({ name }) => name))
  const ofSales = new Set([...read].map((name) => posix.dirname(name)))
  const unread: string[] = []
  for (const folder of new Set(['.', ...ofSales])) {
    for (const entry of await entriesOf(join(dataFolder, folder))) {
      const name = posix.join(folder, entry.name)
      if (entry.isDirectory()) {
        if (name === DECISIONS) continue
        const isOther = folder !== '.' && !ofSales.has(name)
        if (isOther && (await holdsSales(join(dataFolder, name)))) unread.push(`${name}/`)
        continue
      }
      // Notes may stand beside the folder with the sales.
      const looksSo = ofSales.has(folder) ? looksLikeSales(entry.name) : isTable(entry.name)
      if (looksSo && !read.has(name)) unread.push(name)
    }
  }
  const resources = [...contract.resources, ...(contract.plan ? [contract.plan.resource] : [])]
  const stale = resources.flatMap((resource) => {
    if (resource.listed === undefined) return []
    const found = files.filter((file) => file.resource === resource).map(({ name }) => name)
    const listed = resource.listed.map((path) => posix.normalize(path))
    return [
      ...found.filter((name) => !listed.includes(name)).map((name) => `${name} is not listed`),
      ...listed.filter((name) => !found.includes(name)).map((name) => `${name} is not there`),
    ]
  })
  const findings: BatchFinding[] = [
    { rule: 'file-not-read', role: undefined, values: unread.sort() },
    { rule: 'files-not-listed', role: undefined, values: stale },
  ]
  return findings.filter(({ values }) => values.length > 0)
}

async function holdsSales(folder: string): Promise<boolean> {
  return (await entriesOf(folder)).some((entry) => looksLikeSales(entry.name))
}

async function entriesOf(folder: string) {
  return readdir(folder, { withFileTypes: true }).catch(() => [])
}

function looksLikeSales(name: string): boolean {
  return isTable(name) || /^[^.].*\.(txt|dat|zip)(\.gz)?$/i.test(name)
}

function isTable(name: string): boolean {
  return /^[^.].*\.(csv|tsv|tab|xls[xmb]?|ods|parquet)(\.gz)?$/i.test(name)
}
