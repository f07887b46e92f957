import type { Static } from 'typebox'
import { number, object } from '../../base/schema-parts.ts'

/** An estimate with its confidence interval. */
export const Interval = object({ estimate: number, low: number, high: number })
export type Interval = Static<typeof Interval>
