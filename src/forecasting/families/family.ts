import {
  type Static,
  type TBoolean,
  type TInteger,
  type TNumber,
  type TObject,
  type TString,
  Type,
} from 'typebox'
import { type Json, record } from '../../base/schema-parts.ts'
import type { Panel } from '../../demand/panel.ts'

export const familyNames = [
  'seasonal-naive',
  'moving-average',
  'exponential-smoothing',
  'theta',
  'ridge',
  'boosted-trees',
] as const

export const FamilyName = Type.Enum(familyNames)
export type FamilyName = Static<typeof FamilyName>

/** One point of a family's search space, such as `{ window: 8 }`. */
export const Settings = record(Type.Union([Type.Number(), Type.String(), Type.Boolean()]))
export type Settings = Readonly<Static<typeof Settings>>

/** What one value of a setting may be. */
export type SettingSchema = TNumber | TInteger | TString | TBoolean

export type FitContext = {
  /** H: how many periods ahead the fitted model will be asked for. */
  horizon: number
  /** Periods of a season: 7 for days, 52 for weeks, 12 for months. */
  season: number
  /** Country or region whose public holidays matter, such as `BR` or `BR-SP`. */
  holidays: string
  /** Of all that is drawn at random. */
  seed: number
}

/** What the cost of a fit depends on: n series × T periods, H ahead. */
export type PanelShape = { series: number; periods: number; horizon: number }

/**
 * What is expected of each of n series in each of the H periods after an origin, and, where a model
 * tells it, in what shape what sells in a period will spread around it.
 */
export type Outlook = {
  /** n × H expected units. */
  mean: Float64Array
  shape?: DemandShape | undefined
}

/** n × H each, as shares of the mean: 0.8 where the median is 20% below it. Of any scale of demand. */
export type DemandShape = {
  median: Float64Array
  /** From the 10% to the 90% quantile. */
  width: Float64Array
}

/** A family of forecasting models: how to fit one, and how to forecast with what was fitted. */
export type Family = {
  name: FamilyName
  /** What a reader of the recipe should know, in one sentence. */
  description: string
  /** The settings that it knows, each as the schema of one value, and their defaults. */
  settings: Readonly<Record<string, { schema: SettingSchema; default: number | string | boolean }>>
  /**
   * Fits on all that the panel holds, which ends at the origin. Returns the parameters: all that is
   * needed to forecast with the model, and no sales.
   */
  fit(panel: Panel, settings: Settings, context: FitContext): { [name: string]: Json }
  /**
   * Expected units of every series of the panel in each of the `horizon` periods after its end,
   * n × horizon, never negative, and NaN where nothing is known of a series; those of `families` are
   * never NaN, and within the bounds of `plausible`. The panel may be longer than the one fitted on,
   * and hold series that the model has never seen: they are forecast by their own history. Parameters
   * that have been through JSON and their schema give the same, bit for bit.
   */
  forecast(panel: Panel, horizon: number, parameters: Json): Float64Array
  /** `forecast`, with the shape that the model expects: of families that learn it. */
  outlook?(panel: Panel, horizon: number, parameters: Json): Outlook
  /**
   * About how long `fit` and one forecast take, in seconds of the reference machine (measured by
   * `npm run benchmark forecasting`): an estimate from these alone, so that what is decided by it
   * does not depend on the machine or its load.
   */
  cost(shape: PanelShape, settings: Settings): number
  /** Schema of the parameters: what an artifact must hold. */
  parameters: TObject
  /** Throws a `UserError` where parameters satisfy their schema and still are no model. */
  check?(parameters: Json, file: string): void
  /** What the fitted model looks at, by the name of the feature: shares of 1, the largest first. */
  importance?(parameters: Json): Record<string, number>
}

/** The two ways in which a family forecasts, of one that tells both. */
export function forecasting(
  outlook: NonNullable<Family['outlook']>,
): Required<Pick<Family, 'forecast' | 'outlook'>> {
  return {
    outlook,
    forecast: (panel, horizon, parameters) => outlook(panel, horizon, parameters).mean,
  }
}

/** What a family expects of a panel, with the shape where it learns one. */
export function outlookOf(
  family: Family,
  panel: Panel,
  horizon: number,
  parameters: Json,
): Outlook {
  return (
    family.outlook?.(panel, horizon, parameters) ?? {
      mean: family.forecast(panel, horizon, parameters),
    }
  )
}

/** A family with its settings, as people and files call it: `moving-average (window 8)`. */
export function candidateName({
  family,
  settings,
}: {
  family: FamilyName
  settings: Settings
}): string {
  const shown = Object.entries(settings)
    .sort()
    .map(([key, value]) => `${key} ${value}`)
  return shown.length > 0 ? `${family} (${shown.join(', ')})` : family
}
