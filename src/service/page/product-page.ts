import type { Language } from '../../base/language.ts'
import type { EventOf } from '../../ledger/events/event.ts'
import type { PastOverrides } from '../../monitoring/value-added/past-overrides.ts'
import { type Html, html } from '../../reporting/html.ts'
import { htmlTable } from '../../reporting/html-table.ts'
import { numbersIn } from '../../reporting/texts/numbers.ts'
import type { InProduction, OrderAnswered, ProductView } from '../engine/engine.ts'
import { type DecisionReader, decisionText } from './decision-form.ts'
import { layout } from './layout.ts'
import type { PastDecision } from './orders-of-day.ts'
import { at, productChart } from './product-chart.ts'
import { pageTexts } from './texts.ts'

/** A decision of the past with what only its own page tells. */
export type ToldDecision = PastDecision & { of: 'order' | 'forecast'; note?: string }

/** A forecast of days that are over, and what sold on them. */
export type ComeTrue = { forecast: EventOf<'cd4ml.forecast.v1'>['data']; units: number }

/** All about one product, in one store where it is sold in several. */
export function productPage(
  reader: DecisionReader,
  of: {
    production: InProduction
    view: ProductView
    /** The order of the day, to decide on; the answer to a question, and the question as a form. */
    orderForm: Html | undefined
    answer: Html | undefined
    ask: Html
    decisions: readonly ToldDecision[]
    /** What became of the last raises and cuts of the product. */
    overrides: readonly PastOverrides[]
    cameTrue: readonly ComeTrue[]
    done: string | undefined
    warnings: readonly string[]
  },
): string {
  const { view, production } = of
  const { language } = reader
  const say = pageTexts[language]
  const { day } = numbersIn[language]
  const title = titleOf(view, language)
  const costs = view.order?.costs
  return layout(reader, {
    title,
    ...(of.done !== undefined && { done: of.done }),
    warnings: of.warnings,
    main: html`${of.orderForm}
<section><h2 id="history">${say.history}</h2>
${productChart(view, title, language)}
${numbersTable(view, language)}
</section>
<section><h2 id="stock">${say.stock}</h2>
${stockTable(view, language)}
</section>
${
  costs &&
  html`<section><h2 id="costs">${say.costTitle}</h2>
<p>${say.costIntro}</p>
${costsTable(costs, view.order, language)}
</section>`
}
<section><h2 id="goodness">${say.goodness}</h2>
${goodness(view, of.cameTrue, language)}
</section>
<section><h2 id="before">${say.decidedBefore}</h2>
${of.overrides.map(
  (it) => html`<p>${overridesText(it, language)}</p>
`,
)}${decisionsTable(of.decisions, reader)}
</section>
<section><h2 id="ask">${say.ask}</h2>
${of.answer}
${of.ask}
</section>`,
    foot: say.foot(String(production.basis.version), day(production.basis.salesThrough)),
  })
}

/** `Biscoito champanhe (1042), in store Norte`. */
export function titleOf(
  { product, store, name }: { product: string; store?: string; name?: string },
  language: Language,
): string {
  const named = name?.trim() ? `${name} (${product})` : product
  return store === undefined ? named : `${named}, ${pageTexts[language].inStore(store)}`
}

function numbersTable(view: ProductView, language: Language): Html {
  const say = pageTexts[language]
  const { amount, units, day } = numbersIn[language]
  const { history, ahead, frequency } = view
  const past = (periods: ProductView['history']) =>
    periods
      .toReversed()
      .map((period) => [
        html`${day(period.from)}`,
        html`${amount(period.units)}${period.censored && html` <small>${say.soldOut}</small>`}`,
      ])
  const period = say.period[frequency]
  const sold = [{ text: period }, { text: say.sold, isNumber: true }]
  const earlier = history.slice(0, -SHOWN)
  const interval = (quantiles: readonly number[], low: number, high: number) =>
    html`${units(at(quantiles, low))}–${units(at(quantiles, high))}`
  return html`<div class="beside">
${htmlTable(
  say.mean,
  [
    { text: period },
    { text: say.mean, isNumber: true },
    { text: say.interval80, isNumber: true },
    { text: say.interval95, isNumber: true },
  ],
  ahead.map(({ from, mean, quantiles }) => [
    html`${day(from)}`,
    html`${units(mean)}`,
    interval(quantiles, 0.1, 0.9),
    interval(quantiles, 0.025, 0.975),
  ]),
)}
<div>${htmlTable(say.sold, sold, past(history.slice(-SHOWN)))}
${
  earlier.length > 0 &&
  html`<details><summary>${say.earlierNumbers(earlier.length)}</summary>${htmlTable(say.earlierNumbers(earlier.length), sold, past(earlier))}</details>`
}</div>
</div>`
}

/** Periods of the past that are shown at once. */
const SHOWN = 10

function stockTable({ stock }: ProductView, language: Language): Html {
  const say = pageTexts[language]
  const { amount, day } = numbersIn[language]
  if (stock === undefined) return html`<p>${say.stockUnknown}</p>`
  if (stock.length === 0) return html`<p>${say.noStock}</p>`
  return htmlTable(
    say.stock,
    [{ text: say.sellBy }, { text: say.stockUnits, isNumber: true }],
    stock.map(({ units, lastDay }) => [
      html`${lastDay === undefined ? say.noExpiry : day(lastDay)}`,
      html`${amount(units)}`,
    ]),
  )
}

function costsTable(
  { advised, alternatives }: NonNullable<OrderAnswered['costs']>,
  ordered: OrderAnswered | undefined,
  language: Language,
): Html {
  const say = pageTexts[language]
  const { amount, money } = numbersIn[language]
  const units = ordered?.order.outcome === 'unknown' ? undefined : ordered?.order.units
  return htmlTable(
    say.costTitle,
    [
      { text: say.order },
      { text: say.expectedCost, isNumber: true },
      { text: say.against, isNumber: true },
    ],
    alternatives.map((other) => [
      html`${amount(other.units)}${other.units === units && html` <small>${say.advised}</small>`}`,
      html`${money(other.cost)}`,
      html`${other.units === units ? '–' : `+${money(Math.max(0, other.cost - advised))}`}`,
    ]),
  )
}

function backtestText({ backtest, frequency }: ProductView, language: Language): string {
  const say = pageTexts[language]
  const { percent } = numbersIn[language]
  if (!backtest) return say.noBacktest
  const { wape, naiveWape } = backtest
  if (naiveWape === undefined) return say.backtestAlone(percent(wape))
  return say.backtest(percent(wape), percent(naiveWape), say.seasonBefore[frequency])
}

function goodness(view: ProductView, cameTrue: readonly ComeTrue[], language: Language): Html {
  const say = pageTexts[language]
  const { units, amount, day } = numbersIn[language]
  return html`<p>${backtestText(view, language)}</p>
${
  cameTrue.length > 0 &&
  html`<h3>${say.produced}</h3>${htmlTable(
    say.produced,
    [
      { text: say.days },
      { text: say.said, isNumber: true },
      { text: say.interval80, isNumber: true },
      { text: say.happened, isNumber: true },
    ],
    cameTrue.map(({ forecast, units: sold }) => [
      html`${say.answerOf(day(forecast.from), day(forecast.to))}`,
      html`${units(forecast.mean)}`,
      html`${units(at(forecast.quantiles, 0.1))}–${units(at(forecast.quantiles, 0.9))}`,
      html`${amount(sold)}`,
    ]),
  )}`
}`
}

function overridesText(
  { direction, judged, tooFar, censored }: PastOverrides,
  language: Language,
): string {
  const say = pageTexts[language]
  const { integer } = numbersIn[language]
  const told = say.lastOverrides[direction](integer(judged), tooFar)
  return censored > 0 ? `${told} ${say.overridesUnknown(integer(censored))}` : told
}

function decisionsTable(decisions: readonly ToldDecision[], reader: DecisionReader): Html {
  const say = pageTexts[reader.language]
  const { amount } = numbersIn[reader.language]
  if (decisions.length === 0) return html`<p>${say.noDecisions}</p>`
  return htmlTable(
    say.decidedBefore,
    [{ text: say.when }, { text: say.what }, { text: say.why }, { text: say.who }],
    decisions.map((decided) => [
      html`${reader.moment(decided.time)}`,
      html`${say.of[decided.of]}: ${decisionText(decided, reader.language)}${decided.decision === 'changed' && decided.advised !== undefined && html` <small>${say.insteadOf(amount(decided.advised))}</small>`}`,
      html`${reasonText(decided, reader)}${decided.note !== undefined && html` <bdi>${decided.note}</bdi>`}`,
      html`<bdi>${reader.names.get(decided.by) ?? decided.by}</bdi>`,
    ]),
  )
}

function reasonText({ reason }: PastDecision, { reasons, language }: DecisionReader): string {
  if (reason === undefined) return ''
  return reasons.find(({ id }) => id === reason)?.[language] ?? reason
}
