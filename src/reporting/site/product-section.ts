import type { Language } from '../../base/language.ts'
import type { SeriesCourse } from '../../monitoring/dashboard/product-courses.ts'
import { attributes, type Html, html, type Part } from '../html.ts'
import { htmlTable, withNumbers } from '../html-table.ts'
import { numbersIn } from '../texts/numbers.ts'
import { siteTexts } from '../texts/site.ts'
import { courseName, placeOfProduct, type Shown } from './catalogue.ts'
import { lineChart } from './line-chart.ts'

/** One product: what was forecast of it, what became of it, and what is expected. */
export function productSection(shown: Shown, language: Language): Html {
  const say = siteTexts[language]
  const { course } = shown
  const { id } = placeOfProduct(shown)
  const name = courseName(course, say.inStore)
  const past = course.past.slice(-MOST_PERIODS)
  return html`<section class="product"${attributes({ id })}>
<h2><bdi>${name}</bdi></h2>
<p>${summaryOf(shown, language)}</p>
${courseChart({ ...course, past }, language)}
<details><summary>${say.numbers}</summary>
${numbersTable({ ...course, past }, name, language)}
</details>
</section>
`
}

/** A year of weeks. */
const MOST_PERIODS = 52

function summaryOf({ totals, course }: Shown, language: Language): Html {
  const say = siteTexts[language]
  const { units, percent } = numbersIn[language]
  const category =
    course.category !== undefined && html` <small><bdi>${course.category}</bdi></small>`
  if (totals.periods === 0) return html`${say.noProductPast}${category}`
  const wape = totals.actual > 0 ? ` (${percent(totals.model / totals.actual)})` : ''
  return html`${say.courseSummary(units(totals.model), units(totals.actual), totals.periods)}${wape}; ${say.againstNaive(units(totals.naive))}.${category}`
}

function courseChart({ past, ahead }: SeriesCourse, language: Language): Html | undefined {
  const say = siteTexts[language]
  const { units, day } = numbersIn[language]
  const expected = [...past.map(({ forecast }) => forecast), ...ahead]
  if (expected.length === 0) return undefined
  return lineChart({
    label: say.courseChart,
    places: [...past, ...ahead].map(({ from }) => day(from)),
    written: units,
    bands: [
      {
        className: 'fan80',
        name: say.interval80,
        low: expected.map((it) => it?.low),
        high: expected.map((it) => it?.high),
      },
    ],
    lines: [
      { className: 'mean', name: say.forecast, values: expected.map((it) => it?.mean) },
      { className: 'sold', name: say.sold, values: past.map(({ actual }) => actual) },
    ],
  })
}

function numbersTable({ past, ahead }: SeriesCourse, name: string, language: Language): Html {
  const say = siteTexts[language]
  const { units, amount, day } = numbersIn[language]
  const span = ({ low, high }: { low: number; high: number }) => `${units(low)}–${units(high)}`
  const coming = ahead.map(({ from, mean, ...interval }): Part[] => [
    day(from),
    html`<small>${say.notYet}</small>`,
    units(mean),
    span(interval),
    '–',
  ])
  const gone = past.map(({ from, actual, forecast }): Part[] => [
    day(from),
    actual === undefined ? html`<small>${say.notKnown}</small>` : amount(actual),
    forecast ? units(forecast.mean) : '–',
    forecast ? span(forecast) : '–',
    forecast ? units(forecast.naive) : '–',
  ])
  return htmlTable(
    name,
    withNumbers(say.period, say.sold, say.forecast, say.interval80, say.naive),
    [...gone, ...coming].reverse(),
  )
}
