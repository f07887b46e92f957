import type { Day } from '../../base/day.ts'
import type { Contract } from '../contract/contract.ts'
import type { RuleId } from '../contract/rules.ts'
import { columnsOf } from '../reading/header.ts'
import {
  type RowSink,
  readTable,
  type TableLog,
  type TableReading,
} from '../reading/table-reading.ts'
import type { DataFile } from '../sources/data-files.ts'
import type { PlannedDays } from './plan.ts'
import type { PlanContract } from './plan-contract.ts'
import { type PlanRow, planRowChecker } from './plan-row-checker.ts'
import type { SoldBefore } from './sold-before.ts'

/** What one file plans, and what is wrong with it. */
export type PlanReading = TableReading & { planned: PlannedLine[] }

/** A row that is believed, by the line where it stands. */
export type PlannedLine = { line: number; row: PlannedDays }

export type PlanFileOptions = {
  contract: Contract
  plan: PlanContract
  today: Day
  /** Undefined where the sales cannot be told. */
  sold: SoldBefore | undefined
}

/**
 * Reads one file of the plan. Its rows are judged by themselves; `against` has the lines that others
 * speak against, or repeat, with the rule. Quarantined rows go to `quarantinePath`. What the file is
 * to blame for is in the result.
 */
export async function readPlanFile(
  file: DataFile,
  options: PlanFileOptions,
  against: ReadonlyMap<number, RuleId>,
  quarantinePath: string,
): Promise<PlanReading> {
  const { maxBytes, timeZone } = options.contract
  const withRole = new Set(options.plan.columns.values())
  const table = { file, withRole, timeZone, maxBytes, quarantinePath, onProgress: () => {} }
  return readTable(table, (log) => new PlanReader(options, against, log))
}

class PlanReader {
  readonly #options: PlanFileOptions
  readonly #against: ReadonlyMap<number, RuleId>
  readonly #log: TableLog
  readonly #planned: PlannedLine[] = []

  constructor(options: PlanFileOptions, against: ReadonlyMap<number, RuleId>, log: TableLog) {
    this.#options = options
    this.#against = against
    this.#log = log
  }

  readonly start = (header: string[], line: number | undefined): RowSink => {
    const { plan } = this.#options
    const needed = ['product', 'category', 'store', 'from', 'to', 'knownOn'] as const
    const columns = columnsOf(header, line, plan.resource, plan.columns, needed)
    const check = planRowChecker({ ...this.#options, columns, width: header.length })
    return (cells, line, mayHoldLineEnds) => this.#row(check(cells, mayHoldLineEnds), cells, line)
  }

  finish() {
    return { planned: this.#planned }
  }

  #row({ planned, broken, visibleDay }: PlanRow, cells: string[], line: number): void {
    const rule = planned && this.#against.get(line)
    const others = rule === undefined ? [] : [{ rule, position: undefined, day: visibleDay }]
    const isKept = planned !== undefined && rule !== 'plan-contradictory'
    this.#log.row({
      cells,
      line,
      broken: [...broken, ...others],
      visibleDay,
      quarantineDay: isKept ? Number.NaN : visibleDay,
    })
    if (isKept && rule === undefined) this.#planned.push({ line, row: planned })
  }
}
