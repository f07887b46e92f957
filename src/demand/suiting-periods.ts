import { type DailyTotals, saleDays } from '../sales/totals/daily-totals.ts'
import { type Frequency, periodOf } from './calendar.ts'
import { reportingFrequency } from './reporting-frequency.ts'

/**
 * The frequency and the horizon that a history can carry: a horizon ahead is judged at six origins,
 * at each of which the search needs four earlier ones and something to learn from, which makes twelve
 * horizons. Totals are forecast as they are; other sales by week, or by day where there are too few
 * weeks to look a month ahead.
 */
export function suitingPeriods(
  totals: DailyTotals,
  asked: Frequency | undefined,
): { frequency: Frequency; horizon: number } {
  const days = saleDays(totals)
  const horizonOf = (frequency: Frequency) => {
    if (days.length === 0) return 1
    const [first, last] = [days[0], days[days.length - 1]]
    const periods = periodOf(frequency, last) - periodOf(frequency, first) + 1
    return Math.max(1, Math.min(LONGEST[frequency], Math.floor(periods / HORIZONS_OF_HISTORY)))
  }
  const reporting = reportingFrequency(totals)
  const isShort = reporting === 'day' && horizonOf('week') < LEAST_WEEKS
  const suiting = isShort ? 'day' : reporting === 'month' ? 'month' : 'week'
  const frequency = asked ?? suiting
  return { frequency, horizon: horizonOf(frequency) }
}

const LONGEST = { day: 14, week: 10, month: 6 }
const HORIZONS_OF_HISTORY = 12
const LEAST_WEEKS = 4
