import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Type } from 'typebox'
import { arrayFile, readArrayFile, type Seal } from '../../base/array-file.ts'
import { type Day, dayFromIso, isoFromDay } from '../../base/day.ts'
import { withRemedy } from '../../base/errors.ts'
import { requirePlainFiles } from '../../base/handed-over.ts'
import { checker } from '../../base/schema.ts'
import { isoDay, object } from '../../base/schema-parts.ts'
import { writeChunks } from '../../base/write-file.ts'
import { Plan } from '../../sales/plan/plan.ts'
import type { DailyTotals } from '../../sales/totals/daily-totals.ts'
import { outlined, TotalsOutline, totalsFrom } from '../../sales/totals/totals-outline.ts'
import type { SalesOfShard } from './job-plan.ts'

/** The sales that fits are made of, as the job that has read all of them hands them to another. */
export type HandedSales = {
  totals: DailyTotals
  plan: Plan
  asOf?: Day
}

/** The folder of them, in that of the plan: its own for what only one shard asks for. */
export function handedFolder(jobs: string, sales: SalesOfShard): string {
  return join(jobs, `sales-${sales}`)
}

/** Writes a file that is named by its digest, and returns what tells it from any other. */
export async function handSales(
  folder: string,
  { totals, plan, asOf }: HandedSales,
): Promise<Seal> {
  const { outline, arrays } = outlined(totals)
  const header = {
    format: 'cd4ml-sales/1',
    ...(asOf !== undefined && { asOf: isoFromDay(asOf) }),
    plan,
    totals: outline,
  }
  const { chunks, seal } = arrayFile(header, arrays)
  await writeChunks(join(folder, seal.sha256), chunks)
  return seal
}

/**
 * Reads what `handSales` wrote in a folder of the project. Whoever wrote it may be anybody: nothing
 * of it is run, and nothing believed that the bytes do not have. Throws a `UserError` where it is
 * missing, damaged, another's or no sales.
 */
export async function takeSales(project: string, folder: string, seal: Seal): Promise<HandedSales> {
  const where = { file: join(folder, seal.sha256), remedy: REMEDY }
  await withRemedy(REMEDY, () => requirePlainFiles(project, [where.file], seal.bytes))
  return await readArrayFile({ ...where, seal }, async (header, next) => {
    const { asOf, plan, totals } = checkHeader(header, where.file)
    return {
      totals: await totalsFrom(totals, next, where),
      plan,
      ...(asOf !== undefined && { asOf: dayFromIso(asOf)! }),
    }
  })
}

/** Removes from the folder of the plan what other plans have handed over; of a link, only the link. */
export async function removeOtherSales(jobs: string, seals: readonly Seal[]): Promise<void> {
  const known = new Set(seals.map((seal) => seal.sha256))
  for (const entry of await readdir(jobs, { withFileTypes: true })) {
    if (!/^sales-(all|\d+)$/.test(entry.name)) continue
    const folder = join(jobs, entry.name)
    const files = entry.isDirectory() ? await readdir(folder) : []
    const others = files.filter((file) => !known.has(file))
    if (others.length === files.length) await rm(folder, { recursive: true })
    else for (const file of others) await rm(join(folder, file), { recursive: true })
  }
}

const REMEDY =
  'Run cd4ml plan again. What this job does not fit, train and compare fit: nothing else is lost.'

const checkHeader = checker(
  object({
    format: Type.Literal('cd4ml-sales/1'),
    asOf: Type.Optional(isoDay),
    plan: Plan,
    totals: TotalsOutline,
  }),
  REMEDY,
)
