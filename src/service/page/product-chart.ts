import { dayFromIso } from '../../base/day.ts'
import type { Language } from '../../base/language.ts'
import { LEVELS } from '../../forecasting/levels.ts'
import { attributes, type Html, html } from '../../reporting/html.ts'
import { niceTop, pathOf, round } from '../../reporting/svg.ts'
import { numbersIn } from '../../reporting/texts/numbers.ts'
import type { ProductView } from '../engine/engine.ts'
import { pageTexts } from './texts.ts'

/**
 * What sold, the fan of what is expected, and how long the stock lasts, as one drawing that needs
 * neither scripts nor styles of its own: the classes are the stylesheet's.
 */
export function productChart(view: ProductView, title: string, language: Language): Html {
  const say = pageTexts[language]
  const { units: shownUnits, day } = numbersIn[language]
  const history = view.history.slice(-MOST_PERIODS)
  const { ahead } = view
  const stock = stockAhead(view)
  const periods = Math.max(1, history.length + ahead.length)
  const top = niceTop(
    Math.max(
      4,
      ...history.map(({ units }) => units),
      ...ahead.map(({ quantiles }) => at(quantiles, 0.975)),
    ),
  )
  const x = (period: number) => LEFT + ((period + 0.5) * (WIDTH - LEFT - RIGHT)) / periods
  const y = (units: number) => BOTTOM - (Math.min(Math.max(units, 0), top) / top) * (BOTTOM - TOP)
  const line = (className: string, points: readonly (readonly [number, number])[]) =>
    points.length > 0 && html`<path${attributes({ class: className, d: pathOf(points) })}/>`
  const forward = ahead.map((period, i) => ({ ...period, x: x(history.length + i) }))
  const fan = (className: string, low: number, high: number) => {
    const points = [
      ...forward.map((period) => [period.x, y(at(period.quantiles, high))] as const),
      ...forward.map((period) => [period.x, y(at(period.quantiles, low))] as const).reverse(),
    ]
    return (
      points.length > 0 && html`<path${attributes({ class: className, d: `${pathOf(points)}Z` })}/>`
    )
  }
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => share * top)
  const dates = [...history, ...ahead].map(({ from }, period) => ({ from, period }))
  const step = Math.max(1, Math.ceil(periods / DATES))
  return html`<figure>
<svg class="chart" role="img" viewBox="0 0 640 320" aria-label="${say.chart(title)}">
${ticks.map(
  (units) =>
    html`<path${attributes({
      class: 'grid',
      d: pathOf([
        [LEFT, y(units)],
        [WIDTH - RIGHT, y(units)],
      ]),
    })}/><text text-anchor="end"${attributes({ x: LEFT - 6, y: round(y(units) + 4) })}>${shownUnits(units)}</text>
`,
)}
${dates
  .filter(({ period }) => period % step === Math.floor(step / 2))
  .map(
    ({ from, period }) =>
      html`<text text-anchor="middle"${attributes({ x: round(x(period)), y: BOTTOM + 20 })}>${day(from)}</text>`,
  )}
${fan('fan95', 0.025, 0.975)}${fan('fan80', 0.1, 0.9)}
${line(
  'sold',
  history.map(({ units }, i) => [x(i), y(units)]),
)}
${line(
  'mean',
  forward.map((period) => [period.x, y(period.mean)]),
)}
${line(
  'stock',
  stock.map((units, i) => [x(history.length - 0.5 + i), y(units)]),
)}
${history.map(({ censored, units }, i) => censored && html`<circle class="out" r="3"${attributes({ cx: round(x(i)), cy: round(y(units)) })}/>`)}
</svg>
<figcaption><ul class="legend">
${legend('sold', say.sold)}${history.some(({ censored }) => censored) && legend('out', say.soldOut)}
${legend('mean', say.mean)}${legend('fan80', say.interval80)}${legend('fan95', say.interval95)}
${stock.length > 0 && legend('stock', say.stockLeft)}
</ul></figcaption>
</figure>`
}

const WIDTH = 640
const LEFT = 48
const RIGHT = 12
const TOP = 12
const BOTTOM = 284

/** Two years of weeks. */
const MOST_PERIODS = 104
/** Dates below the axis: more would touch on a phone. */
const DATES = 4

function legend(className: string, text: string): Html {
  const shape = className.startsWith('fan')
    ? html`<path d="M0 0H24V12H0Z"${attributes({ class: className })}/>`
    : className === 'out'
      ? html`<circle class="out" cx="12" cy="6" r="4"/>`
      : html`<path d="M0 6H24"${attributes({ class: className })}/>`
  return html`<li><svg class="chart" viewBox="0 0 24 12" aria-hidden="true">${shape}</svg>${text}</li>
`
}

/** Units of a forecast at one of `LEVELS`. */
export function at(quantiles: readonly number[], level: number): number {
  return quantiles[LEVELS.indexOf(level)]
}

/**
 * Units that are left of today's stock at the beginning of each period ahead and at the end of the
 * last, where none is ordered and the forecast is what sells: the oldest first, until they expire.
 */
export function stockAhead({ stock, ahead }: Pick<ProductView, 'stock' | 'ahead'>): number[] {
  if (stock === undefined) return []
  let batches = stock.map(({ units, lastDay }) => ({
    units,
    lastDay: lastDay === undefined ? Number.POSITIVE_INFINITY : (dayFromIso(lastDay) ?? 0),
  }))
  const left = () => batches.reduce((sum, { units }) => sum + units, 0)
  const levels = [left()]
  for (const [i, { mean }] of ahead.entries()) {
    let asked = mean
    batches = batches.map((batch) => {
      const sold = Math.min(batch.units, asked)
      asked -= sold
      return { ...batch, units: batch.units - sold }
    })
    const next = ahead[i + 1] && dayFromIso(ahead[i + 1].from)
    if (next !== undefined) batches = batches.filter(({ lastDay }) => lastDay >= next)
    levels.push(left())
  }
  return levels
}
