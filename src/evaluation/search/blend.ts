import type { BacktestErrors } from '../../forecasting/backtest-errors.ts'
import type { FamilyName } from '../../forecasting/families/family.ts'
import { blendedOutlook } from '../../forecasting/model.ts'
import { significant } from '../../forecasting/significant.ts'
import type { Judged } from './judging.ts'

/** A candidate with its share of the forecast. */
export type Blended = { judged: Judged; weight: number }

/**
 * The best candidate of each family (the simplest among equals), weighted by how they did in the
 * backtest, at two levels. Kinds of models count in proportion to loss^(−30) of their best family, so
 * that one whose loss is 2.3% higher counts half as much, and drawn towards equal weights, because a
 * few origins are little evidence. Within a kind its families do, in the same proportion: those that
 * look at nothing but the series itself are of one kind; they err alike, and are not to outvote the
 * others by being many. A family that would have less than a twentieth is left out. The one with the
 * most comes first; where none could be judged, the simplest is alone.
 *
 * The errors of unlike models cancel in part, which is why a combination is nearly always better
 * than its parts (Bates & Granger 1969, "The Combination of Forecasts"), and one with few
 * parameters better than one with many (Claeskens et al. 2016, "The forecast combination puzzle").
 */
export function blend(judged: Judged[]): Blended[] {
  const families = bestOfEach(judged)
  const known = families.filter(({ loss }) => loss !== undefined)
  if (known.length === 0) return [{ judged: families[0], weight: 1 }]
  const shares = sharesOf(known)
  const kept = known.filter((_, index) => shares[index] >= LEAST_SHARE)
  return weighted(
    kept,
    shares.filter((share) => share >= LEAST_SHARE),
  )
}

/** The errors of the blend where its members were judged: one element an origin. */
export function blendedErrors(members: Blended[]): BacktestErrors[] {
  return members[0].judged.errors.map((errors, origin) => ({
    ...errors,
    ...blendedOutlook(
      members.map(({ judged, weight }) => ({ outlook: judged.errors[origin], weight })),
    ),
  }))
}

const SHARPNESS = 30
const EQUAL_SHARE = 0.2
const LEAST_SHARE = 0.05
/** Families that learn from all series at once; each of them is a kind of its own. */
const ACROSS_SERIES: FamilyName[] = ['ridge', 'boosted-trees']

function bestOfEach(judged: Judged[]): Judged[] {
  const best = new Map<string, Judged>()
  for (const it of judged) {
    const known = best.get(it.candidate.family)
    if (!known || lossOf(it) < lossOf(known)) best.set(it.candidate.family, it)
  }
  return [...best.values()]
}

function lossOf({ loss = Number.POSITIVE_INFINITY }: Judged): number {
  return loss
}

function sharesOf(judged: Judged[]): number[] {
  const kinds = Map.groupBy(judged, ({ candidate: { family } }) =>
    ACROSS_SERIES.includes(family) ? family : 'of one series',
  )
  const earned = merits([...kinds.values()].map((ofKind) => Math.min(...ofKind.map(lossOf))))
  const shares = new Map<Judged, number>()
  for (const [index, ofKind] of [...kinds.values()].entries()) {
    const share = (1 - EQUAL_SHARE) * earned[index] + EQUAL_SHARE / kinds.size
    const within = merits(ofKind.map(lossOf))
    for (const [at, it] of ofKind.entries()) shares.set(it, share * within[at])
  }
  return judged.map((it) => shares.get(it)!)
}

/** In proportion to loss^(−30); adding up to 1. */
function merits(losses: number[]): number[] {
  const least = Math.min(...losses)
  return normalised(losses.map((loss) => (loss === least ? 1 : (least / loss) ** SHARPNESS)))
}

function weighted(judged: Judged[], shares: number[]): Blended[] {
  const weights = significant(normalised(shares))
  return judged
    .map((it, index) => ({ judged: it, weight: weights[index] }))
    .sort((a, b) => b.weight - a.weight)
}

function normalised(values: number[]): number[] {
  const sum = values.reduce((total, value) => total + value, 0)
  return values.map((value) => value / sum)
}
