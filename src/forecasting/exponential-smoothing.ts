import { season as seasonOf } from '../demand/calendar.ts'
import { uncensoredUnits } from '../demand/demand-estimate.ts'
import type { Panel } from '../demand/panel.ts'
import type { Family, FittedModel } from './family.ts'
import { isIntermittent, sba, tsb } from './intermittent.ts'
import { forecastNewSeries } from './new-series.ts'
import {
  addSums,
  noSums,
  positionInSeason,
  type SeasonalSums,
  seasonalSums,
  shrunkProfile,
} from './seasonal-profile.ts'
import { significant } from './significant.ts'
import { oneStepErrors, smoothedLevel } from './smoothing.ts'

/**
 * Seasonal profile × exponentially smoothed level. Each series has its own profile, drawn towards
 * that of its category, and its own α: the one that would have forecast it best, weighed together
 * with the one that suits all. What series share is fitted; what is a series' own is read off its
 * history when it is forecast, so that a product is not forecast worse for having come after the
 * fit.
 */
export const exponentialSmoothing: Family = {
  name: 'exponential-smoothing',
  description:
    'A seasonal profile times a smoothed level; products that sell now and then by TSB or SBA.',
  settings: {
    /** `profile`: a factor for each position in the season, from 1¼ seasons of history on. */
    season: { schema: { type: 'string', enum: ['profile', 'none'] }, default: 'profile' },
    /** The method for series with more than 1.32 periods from one demand to the next. */
    intermittent: { schema: { type: 'string', enum: ['tsb', 'sba'] }, default: 'tsb' },
  },
  fit: (panel, settings, { season }) => {
    const seasonal = settings.season !== 'none' && panel.periods >= 1.25 * season
    const intermittent = settings.intermittent === 'sba' ? 'sba' : 'tsb'
    return fitted(estimate(panel, seasonal ? season : 1, intermittent))
  },
  cost: ({ series, periods }) => 1.1e-6 * series * periods,
  parameters: { anyOf: [1, 7, 12, 52].map(parametersSchema) },
  restore: (parameters) => fitted(parameters as Parameters),
}

type Parameters = {
  /** Periods of a season; 1 for no season. */
  season: number
  intermittent: 'tsb' | 'sba'
  /** Seasonal factors of each category, and of all series together. */
  categoryProfiles: { [category: string]: number[] }
  profile: number[]
  /** The choices of α, and the mean absolute one-step error with each, 1 on average. */
  alphas: number[]
  errors: number[]
}

const ALPHAS = [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7]
/** How many seasons back profiles and errors look. */
const SEASONS = 26
/** How many seasons of its own the profile of category or chain is worth to a series. */
const PROFILE_WEIGHT = 2
/** How many periods of its own the errors of all series are worth to a series. */
const ALPHA_WEIGHT = 20

function parametersSchema(season: number): object {
  const profile = {
    type: 'array',
    items: { type: 'number', minimum: 0, maximum: 1000 },
    minItems: season,
    maxItems: season,
  }
  const numbers = {
    type: 'array',
    items: { type: 'number', minimum: 0 },
    minItems: 1,
    maxItems: 99,
  }
  const properties = {
    season: { const: season },
    intermittent: { enum: ['tsb', 'sba'] },
    categoryProfiles: { type: 'object', additionalProperties: profile },
    profile,
    alphas: { ...numbers, items: { type: 'number', exclusiveMinimum: 0, maximum: 1 } },
    errors: numbers,
  }
  return {
    type: 'object',
    required: Object.keys(properties),
    additionalProperties: false,
    properties,
  }
}

function estimate(panel: Panel, season: number, intermittent: 'tsb' | 'sba'): Parameters {
  const histories = readHistories(panel, season)
  const all = noSums(season)
  const ofCategory = new Map<string, SeasonalSums>()
  for (const { category, sums } of histories) {
    addSums(all, sums)
    if (category === undefined) continue
    if (!ofCategory.has(category)) ofCategory.set(category, noSums(season))
    addSums(ofCategory.get(category)!, sums)
  }
  const profile = shrunkProfile(all, new Float64Array(season).fill(1), PROFILE_WEIGHT)
  const profiles = new Map<string, Float64Array>()
  for (const [category, sums] of ofCategory) {
    profiles.set(category, shrunkProfile(sums, profile, PROFILE_WEIGHT))
  }
  const errors = new Float64Array(ALPHAS.length)
  for (const history of histories) {
    const factors = factorsOver(history.positions, profileOf(history, profiles, profile))
    for (let choice = 0; choice < ALPHAS.length; choice++) {
      errors[choice] += oneStepErrors(history.units, factors, ALPHAS[choice], history.from).sum
    }
  }
  return {
    season,
    intermittent,
    categoryProfiles: Object.fromEntries(
      [...profiles].map(([category, factors]) => [category, significant(factors)]),
    ),
    profile: significant(profile),
    alphas: ALPHAS,
    errors: significant(relativeToMean(errors)),
  }
}

function fitted(parameters: Parameters): FittedModel {
  const profiles = new Map(
    Object.entries(parameters.categoryProfiles).map(([category, factors]) => [
      category,
      Float64Array.from(factors),
    ]),
  )
  const profile = Float64Array.from(parameters.profile)
  return {
    parameters,
    forecast: (panel, horizon) => forecast(panel, horizon, parameters, profiles, profile),
  }
}

function forecast(
  panel: Panel,
  horizon: number,
  { season, intermittent, alphas, errors }: Parameters,
  categoryProfiles: Map<string, Float64Array>,
  chainProfile: Float64Array,
): Float64Array {
  const ahead = positionsOf(panel, season, panel.periods, panel.periods + horizon)
  const result = new Float64Array(panel.series.length * horizon)
  let cell = 0
  for (const history of readHistories(panel, season)) {
    const profile = profileOf(history, categoryProfiles, chainProfile)
    const factors = factorsOver(history.positions, profile)
    const alpha = bestAlpha(history, factors, alphas, errors)
    const method = { tsb, sba, none: smoothedLevel }[
      isIntermittent(history.units, factors) ? intermittent : 'none'
    ]
    const level = method(history.units, factors, alpha)
    for (const position of ahead) result[cell++] = level * profile[position]
  }
  forecastNewSeries(result, panel, horizon)
  return result
}

/** What is known of one series, and where its periods stand in the season. */
type History = {
  category: string | undefined
  units: Float64Array
  positions: Int32Array
  /** The first period that profile and errors look at. */
  from: number
  sums: SeasonalSums
}

function readHistories(panel: Panel, season: number): History[] {
  const { series, periods } = panel
  const units = uncensoredUnits(panel)
  const positions = positionsOf(panel, season, 0, periods)
  const from = Math.max(0, periods - SEASONS * seasonOf(panel.frequency))
  return series.map(({ category }, index) => {
    const own = units.subarray(index * periods, (index + 1) * periods)
    const sums = seasonalSums(own, positions, season, from)
    return { category, units: own, positions, from, sums }
  })
}

/** The positions in the season of the panel's periods from `from` up to `to`, all 0 for no season. */
function positionsOf(panel: Panel, season: number, from: number, to: number): Int32Array {
  return Int32Array.from({ length: to - from }, (_, step) =>
    season === 1 ? 0 : positionInSeason(panel.frequency, panel.firstPeriod + from + step),
  )
}

/** The series' own profile, drawn towards that of its category, or of the chain without one. */
function profileOf(
  { category, sums }: History,
  categoryProfiles: Map<string, Float64Array>,
  chainProfile: Float64Array,
): Float64Array {
  const prior = category === undefined ? undefined : categoryProfiles.get(category)
  return shrunkProfile(sums, prior ?? chainProfile, PROFILE_WEIGHT)
}

function factorsOver(positions: Int32Array, profile: Float64Array): Float64Array {
  return Float64Array.from(positions, (position) => profile[position])
}

function bestAlpha(
  { units, from }: History,
  factors: Float64Array,
  alphas: number[],
  shared: number[],
): number {
  const own = new Float64Array(alphas.length)
  let periods = 0
  for (let choice = 0; choice < alphas.length; choice++) {
    const { sum, count } = oneStepErrors(units, factors, alphas[choice], from)
    own[choice] = sum
    periods = count
  }
  const relative = relativeToMean(own)
  let best = 0
  let least = Number.POSITIVE_INFINITY
  for (let choice = 0; choice < alphas.length; choice++) {
    const error = periods * relative[choice] + ALPHA_WEIGHT * shared[choice]
    if (error < least) {
      least = error
      best = choice
    }
  }
  return alphas[best]
}

/** Divided by their mean; all 1 where that is 0. */
function relativeToMean(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.map((value) => (mean > 0 ? value / mean : 1))
}
