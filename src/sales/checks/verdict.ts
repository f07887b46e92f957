import { type Day, isoFromDay } from '../../base/day.ts'
import { percent, shortened, visibleText } from '../../base/wording.ts'
import type { Contract } from '../contract/contract.ts'
import { instead, roles, switchedOffWithout } from '../contract/roles.ts'
import { type Level, type Rule, type RuleId, rules } from '../contract/rules.ts'
import type { PlanReading } from '../plan/plan-file.ts'
import { countUntil, type LoggedFinding, maxExamples } from '../reading/finding-log.ts'
import type { Refusal, TableReading } from '../reading/table-reading.ts'
import type { BatchFinding } from './batch-checks.ts'
import type { ChainSales, FileSales } from './sales-sums.ts'
import type {
  FileSummary,
  Finding,
  PlanFileSummary,
  RowCounts,
  ValidationReport,
} from './validation-report.ts'

type Named<Reading> = { name: string; reading: Reading }

type SoldIn = { sold: Pick<FileSales, 'sums'> }

/**
 * Whether the data can be used, and why not: `invalid` where any finding is of level `file`. What
 * was sold is cut at `asOf` where it is given.
 */
export function verdictOn(options: {
  contract: Contract
  readings: (Named<TableReading> & SoldIn)[]
  /** Undefined where the contract has no plan. */
  plan: Named<PlanReading>[] | undefined
  chain: ChainSales
  batch: BatchFinding[]
  asOf: Day | undefined
}): ValidationReport {
  const { contract, readings, plan, chain, batch, asOf } = options
  const lastDay = asOf ?? Number.POSITIVE_INFINITY
  const files = readings.map((reading) => fileSummary(reading, lastDay))
  const findings = [
    ...[...readings, ...(plan ?? [])].flatMap((reading) =>
      fileFindings(reading, contract, lastDay),
    ),
    ...batch.map((finding) => batchFinding(finding, contract)),
  ]
  findings.sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level))
  return {
    outcome: findings.some(({ level }) => level === 'file') ? 'invalid' : 'valid',
    ...(asOf !== undefined && { asOf: isoFromDay(asOf) }),
    totals: {
      files: files.length,
      ...sumOfRows(files),
      ...chain.sums,
      products: chain.products,
      stores: chain.stores,
      days: chain.saleDays.length,
    },
    files,
    ...(plan && { plan: planSummary(plan, lastDay) }),
    switchedOff: switchedOff(contract),
    findings,
  }
}

const levels: Level[] = ['file', 'row', 'warning']

function fileSummary(
  { name, reading, sold }: Named<TableReading> & SoldIn,
  lastDay: Day,
): FileSummary {
  const { unitsReturned: _, ...sales } = sold.sums
  return { file: name, ...rowsOf(reading, lastDay), ...sales }
}

function planSummary(readings: Named<PlanReading>[], lastDay: Day) {
  const files = readings.map(({ name, reading }): PlanFileSummary => {
    const rows = reading.planned.filter(({ row }) => row.knownOn <= lastDay)
    const first = rows.reduce((day, { row }) => Math.min(day, row.from), Number.POSITIVE_INFINITY)
    const last = rows.reduce((day, { row }) => Math.max(day, row.to), Number.NEGATIVE_INFINITY)
    const span = first <= last && { firstDay: isoFromDay(first), lastDay: isoFromDay(last) }
    return { file: name, ...rowsOf(reading, lastDay), ...span }
  })
  return { ...sumOfRows(files), files }
}

function rowsOf({ read, quarantined }: TableReading, lastDay: Day): RowCounts {
  const rowsRead = countUntil(read, lastDay)
  const rowsQuarantined = countUntil(quarantined, lastDay)
  return { rowsRead, rowsAccepted: rowsRead - rowsQuarantined, rowsQuarantined }
}

function sumOfRows(files: RowCounts[]): RowCounts {
  const sum = (key: keyof RowCounts) => files.reduce((total, file) => total + file[key], 0)
  return {
    rowsRead: sum('rowsRead'),
    rowsAccepted: sum('rowsAccepted'),
    rowsQuarantined: sum('rowsQuarantined'),
  }
}

/** What is wrong with one file, whatever the others hold; of level `file` first where it is refused. */
export function fileFindings(
  { name: file, reading }: Named<TableReading>,
  contract: Contract,
  lastDay: Day,
): Finding[] {
  const refusal = reading.refusal ?? tooManyBadRows(reading, contract, lastDay)
  return [
    ...(refusal ? [refusalFinding(refusal, file)] : []),
    ...reading.findings.flatMap((finding) => loggedFinding(finding, reading, file, lastDay)),
  ]
}

/** Of the rows that were known on the day: later ones change no earlier verdict. */
function tooManyBadRows(
  reading: TableReading,
  contract: Contract,
  lastDay: Day,
): Refusal | undefined {
  const { read, bad } = badRows(reading, lastDay)
  const allowed = contract.maxQuarantinedShare
  if (bad <= allowed * read) return undefined
  const value = `${bad} of ${read} rows (${percent(bad / read)}), allowed are ${percent(allowed)}`
  return { rule: 'too-many-bad-rows', line: undefined, column: undefined, value }
}

/** Rows of a file up to a day, and those of them that are quarantined by mistake. */
export function badRows(reading: TableReading, lastDay: Day): { read: number; bad: number } {
  const bad = countUntil(reading.quarantined, lastDay) - leftOut(reading, lastDay)
  return { read: countUntil(reading.read, lastDay), bad }
}

/** What the contract leaves out by name is no mistake. */
function leftOut({ findings }: TableReading, lastDay: Day): number {
  const found = findings.filter(({ rule }) => rule === 'left-out')
  return found.reduce((rows, { days }) => rows + countUntil(days, lastDay), 0)
}

function refusalFinding({ rule, line, column, value }: Refusal, file: string): Finding {
  return {
    ...describe(rule),
    file,
    ...(column !== undefined && { column: shown(column) }),
    count: 1,
    examples: [{ ...(line !== undefined && { line }), value: shown(value) }],
  }
}

function loggedFinding(
  { rule, column, days, examples }: LoggedFinding,
  { numbering }: TableReading,
  file: string,
  lastDay: Day,
): Finding[] {
  const count = countUntil(days, lastDay)
  if (count === 0) return []
  return [
    {
      ...describe(rule),
      file,
      ...(column !== undefined && { column }),
      count,
      examples: examples
        .filter(({ day }) => day <= lastDay)
        .map(({ line, value }) => ({
          ...(line !== undefined && { [numbering]: line }),
          value: shown(value),
        })),
    },
  ]
}

function batchFinding({ rule, role, values }: BatchFinding, contract: Contract): Finding {
  const column = role && contract.columns.get(role)
  return {
    ...describe(rule),
    ...(column !== undefined && { column }),
    count: values.length,
    examples: (isToBeListed(rule) ? values : values.slice(0, maxExamples)).map((value) => ({
      value: shown(value, 200),
    })),
  }
}

/** What the contract is to list, whole. */
function isToBeListed(rule: RuleId): boolean {
  return rule === 'total-counted'
}

function describe(id: RuleId): { rule: RuleId } & Rule {
  const { level, explanation, remedy }: Rule = rules[id]
  return { rule: id, level, explanation, remedy }
}

/** Purchase dates and stated stock serve the same end: one of them is enough. */
function switchedOff({ columns }: Contract): ValidationReport['switchedOff'] {
  return roles.flatMap((column) => {
    if (column === 'product' || column === 'saleDate' || columns.has(column)) return []
    if (column === 'stock' || column === 'value' || column === 'delivered') return []
    if (column === 'purchaseDate' && columns.has('stock')) return []
    const other = instead[column]
    if (other !== undefined && columns.has(other)) return []
    return [{ column, consequence: switchedOffWithout[column] }]
  })
}

const maxShownLength = 80

function shown(text: string, longest = maxShownLength): string {
  return shortened(visibleText(text), longest)
}
