import type { Language } from '../../base/language.ts'
import { shortened } from '../../base/wording.ts'
import type { EventOf } from '../../ledger/events/event.ts'
import type { AttentionReason } from '../../ordering/attention.ts'
import type { SeriesOrder } from '../../ordering/forecaster.ts'
import { type Html, html, type Part } from '../../reporting/html.ts'
import { orderReason } from '../../reporting/order-reason.ts'
import { numbersIn } from '../../reporting/texts/numbers.ts'
import { productPath } from './layout.ts'
import { at } from './product-chart.ts'
import { pageTexts } from './texts.ts'

/** An order as a row has it: the product, why it needs a person, its numbers, and the reason. */
export function orderSaid(
  order: SeriesOrder,
  attention: readonly AttentionReason[],
  language: Language,
): Html {
  const say = pageTexts[language]
  return html`<legend><a href="${productPath(order)}">${nameOf(order)}</a>${identityOf(order, language)}</legend>
${attention.length > 0 && html`<ul class="why">${attention.map((reason) => html`<li>${say.attention[reason]}</li>`)}</ul>`}
${orderFacts(order, language)}
<p class="reason">${orderReason(order, language)}</p>`
}

/** A forecast of the days asked for. */
export function forecastSaid(
  forecast: EventOf<'cd4ml.forecast.v1'>['data'],
  language: Language,
): Html {
  const say = pageTexts[language]
  const { units, integer, day } = numbersIn[language]
  const { from, to, mean, quantiles, restsOn, baseline, withoutPlan } = forecast
  const interval = say.interval(integer(at(quantiles, 0.1)), integer(at(quantiles, 0.9)))
  return html`<legend>${say.answerOf(day(from), day(to))}</legend>
<p><b>${say.answer(units(mean), interval)}</b></p>
${baseline && html`<p class="reason">${say.naive(units(baseline.mean))}</p>`}
${withoutPlan && html`<p class="reason">${say.withoutPlan(units(withoutPlan.mean))}</p>`}
${restsOn === 'category' && html`<p class="warning">${say.restsOnCategory}</p>`}`
}

/** What the choices beside an order, or beside a forecast, are called; nothing to accept where it is not known. */
export type Asked = { label: string; accept: string | undefined; change: string; quantity: string }

export function orderAsked(order: SeriesOrder, language: Language): Asked {
  const say = pageTexts[language]
  const { amount } = numbersIn[language]
  return {
    label: say.decision(order.name ?? order.productId),
    accept: order.outcome === 'unknown' ? undefined : say.accept(amount(order.units)),
    change: say.change,
    quantity: say.quantity,
  }
}

export function forecastAsked(language: Language): Asked {
  const say = pageTexts[language]
  return {
    label: say.decideForecast,
    accept: say.agree,
    change: say.expect,
    quantity: say.expected,
  }
}

/** A name that cannot reach into the text around it, whichever way it is written. */
export function nameOf({ productId, name }: { productId: string; name?: string }): Html {
  return html`<bdi>${shortened(name?.trim() || productId.trim() || '–', MOST_NAME)}</bdi>`
}

const MOST_NAME = 80

/** What the name does not say already. */
function identityOf({ productId, storeId, name }: SeriesOrder, language: Language): Part {
  const parts = [
    ...(name?.trim() ? [shortened(productId, MOST_NAME)] : []),
    ...(storeId === undefined ? [] : [pageTexts[language].inStore(shortened(storeId, MOST_NAME))]),
  ]
  if (parts.length === 0) return undefined
  return html` <span class="id">${parts.map((part, i) => html`${i > 0 && ', '}<bdi>${part}</bdi>`)}</span>`
}

/** What is on hand, the forecast with its interval, and what to order. */
export function orderFacts(order: SeriesOrder, language: Language): Html {
  const say = pageTexts[language]
  const { integer, day } = numbersIn[language]
  const fact = (name: string, value: Part, more: Part = undefined) =>
    html`<div><dt>${name}</dt><dd><b>${value}</b>${more !== undefined && html` <small>${more}</small>`}</dd></div>`
  if (order.outcome === 'unknown')
    return html`<dl class="facts">${fact(say.order, say.unknown)}</dl>
<p><a href="${`${productPath(order)}#history`}">${say.history}</a></p>`
  const { onHand, forecast, through, units, packs, pack } = order
  const interval = say.interval(integer(forecast.p10), integer(forecast.p90))
  const inPacks = units > 0 && pack > 1 ? say.packs(packs, integer(pack)) : undefined
  return html`<dl class="facts">
${fact(say.onHand, integer(onHand))}
${fact(say.forecast, integer(forecast.mean), `${interval}, ${say.through(day(through))}`)}
${fact(say.order, integer(units), inPacks)}
</dl>`
}
