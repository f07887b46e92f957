import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { RuleId } from '../contract/rules.ts'
import type { DataFile } from '../sources/data-files.ts'
import { type AgainstOthers, againstEachOther } from './against-each-other.ts'
import { inOrder, type PlannedDays } from './plan.ts'
import { type PlanFileOptions, type PlanReading, readPlanFile } from './plan-file.ts'

/** A file of the plan as it was read, and where its quarantined rows stand. */
export type StoredPlan = { file: DataFile; reading: PlanReading; quarantinePath: string }

/** All rows that are believed, in the order in which they became known, and where they are from. */
export type ReadPlan = { rows: PlannedDays[]; stored: StoredPlan[] }

/**
 * Reads the files of the plan. A file with rows that contradict others is read again without them. `scratchFolder` keeps quarantined rows until they are used.
 */
export async function readPlan(
  options: PlanFileOptions & { files: readonly DataFile[]; scratchFolder: string },
): Promise<ReadPlan> {
  const read = async (file: DataFile, against: ReadonlyMap<number, RuleId>) => {
    const quarantinePath = join(options.scratchFolder, `${randomUUID()}.partial`)
    const reading = await readPlanFile(file, options, against, quarantinePath)
    return { file, reading, quarantinePath }
  }
  const stored: StoredPlan[] = []
  for (const file of options.files) stored.push(await read(file, new Map()))
  const found = againstEachOther(stored.flatMap(({ reading }) => reading.planned.map(rowOf)))
  for (const [index, { file, reading }] of stored.entries()) {
    const against = linesOf(reading, found)
    if (against.size > 0) stored[index] = await read(file, against)
  }
  const rows = stored.flatMap(({ reading }) => reading.planned.map(rowOf))
  return { rows: inOrder(rows), stored }
}

function rowOf({ row }: PlanReading['planned'][number]): PlannedDays {
  return row
}

function linesOf(
  { planned }: PlanReading,
  found: ReadonlyMap<PlannedDays, AgainstOthers>,
): Map<number, RuleId> {
  return new Map(
    planned.flatMap(({ line, row }) => {
      const rule = found.get(row)
      return rule === undefined ? [] : [[line, rule] as const]
    }),
  )
}
