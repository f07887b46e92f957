import { isoFromDay } from '../base/day.ts'
import { quantileAt } from './demand-quantiles.ts'
import type { OrderDecision } from './order-decision.ts'

/**
 * An order as a sentence for a buyer: `Order 24 (2 packs of 12): forecast 31 through 2026-12-06
 * (80%: 22–41), 9 on hand; one short costs 2.10, one left over 0.37: enough in 85% of cases is
 * cheapest.`
 */
export function orderReason(decided: OrderDecision, pack: number): string {
  const { units, packs, through, covered, onHand, expiring } = decided
  const order =
    units === 0
      ? 'Order none'
      : `Order ${whole(units)}${pack > 1 ? ` (${whole(packs)} ${packs === 1 ? 'pack' : 'packs'} of ${whole(pack)})` : ''}`
  const interval = `80%: ${whole(quantileAt(covered, 0.1))}–${whole(quantileAt(covered, 0.9))}`
  const lost = expiring >= 0.5 ? `, of which ${whole(expiring)} will expire` : ''
  return `${order}: forecast ${whole(covered.mean)} through ${isoFromDay(through)} (${interval}), ${whole(onHand)} on hand${lost}; ${why(decided)}.`
}

function why({ price, costs, covered, criticalRatio, limit }: OrderDecision): string {
  const cases = `${(criticalRatio * 100).toFixed(0)}% of cases`
  const loss = `one sold brings ${money(price)} and costs ${money(costs.expired)}`
  if (limit === 'loss') return `${loss}: none is worth ordering`
  if (limit === 'minimum service') {
    const though = costs.short > 0 ? '' : `, though ${loss}`
    return `enough in ${cases} is the least that is asked for${though}`
  }
  if (quantileAt(covered, 0.975) === 0) return 'none is expected to sell'
  if (criticalRatio === 0) return 'one sold earns less than keeping one costs'
  const over = (costs.short * (1 - criticalRatio)) / criticalRatio
  const expiry = limit === 'expiry' ? ', as it may expire' : ''
  return `one short costs ${money(costs.short)}, one left over ${money(over)}${expiry}: enough in ${cases} is cheapest`
}

function whole(units: number): string {
  return wholeFormat.format(units)
}

function money(amount: number): string {
  return moneyFormat.format(amount)
}

// A fixed locale: a sentence must not depend on the machine that writes it.
const wholeFormat = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const moneyFormat = new Intl.NumberFormat('en-US', {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
})
