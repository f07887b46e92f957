import type { Language } from '../base/language.ts'
import type { AdvisedOrder, OrderAdvice, UnknownOrder } from '../ordering/order-advice.ts'
import { numbersIn } from './texts/numbers.ts'
import { reasonTexts } from './texts/order.ts'

/**
 * An order as a sentence for a buyer: `Order 24 (2 packs of 12): forecast 31 through 2026-12-06
 * (80%: 22–41), 9 on hand; one short costs 2.10, one left over 0.37: enough in 85% of cases is
 * cheapest.`
 */
export function orderReason(advice: OrderAdvice, language: Language): string {
  const say = reasonTexts[language]
  if (advice.outcome === 'unknown') return `${say.unknown}: ${missingText(advice, language)}.`
  const { integer, day } = numbersIn[language]
  const { units, packs, pack, through, forecast, onHand, expiring, onOrder = 0, lost = 0 } = advice
  const inPacks = pack > 1 ? ` (${say.packs(packs, integer(pack))})` : ''
  const order = units === 0 ? say.orderNone : `${say.order(integer(units))}${inPacks}`
  const expected = say.forecast(
    integer(forecast.mean),
    day(through),
    intervalText(advice, language),
  )
  const unserved = lost > 0 ? `, ${say.lost(Math.round(lost))}` : ''
  const wasted = expiring >= 0.5 ? `, ${say.expiring(Math.round(expiring))}` : ''
  const { withoutPlan } = advice
  const unplanned = withoutPlan
    ? ` ${say.withoutPlan(integer(withoutPlan.mean), integer(withoutPlan.units))}`
    : ''
  const coming = onOrder > 0 ? ` ${say.onOrder(integer(onOrder))}` : ''
  const there = `${say.onHand(integer(onHand - onOrder))}${coming}${wasted}`
  return `${order}: ${expected}${unserved}, ${there}; ${whyText(advice, language)}.${unplanned}`
}

/** The 80% interval of the days that the order covers: `22–41`. */
export function intervalText({ forecast }: AdvisedOrder, language: Language): string {
  const { integer } = numbersIn[language]
  return `${integer(forecast.p10)}–${integer(forecast.p90)}`
}

/** What decided how many, without a full stop. */
export function whyText(order: AdvisedOrder, language: Language): string {
  const say = reasonTexts[language]
  const { money, integer } = numbersIn[language]
  const { decidedBy, price, cost, costShort, costOver, criticalRatio } = order
  const cases = `${integer(criticalRatio * 100)}%`
  const loss = say.loss(money(price), money(cost))
  const costs = say.costs(money(costShort), money(costOver))
  switch (decidedBy) {
    case 'loss':
      return `${loss}: ${say.noneWorth}`
    case 'minimum service':
      return `${say.leastAsked(cases)}${costShort > 0 ? '' : `, ${say.though} ${loss}`}`
    case 'no demand':
      return say.noDemand
    case 'keeping':
      return say.keeping
    case 'expiry':
      return `${costs}, ${say.mayExpire}: ${say.cheapest(cases)}`
    case 'costs':
      return `${costs}: ${say.cheapest(cases)}`
  }
}

/** Why what to order is not known, without a full stop. */
export function missingText(order: UnknownOrder, language: Language): string {
  const say = reasonTexts[language]
  if (order.missing !== 'forecast') return say.missing[order.missing]
  return say.beyondForecast(numbersIn[language].day(order.through))
}
