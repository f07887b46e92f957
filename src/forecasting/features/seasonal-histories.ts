import { type Static, Type } from 'typebox'
import { UserError } from '../../base/errors.ts'
import { object, record } from '../../base/schema-parts.ts'
import { season as seasonOf } from '../../demand/calendar.ts'
import { uncensoredUnits } from '../../demand/demand-estimate.ts'
import type { Panel } from '../../demand/panel.ts'
import { significant } from '../significant.ts'
import { TRAIN_AGAIN } from '../train-again.ts'
import { lengths } from './demand-level.ts'
import { believedGrowth } from './growth.ts'
import {
  differenceFromPrior,
  positionInSeason,
  type SeasonalSums,
  seasonalLevel,
  seasonalSums,
  shrunkProfile,
} from './seasonal-profile.ts'
import { sharedByPanel } from './shared-by-panel.ts'

/** The lengths of seasons that an artifact may have; 1 for no season. */
const SEASON_LENGTHS = [1, 7, 12, 52]

const profile = Type.Array(Type.Number({ minimum: 0, maximum: 1000 }), {
  minItems: 1,
  maxItems: Math.max(...SEASON_LENGTHS),
})

/** What the series share of their seasons, as an artifact holds it. */
export const SharedSeasons = object({
  /** Periods of a season; 1 for no season. */
  season: Type.Integer({ enum: SEASON_LENGTHS }),
  /** Seasonal factors of each category, and of all series together. */
  categoryProfiles: record(profile),
  profile,
  /** Variance between the factors of series and those of their category; older models have none. */
  differences: Type.Optional(Type.Number({ minimum: 0 })),
  /** Of the logarithm of demand per period beside the season; older models have none. */
  growth: Type.Optional(Type.Number({ minimum: -1, maximum: 1 })),
})
export type SharedSeasons = Static<typeof SharedSeasons>

/** What is known of one series, and the seasonal factors of what is and of what comes. */
export type SeasonalHistory = {
  /** T uncensored units per period, NaN where unknown. */
  units: Float64Array
  /** T and H: of each period known and each ahead; 1 on average over a season. */
  factors: Float64Array
  factorsAhead: Float64Array
  /** The first period that profiles and errors look at. */
  from: number
}

/** Throws a `UserError` where a profile is not as long as the season. */
export function checkProfiles(
  { season, categoryProfiles, profile }: SharedSeasons,
  file: string,
): void {
  for (const factors of [profile, ...Object.values(categoryProfiles)]) {
    if (factors.length === season) continue
    throw new UserError(
      `must have a factor for each period of the season, ${season}, but has ${factors.length}`,
      {
        file,
        key: 'profile',
        remedy: TRAIN_AGAIN,
      },
    )
  }
}

/** Of a family: whether there is a factor for each position in the season, from 1¼ seasons of history on. */
export const seasonSetting = {
  schema: Type.String({ enum: ['profile', 'none'] }),
  default: 'profile',
}

/**
 * The profile of all series together, that of each category, drawn towards it, how far series differ
 * from these, and how fast they grow, each only as far as it is more than chance. `season` is 1 for none, and taken
 * for 1 where less than 1¼ seasons are known.
 */
export function sharedSeasons(panel: Panel, wanted: number): SharedSeasons {
  return shared(panel, wanted, () => foundSeasons(panel, wanted))
}

const shared = sharedByPanel<SharedSeasons>()

function foundSeasons(panel: Panel, wanted: number): SharedSeasons {
  const season = panel.periods >= 1.25 * wanted ? wanted : 1
  const from = firstThatCounts(panel)
  const positions = positionsOf(panel, season, panel.periods)
  const histories = readSeries(panel, season)
  const sumsOf = ({ units, level }: Together) => seasonalSums(units, level, positions, season, from)
  const shrunkAll = (groups: Together[], prior: Float64Array) => {
    const all = groups.map((it) => ({ sums: sumsOf(it), prior }))
    const difference = differenceFromPrior(all)
    return all.map(({ sums }) => shrunkProfile(sums, prior, difference))
  }
  const [profile] = shrunkAll([together(histories)], new Float64Array(season).fill(1))
  const ofCategory = Map.groupBy(
    histories.filter(({ category }) => category !== undefined),
    ({ category }) => category!,
  )
  const profiles = shrunkAll([...ofCategory.values()].map(together), profile)
  const categoryProfiles = new Map([...ofCategory.keys()].map((it, k) => [it, profiles[k]]))
  const told = histories.map((it) => ({
    units: it.units,
    sums: sumsOf(it),
    prior: (it.category === undefined ? undefined : categoryProfiles.get(it.category)) ?? profile,
  }))
  const differences = differenceFromPrior(told)
  const seasonal = told.map((it) => {
    const factors = ownProfile(it, differences)
    return { units: it.units, factors: it.units.map((_, at) => factors[positions[at]]), from }
  })
  return {
    season,
    categoryProfiles: Object.fromEntries(
      [...categoryProfiles].map(([category, factors]) => [category, significant(factors)]),
    ),
    profile: significant(profile),
    differences: significant([differences])[0],
    growth: significant([believedGrowth(seasonal, panel.frequency)])[0],
  }
}

/**
 * Tells of a series what growth makes of each period, T known and H ahead, against the last known one.
 * Nothing grows for ever: it is gone on with for as long as a level is looked back at.
 */
export function growthFactors(
  { frequency, periods }: Panel,
  growth: number,
  horizon: number,
): (units: Float64Array) => { known: Float64Array; ahead: Float64Array } {
  const { long } = lengths[frequency]
  const bySteps = Float64Array.from({ length: 2 * periods + horizon + 1 }, (_, at) =>
    Math.exp(growth * Math.min(at - periods, long)),
  )
  const ahead = bySteps.subarray(periods + 1, periods + 1 + horizon)
  return (units) => {
    const last = units.findLastIndex((value) => !Number.isNaN(value))
    return { known: bySteps.subarray(periods - last, 2 * periods - last), ahead }
  }
}

/** Every series with its own profile. */
export function seasonalHistories(
  panel: Panel,
  { season, categoryProfiles, profile, differences = USUAL_DIFFERENCES, growth = 0 }: SharedSeasons,
  horizon: number,
): SeasonalHistory[] {
  const { periods } = panel
  const positions = positionsOf(panel, season, periods + horizon)
  const ofAll = Float64Array.from(profile)
  const ofCategory = new Map(
    Object.entries(categoryProfiles).map(([category, factors]) => [
      category,
      Float64Array.from(factors),
    ]),
  )
  const from = firstThatCounts(panel)
  const growing = growthFactors(panel, growth, horizon)
  return readSeries(panel, season).map(({ category, units, level }) => {
    const prior = (category === undefined ? undefined : ofCategory.get(category)) ?? ofAll
    const sums = seasonalSums(units, level, positions, season, from)
    const own = ownProfile({ units, sums, prior }, differences)
    const grown = growing(units)
    return {
      units,
      factors: grown.known.map((times, period) => times * own[positions[period]]),
      factorsAhead: grown.ahead.map((times, step) => times * own[positions[periods + step]]),
      from,
    }
  })
}

/** How many seasons back profiles and errors look. */
const SEASONS_BACK = 26
/** How many periods of its own no season is worth to a series. */
const FLAT_PERIODS = 1
/** What a model that does not say it takes for the differences of series from their category. */
const USUAL_DIFFERENCES = 0.05

/** What tells the profile of a series. */
type Told = { units: Float64Array; sums: SeasonalSums; prior: Float64Array }

/**
 * Drawn towards that of its category, or of all series where it has none. Of a series known for few
 * periods it is drawn towards no season as well: one that sold well in a week in which others sell
 * nothing does not sell a hundred times as much in the next.
 */
function ownProfile({ units, sums, prior }: Told, differences: number): Float64Array {
  let known = 0
  for (const value of units) if (!Number.isNaN(value)) known++
  const share = known / (known + FLAT_PERIODS)
  return shrunkProfile(sums, prior, differences).map((factor) => 1 + share * (factor - 1))
}

function firstThatCounts({ periods, frequency }: Panel): number {
  return Math.max(0, periods - SEASONS_BACK * seasonOf(frequency))
}

/** Units of a series, or of several together, and what they would have been without a season. */
type Together = { units: Float64Array; level: Float64Array }

function readSeries(panel: Panel, season: number): (Together & { category: string | undefined })[] {
  const { series, periods } = panel
  const all = uncensoredUnits(panel)
  const histories = series.map((_, index) => all.subarray(index * periods, (index + 1) * periods))
  const growth = growthFromYear(histories, season)
  return series.map(({ category }, index) => {
    const units = histories[index]
    return { category, units, level: seasonalLevel(units, season, growth) }
  })
}

/**
 * How the logarithm of demand grows per period, without the season: what was sold over what the same
 * series sold a season before.
 */
function growthFromYear(histories: Float64Array[], season: number): number {
  let now = 0
  let before = 0
  for (const units of histories) {
    for (let period = season; period < units.length; period++) {
      if (Number.isNaN(units[period] + units[period - season])) continue
      now += units[period]
      before += units[period - season]
    }
  }
  return now > 0 && before > 0 ? Math.log(now / before) / season : 0
}

/** The sums over those of the series of which both are known. */
function together(histories: Together[]): Together {
  const periods = histories[0]?.units.length ?? 0
  const sum = {
    units: new Float64Array(periods).fill(Number.NaN),
    level: new Float64Array(periods).fill(Number.NaN),
  }
  for (const { units, level } of histories) {
    for (let period = 0; period < periods; period++) {
      if (Number.isNaN(units[period] + level[period])) continue
      sum.units[period] = (sum.units[period] || 0) + units[period]
      sum.level[period] = (sum.level[period] || 0) + level[period]
    }
  }
  return sum
}

/** Where the panel's first periods stand in the season, all 0 for no season. */
function positionsOf(panel: Panel, season: number, count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, period) =>
    season === 1 ? 0 : positionInSeason(panel.frequency, panel.firstPeriod + period),
  )
}
