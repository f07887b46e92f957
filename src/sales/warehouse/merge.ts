import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Day } from '../../base/day.ts'
import type { DaysAsked } from './answer.ts'
import { type DayChange, type DaySums, daySums, nothing, seriesKept } from './day-changes.ts'
import type { DaySpool } from './day-spool.ts'
import type { Outcome } from './doubts.ts'
import { DAYS_COMPARED, halfLoadedDays } from './half-loaded.ts'
import type { Layout } from './layout.ts'
import type { Blocks, FilePeriod, PeriodFiles } from './period-files.ts'
import type { Source } from './source.ts'

/** A file as it is to be; `path` is where its bytes are until then, unless it is removed. */
export type Staged = { period: FilePeriod; change: 'added' | 'changed' | 'removed'; path: string }

export type Merged = Outcome & {
  /** New days that came, ascending, and are left out, since they seem to be loaded only in part. */
  incomplete: Day[]
  /** The stores of the answer; none where rows name none. */
  stores: ReadonlySet<string>
  /** The files that change, in the order of their days. */
  staged: Staged[]
  /** Files with the rows of new and revised days. */
  toCheck: string[]
}

type MergeParts = {
  spool: DaySpool
  asked: DaysAsked
  files: PeriodFiles
  /** The files that are there. */
  there: readonly FilePeriod[]
  layout: Layout
  rows: Source['rows']
  /** The first new day that may be loaded only in part; undefined where none is left out for that. */
  unsettledFrom: Day | undefined
  /** Where what is made waits. */
  folder: string
}

/**
 * Puts an answer in the place of the days that were asked for, one file after the other, and changes
 * none. All other days keep their bytes. Throws a `UserError` where a series has two totals of a day.
 */
export async function merge(parts: MergeParts): Promise<Merged> {
  const { spool, asked, files, there, layout, unsettledFrom = Number.POSITIVE_INFINITY } = parts
  const newDays = Map.groupBy(spool.days(), (day) => files.periodOf(day))
  const changes: DayChange[] = []
  const before = new Set<Day>()
  const after = new Set<Day>()
  const staged: Staged[] = []
  const toCheck: string[] = []
  const known = new Map<Day, DaySums>()
  const stores = new Set<string>()
  let incomplete: Day[] | undefined
  for (const period of [...new Set([...periodsAround(parts), ...newDays.keys()])].sort()) {
    const isThere = there.includes(period)
    const kept: Blocks = isThere ? await files.read(period) : new Map()
    const all: string[] = []
    const changed: string[] = []
    for (const day of ascending([...kept.keys(), ...(newDays.get(period) ?? [])])) {
      const old = kept.get(day) ?? ''
      if (day >= unsettledFrom) incomplete ??= newestInPart()
      if (incomplete?.includes(day)) continue
      const isAsked = day >= asked.from && day <= asked.until
      const block = isAsked ? answered(day, old) : unasked(day, old)
      if (old !== '') before.add(day)
      if (block !== '') after.add(day)
      if (block !== '') all.push(block)
      if (block !== old) changed.push(block)
    }
    if (changed.length === 0) continue
    const change = all.length === 0 ? 'removed' : isThere ? 'changed' : 'added'
    const { path, toCheck: own } = await staging(parts, period, all, changed)
    staged.push({ period, change, path })
    toCheck.push(own)
  }
  return { changes, before, after, staged, toCheck, incomplete: incomplete ?? [], stores }

  function newestInPart(): Day[] {
    const newest = spool.days().filter((day) => day >= unsettledFrom)
    const sums = newest.map((day) => [day, daySums(spool.lines(day), layout, 'sales')] as const)
    return halfLoadedDays(new Map(sums), known)
  }

  function unasked(day: Day, old: string): string {
    if (day >= unsettledFrom - DAYS_COMPARED) known.set(day, daySums(linesOf(old), layout, 'sales'))
    return old
  }

  /** What a day that was asked for is now. */
  function answered(day: Day, old: string): string {
    const lines = spool.take(day)
    const now = daySums(lines, layout, parts.rows, stores)
    known.set(day, now)
    changes.push(changeOf(day, old, { lines, now }, layout))
    return blockOf(lines)
  }
}

/** The files of the days around those that were asked for. */
function periodsAround({ asked, files, there }: MergeParts): readonly FilePeriod[] {
  const [first, last] = [asked.from - DAYS_AROUND, asked.until + DAYS_AROUND].map((day) =>
    files.periodOf(day),
  )
  // And those on either side, however far: what lies between is a gap.
  const from = there.findLastIndex((period) => period < first)
  const to = there.findIndex((period) => period > last)
  return there.slice(Math.max(0, from), to < 0 ? there.length : to + 1)
}

/** As far as it takes to tell whether a day usually sells. */
const DAYS_AROUND = 62

function changeOf(
  day: Day,
  old: string,
  { lines, now }: { lines: string[]; now: DaySums },
  layout: Layout,
): DayChange {
  const none = { before: 0, kept: 0 }
  if (blockOf(lines) === old) return { day, change: 'unchanged', before: now, now, series: none }
  if (old === '') return { day, change: 'new', before: nothing, now, series: none }
  const were = linesOf(old)
  const before = daySums(were, layout, 'sales')
  if (lines.length === 0) return { day, change: 'removed', before, now, series: none }
  return { day, change: 'revised', before, now, series: seriesKept(were, lines, layout) }
}

/** Writes a file as it is to be, and, where it holds other days too, those that changed by themselves. */
async function staging(
  { files, layout, folder }: MergeParts,
  period: FilePeriod,
  all: string[],
  changed: string[],
): Promise<{ path: string; toCheck: string }> {
  const path = join(folder, files.name(period).replaceAll('/', '-'))
  if (all.length > 0) await writeFile(path, files.bytes(all))
  if (changed.length === all.length) return { path, toCheck: path }
  const toCheck = join(folder, `${period}.changed.csv`)
  await writeFile(toCheck, [`${layout.header}\n`, ...changed].join(''))
  return { path, toCheck }
}

function blockOf(lines: string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}

function linesOf(block: string): string[] {
  return block.split('\n').slice(0, -1)
}

function ascending(days: Day[]): Day[] {
  return [...new Set(days)].sort((a, b) => a - b)
}
