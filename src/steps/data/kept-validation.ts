import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { serialize } from 'node:v8'
import { codeDigest } from '../../base/code-digest.ts'
import type { Day } from '../../base/day.ts'
import { sealedChunks, unsealedChunks } from '../../base/sealed.ts'
import { writeChunks } from '../../base/write-file.ts'
import type { BatchFinding } from '../../sales/checks/batch-checks.ts'
import type { ValidationReport } from '../../sales/checks/validation-report.ts'
import type { Contract } from '../../sales/contract/contract.ts'
import { isQuarantineWhole } from '../../sales/reading/reading-cache.ts'
import type { TableReading } from '../../sales/reading/table-reading.ts'
import type { DataFile } from '../../sales/sources/data-files.ts'
import { salesFolder } from '../../sales/sources/sales-source.ts'
import type { DailyTotals } from '../../sales/totals/daily-totals.ts'

/** What came out for sales that are valid, and where their quarantined rows stand. */
export type Validated = {
  report: ValidationReport
  totals: DailyTotals
  /** One for each file. */
  tables: QuarantinedTable[]
  /** Whether the same comes out on every later day. */
  holdsLater: boolean
}

export type QuarantinedTable = {
  reading: Pick<
    TableReading,
    'blobId' | 'quarantined' | 'quarantineDigest' | 'header' | 'numbering' | 'lastDay'
  >
  quarantinePath: string
}

/** The last validation of a history: where nothing has changed, nothing is added up again. */
export type KeptValidation = {
  /** Undefined where it was of others, on another day that matters, or is damaged. */
  load(today: Day): Promise<Validated | undefined>
  keep(validated: Validated, today: Day): Promise<void>
}

/**
 * In the folder of the readings, one file, written whole and sealed by all that it follows from: the
 * bytes and names of the files, the contract, what else lies beside them, and the code.
 */
export async function keptValidation(
  folder: string,
  { contract, files, unread }: { contract: Contract; files: DataFile[]; unread: BatchFinding[] },
): Promise<KeptValidation> {
  const path = join(folder, 'history.validated')
  const code = await codeDigest(['base', 'sales', 'steps'])
  const keyOf = (blobIds: (string | undefined)[]) => {
    const { file: _, ...rules } = contract
    const named = files.map(({ name }, index) => [name, blobIds[index]])
    return createHash('sha256')
      .update(code)
      .update(serialize([rules, named, unread]))
      .digest('hex')
  }
  return {
    async load(today) {
      const entry = await readFile(path).catch(() => undefined)
      if (!entry) return undefined
      const kept = unsealedChunks<Kept>(keyOf(await digests(files)), entry)
      if (!kept || today < kept.today || (today > kept.today && !kept.holdsLater)) return undefined
      const tables = kept.tables.map(({ reading, quarantineName }) => ({
        reading,
        quarantinePath: join(folder, quarantineName),
      }))
      for (const { reading, quarantinePath } of tables) {
        if (!(await isQuarantineWhole(quarantinePath, reading))) return undefined
      }
      const { report, totals, holdsLater } = kept
      return { report, totals, holdsLater, tables }
    },
    async keep({ report, totals, holdsLater, tables }, today) {
      if (totals.day.length > MOST_ENTRIES) return
      const named = tables.map(({ reading, quarantinePath }) => ({
        reading: withoutSales(reading),
        quarantineName: basename(quarantinePath),
      }))
      const kept: Kept = { report, totals, holdsLater, today, tables: named }
      const chunks = sealedChunks(keyOf(tables.map(({ reading }) => reading.blobId)), kept)
      await writeChunks(path, chunks)
    },
  }
}

/** Of some 65 bytes each, 1.6 GB in all: a file of 2 GiB cannot be read at once. */
const MOST_ENTRIES = 24e6

type Kept = Omit<Validated, 'tables'> & {
  today: Day
  tables: (Pick<QuarantinedTable, 'reading'> & { quarantineName: string })[]
}

function withoutSales(reading: QuarantinedTable['reading']): QuarantinedTable['reading'] {
  const { blobId, quarantined, quarantineDigest, header, numbering, lastDay } = reading
  return { blobId, quarantined, quarantineDigest, header, numbering, lastDay }
}

async function digests(files: DataFile[]): Promise<string[]> {
  return await Promise.all(files.map((file) => salesFolder.digest(file)))
}
