import { type Static, type TProperties, Type } from 'typebox'
import { count, number, object, share, union } from '../../base/schema-parts.ts'
import { MetricName } from '../scoring/metrics.ts'
import { Interval } from './interval.ts'
import { SmallerQuestion } from './question.ts'

/** Why production is to be refreshed. */
export const DueReason = union('calledFor', [
  object({ calledFor: Type.Literal('by a lower loss') }),
  object({
    calledFor: Type.Literal('by a limit that production breaks'),
    limit: Type.Enum(['bias', 'coverage of the 80% interval']),
  }),
  object({ calledFor: Type.Literal('by new series') }),
  object({ calledFor: Type.Literal('by age') }),
])
export type DueReason = Static<typeof DueReason>

/**
 * One thing that the policy asked to hold, whether it does, and the numbers that say so. A number
 * that could not be computed is absent. `kept` is what the model that would stay comes to where it
 * breaks the limit itself: the challenger then has to be no worse than that.
 */
export const Check = union('name', [
  check('every metric', { missing: Type.Array(MetricName) }),
  /** Those that the policy does not allow, or all of them where it allows them all. */
  check('same question', { smaller: Type.Array(SmallerQuestion, { minItems: 1 }) }),
  check('minimum improvement', { difference: Type.Optional(number), required: number }),
  check('no worse', { difference: Type.Optional(number), allowed: number }),
  check('due', {
    because: Type.Array(DueReason),
    /** What would call for a refresh. */
    limits: object({ gain: number, newSeries: number, maxAge: number }),
  }),
  check('seasonal naive beaten', {
    own: Type.Optional(number),
    naive: Type.Optional(number),
    kept: Type.Optional(number),
  }),
  check('bias', {
    bias: Type.Optional(number),
    allowed: number,
    kept: Type.Optional(number),
  }),
  /** `kept`: how far beyond the limits the model is that would stay. */
  check('coverage of the 80% interval', {
    coverage: Type.Optional(number),
    least: number,
    most: number,
    kept: Type.Optional(number),
  }),
  segmentCheck('no category worse'),
  segmentCheck('no volume class worse'),
  segmentCheck('no part worse'),
  check('cost of ordering', {
    /** Absent where ordering was not simulated. */
    found: Type.Optional(
      object({ challenger: number, reference: number, interval: Type.Optional(Interval) }),
    ),
    allowed: number,
    byChance: Type.Boolean(),
  }),
  check('service level of ordering', {
    isSimulated: Type.Boolean(),
    level: Type.Optional(share),
    required: number,
    kept: Type.Optional(number),
  }),
])
export type Check = Static<typeof Check>

function segmentCheck<const Name extends string>(name: Name) {
  return check(name, {
    /** Those that are too high, or else the worst of those that can be judged. */
    shown: Type.Array(
      object({
        name: Type.String(),
        /** Relative increase of the metric that decides. */
        worse: Type.Optional(number),
      }),
    ),
    minimumRows: count,
    allowed: number,
    /** Whether the worst is beyond the limit, as chance may explain. */
    byChance: Type.Boolean(),
  })
}

function check<const Name extends string, Numbers extends TProperties>(
  name: Name,
  numbers: Numbers,
) {
  return object({ name: Type.Literal(name), passed: Type.Boolean(), ...numbers })
}
