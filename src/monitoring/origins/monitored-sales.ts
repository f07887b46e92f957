import type { Plan } from '../../sales/plan/plan.ts'
import type { DailyTotals } from '../../sales/totals/daily-totals.ts'

/**
 * The sales of a chain, of which one part is in memory at a time: whoever asks something of all of it
 * looks at one part after the other, and adds up. What one model forecasts is one part.
 */
export type MonitoredSales = {
  /** All sales as those of one series: by them periods are over. */
  chain: DailyTotals
  plan: Plan
  /** How many parts there are. */
  parts: number
  /** The part that a series is in, as `seriesId` writes it; undefined where none has it. */
  partOf(series: string): number | undefined
  /**
   * What a look at each part says, in their order, or at those of them alone. What a part sold must not
   * be held on to. Throws a `UserError` that names the part which cannot be looked at.
   */
  each<T>(look: (part: MonitoredPart) => T | Promise<T>, only?: ReadonlySet<number>): Promise<T[]>
}

export type MonitoredPart = {
  index: number
  totals: DailyTotals
  plan: Plan
  /** By what a model in parts tells apart the series that it forecasts from one another's. */
  partedBy: ReadonlyMap<string, string>
}
