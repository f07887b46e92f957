import { type Static, Type } from 'typebox'
import { UserError } from '../../base/errors.ts'
import { object, record } from '../../base/schema-parts.ts'
import { season as seasonOf } from '../../demand/calendar.ts'
import { uncensoredUnits } from '../../demand/demand-estimate.ts'
import type { Panel } from '../../demand/panel.ts'
import { significant } from '../significant.ts'
import {
  addSums,
  noSums,
  positionInSeason,
  type SeasonalSums,
  seasonalSums,
  shrunkProfile,
} from './seasonal-profile.ts'

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
        remedy: 'Restore the file from git, or train the model again.',
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
 * The profile of all series together, and that of each category, drawn towards it. `season` is 1
 * for none, and taken for 1 where less than 1¼ seasons are known.
 */
export function sharedSeasons(panel: Panel, wanted: number): SharedSeasons {
  const season = panel.periods >= 1.25 * wanted ? wanted : 1
  const all = noSums(season)
  const ofCategory = new Map<string, SeasonalSums>()
  for (const { category, sums } of readSeries(panel, season)) {
    addSums(all, sums)
    if (category === undefined) continue
    if (!ofCategory.has(category)) ofCategory.set(category, noSums(season))
    addSums(ofCategory.get(category)!, sums)
  }
  const profile = shrunkProfile(all, new Float64Array(season).fill(1), SHARED_WEIGHT)
  return {
    season,
    categoryProfiles: Object.fromEntries(
      [...ofCategory].map(([category, sums]) => [
        category,
        significant(shrunkProfile(sums, profile, SHARED_WEIGHT)),
      ]),
    ),
    profile: significant(profile),
  }
}

/**
 * Every series with its own profile, drawn towards that of its category, or of all series where it
 * has none. Of a series known for few periods it is drawn towards no season as well: one that sold
 * well in a week in which others sell nothing does not sell a hundred times as much in the next.
 */
export function seasonalHistories(
  panel: Panel,
  { season, categoryProfiles, profile }: SharedSeasons,
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
  return readSeries(panel, season).map(({ category, units, from, sums }) => {
    const prior = (category === undefined ? undefined : ofCategory.get(category)) ?? ofAll
    const own = shrunkProfile(sums, prior, ownWeight(units, from))
    const share = known(units) / (known(units) + FLAT_PERIODS)
    const factors = Float64Array.from(positions, (position) => 1 + share * (own[position] - 1))
    return {
      units,
      factors: factors.subarray(0, periods),
      factorsAhead: factors.subarray(periods),
      from,
    }
  })
}

/** How many seasons back profiles and errors look. */
const SEASONS_BACK = 26
/** How many seasons of its own the profile of all series is worth to a category. */
const SHARED_WEIGHT = 2
/** How many demands at a position of the season the shared profile is worth to a series. */
const SHARED_DEMANDS = 20

/** How many periods of its own no season is worth to a series. */
const FLAT_PERIODS = 1

function known(units: Float64Array): number {
  return units.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0)
}

function readSeries(panel: Panel, season: number) {
  const { series, periods } = panel
  const units = uncensoredUnits(panel)
  const positions = positionsOf(panel, season, periods)
  const from = Math.max(0, periods - SEASONS_BACK * seasonOf(panel.frequency))
  return series.map(({ category }, index) => {
    const own = units.subarray(index * periods, (index + 1) * periods)
    return { category, units: own, from, sums: seasonalSums(own, positions, season, from) }
  })
}

/** Where the panel's first periods stand in the season, all 0 for no season. */
function positionsOf(panel: Panel, season: number, count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, period) =>
    season === 1 ? 0 : positionInSeason(panel.frequency, panel.firstPeriod + period),
  )
}

/**
 * How many seasons of its own the shared profile is worth to a series: the fewer demands it has in
 * a period, the more its own profile is chance, as factors of a Poisson count with a gamma prior
 * are. Demands are told from how many periods have none, −ln P(0), so that the unit of measure does
 * not matter.
 */
function ownWeight(units: Float64Array, from: number): number {
  let known = 0
  let without = 0
  for (let period = from; period < units.length; period++) {
    if (Number.isNaN(units[period])) continue
    known++
    if (units[period] === 0) without++
  }
  return SHARED_DEMANDS / -Math.log((without + 0.5) / (known + 1))
}
