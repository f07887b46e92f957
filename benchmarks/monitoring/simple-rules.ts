import { alignedColumns } from '../../src/reporting/aligned-columns.ts'
import { breakIn, type Chain, simulate, WEEKLY } from './chains.ts'
import { delay, median, type Promised, percent, shareOf } from './figures.ts'

/** The rules that come to mind first, on a backtest of 12 origins and weekly blocks. */
export function simpleRules(): Promised[] {
  console.log(
    alignedColumns({
      headers: ['Rule', 'False in a year', 'where it lasts', 'Weeks to +25%', '+50%'],
      rows: Object.entries(rules).map(([name, rule]) => [
        name,
        ...[0, 0.4].map((lasting) => percent(falseYears(rule, { ...WEEKLY, lasting }))),
        ...[1.25, 1.5].map((factor) => delay(weeksToFind(rule, Math.log(factor)))),
      ]),
    }),
  )
  return []
}

const RUNS = 3000

/** Whether the last of these weeks is an alarm, by mean and standard deviation of the backtest. */
type Rule = (weeks: readonly number[], known: { mean: number; deviation: number }) => boolean

const rules: Record<string, Rule> = {
  'one week more than 10% up': (weeks, { mean }) => weeks.at(-1)! > mean + Math.log(1.1),
  'mean + 3 standard deviations': (weeks, { mean, deviation }) =>
    weeks.at(-1)! > mean + 3 * deviation,
  'two weeks more than 25% up': (weeks, { mean }) =>
    weeks.length > 1 && weeks.slice(-2).every((week) => week > mean + Math.log(1.25)),
}

function falseYears(rule: Rule, chain: Chain): number {
  const years = Array.from({ length: RUNS }, (_, run) => firstAlarm(rule, chain, run, 52, 0))
  return shareOf(years, Number.isFinite)
}

/** From the break on, of those who were not alarmed before. */
function weeksToFind(rule: Rule, worse: number): number {
  const start = breakIn(WEEKLY)
  const firsts = Array.from({ length: RUNS }, (_, run) =>
    firstAlarm(rule, WEEKLY, run, start + 3 * 52, worse),
  )
  return median(firsts.filter((first) => first >= start).map((first) => first - start + 1))
}

/** The week, from 0; infinite where there is none. */
function firstAlarm(rule: Rule, chain: Chain, run: number, weeks: number, worse: number): number {
  const { backtest, next } = simulate(chain, run)
  const mean = backtest.reduce((sum, it) => sum + it, 0) / backtest.length
  const squares = backtest.reduce((sum, it) => sum + (it - mean) ** 2, 0)
  const known = { mean, deviation: Math.sqrt(squares / (backtest.length - 1)) }
  const seen: number[] = []
  for (let week = 0; week < weeks; week++) {
    seen.push(next() + (week >= breakIn(chain) ? worse : 0))
    if (rule(seen, known)) return week
  }
  return Number.POSITIVE_INFINITY
}
