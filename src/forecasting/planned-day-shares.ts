import { firstDay } from '../demand/calendar.ts'
import { dayShares } from '../demand/day-shares.ts'
import type { Panel } from '../demand/panel.ts'
import { planEffect } from './plan-effect.ts'

/**
 * How the demand of one period falls on its days, as `dayShares`, but more of it where a promotion is
 * planned, and none where the series is closed: all are 0 where it is closed throughout.
 */
export function plannedDayShares(panel: Panel, index: number, period: number): Float64Array {
  const shares = dayShares(panel, index, period)
  const effect = planEffect(panel)?.ofSeries(index)
  if (!effect) return shares
  const first = firstDay(panel.frequency, period)
  const lifted = shares.map((share, day) => share * effect.liftOn(first + day))
  const whole = lifted.reduce((sum, share) => sum + share, 0)
  return whole > 0 ? lifted.map((share) => share / whole) : lifted
}
