import type { Day } from '../../base/day.ts'
import type { RuleId } from '../contract/rules.ts'

/** Rows counted by the day on which they became visible. */
export type DayCounts = Map<Day, number>

/** A cell that broke a rule: its text as in the file, or the beginning of it. */
export type Example = { line: number | undefined; value: string; day: Day }

/** What one file has of one rule and one column. */
export type LoggedFinding = {
  rule: RuleId
  column: string | undefined
  days: DayCounts
  /** The earliest by day, then line, so that a cut at any day shows as many as there can be. */
  examples: Example[]
}

/** Examples kept for each rule, column and file; all are counted. */
export const maxExamples = 10
const maxKeptLength = 200

/** A row that bears no readable date belongs to the last day of its file, which is known at the end. */
export const undated: Day = Number.POSITIVE_INFINITY

/** Counts the findings of one file, in memory that depends on days and rules, not on rows. */
export class FindingLog {
  readonly #findings = new Map<string, LoggedFinding>()

  add(
    rule: RuleId,
    column: string | undefined,
    line: number | undefined,
    value: string,
    day: Day,
  ): void {
    const key = `${rule} ${column ?? ''}`
    let finding = this.#findings.get(key)
    if (finding === undefined) {
      finding = { rule, column, days: new Map(), examples: [] }
      this.#findings.set(key, finding)
    }
    count(finding.days, day)
    const { examples } = finding
    const last = examples.at(-1)
    if (examples.length === maxExamples && last !== undefined && last.day <= day) return
    const at = examples.findLastIndex((example) => example.day <= day) + 1
    examples.splice(at, 0, { line, value: value.slice(0, maxKeptLength), day })
    if (examples.length > maxExamples) examples.pop()
  }

  finish(lastDay: Day): LoggedFinding[] {
    return [...this.#findings.values()].map((finding) => ({
      ...finding,
      days: dated(finding.days, lastDay),
      examples: finding.examples.map((example) => ({
        ...example,
        day: Math.min(example.day, lastDay),
      })),
    }))
  }
}

export function count(counts: DayCounts, day: Day): void {
  counts.set(day, (counts.get(day) ?? 0) + 1)
}

/** Moves what is undated to `lastDay`. */
export function dated(counts: DayCounts, lastDay: Day): DayCounts {
  const rest = counts.get(undated)
  if (rest === undefined) return counts
  const result = new Map(counts)
  result.delete(undated)
  return result.set(lastDay, (result.get(lastDay) ?? 0) + rest)
}

/** How many became visible up to `day`, inclusive. */
export function countUntil(counts: DayCounts, day: Day): number {
  let sum = 0
  for (const [date, rows] of counts) if (date <= day) sum += rows
  return sum
}
