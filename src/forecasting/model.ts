import type { Frequency } from '../demand/calendar.ts'
import type { Calibration } from './calibration.ts'
import type { FamilyName, Json, Settings } from './family.ts'

/** The artifact, `model.json`: fitted parameters, no sales. */
export type Model = {
  format: 'cd4ml-model/1'
  frequency: Frequency
  horizon: number
  /** Quantile levels, ascending. */
  levels: number[]
  holidays: string
  family: FamilyName
  settings: Settings
  parameters: Json
  calibration: Calibration
  /** The series that it was fitted on, `product` or `product@store`, sorted. */
  series: string[]
  /** ISO day: the last one that it has learnt from. */
  trainedThrough: string
  seed: number
}
