import { existsSync } from 'node:fs'
import { lstat, readdir, readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import type { Day } from '../../base/day.ts'
import type { Language } from '../../base/language.ts'
import type { RefusedTable } from '../../ledger/replies/answered.ts'
import { readContractTable } from '../../ledger/replies/contract-table.ts'
import { TableRefused } from '../../ledger/replies/reply.ts'
import type { ReplyTable } from '../../ledger/replies/reply-table.ts'
import { readDecisionReasons } from '../../ordering/decision-reasons.ts'
import { DECISIONS, readContract } from '../../sales/contract/contract.ts'
import type { Resource } from '../../sales/contract/resource.ts'
import { isLike } from '../../sales/sources/data-files.ts'

/** A file of what was decided or reported, as it was read. */
export type DecisionFile = {
  /** Relative to the data folder, with `/`. */
  name: string
  read: ({ outcome: 'read' } & ReplyTable) | RefusedTable
}

export type DecisionFilesOptions = {
  project: string
  /** Folder of the data, and its contract, as absolute paths. */
  data: string
  contract: string
  language: Language
  today: Day
}

/**
 * Reads the files in the folder `decisions` of the data, by their names: as the resource of the
 * contract describes them, otherwise as spreadsheets write them. None where there is no such folder.
 * Throws a `UserError` where the contract or the chain's reasons are wrong; what is wrong with a file
 * is in its place.
 */
export async function readDecisionFiles(options: DecisionFilesOptions): Promise<DecisionFile[]> {
  const { data, language, today } = options
  // Who decides nothing in git is not asked for a contract.
  if (!existsSync(join(data, DECISIONS))) return []
  const { decisions } = await readContract(options.contract)
  const names = await namesOf(data, decisions)
  if (names.length === 0) return []
  const reasons = await readDecisionReasons(options.project)
  const files: DecisionFile[] = []
  for (const name of names) {
    const read = await readOne(join(data, name), decisions, { language, reasons, today })
    files.push({ name, read })
  }
  return files
}

async function readOne(
  path: string,
  resource: Resource | undefined,
  options: Parameters<typeof readContractTable>[2],
): Promise<DecisionFile['read']> {
  try {
    if (!(await lstat(path)).isFile()) throw new TableRefused('no-file')
    return {
      outcome: 'read',
      ...(await readContractTable(await readFile(path), resource, options)),
    }
  } catch (error) {
    if (!(error instanceof TableRefused)) throw error
    return { outcome: 'refused', problem: error.problem, line: error.line }
  }
}

async function namesOf(data: string, resource: Resource | undefined): Promise<string[]> {
  const names = new Set<string>()
  for (const path of resource?.paths ?? [`${DECISIONS}/*.csv`]) {
    const folder = posix.dirname(path)
    const entries = await readdir(join(data, folder)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
      throw error
    })
    for (const name of entries) {
      if (!name.startsWith('.') && isLike(name, posix.basename(path))) {
        names.add(posix.join(folder, name))
      }
    }
  }
  return [...names].sort()
}
