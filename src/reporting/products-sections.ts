import type { Language } from '../base/language.ts'
import { shortened } from '../base/wording.ts'
import type { ComingChange } from '../evaluation/gate/coming.ts'
import type { Evaluation } from '../evaluation/gate/evaluation.ts'
import type { ProductChange, ProductCourse } from '../evaluation/gate/product-changes.ts'
import { markdownTable, type Table } from './evaluation-table.ts'
import { details, inlineText } from './markdown.ts'
import { mermaidChart } from './mermaid.ts'
import { comparingTexts } from './texts/comparing.ts'
import { evaluationTexts } from './texts/evaluation.ts'
import { numbersIn } from './texts/numbers.ts'
import { productTexts } from './texts/products.ts'
import { referenceOf } from './verdict-text.ts'

/** As many of each kind as an evaluation has. */
export const MOST_PRODUCTS = 20

/** The products that got worst and best, and the course of the largest; empty in older evaluations. */
export function productsSection(
  evaluation: Evaluation,
  language: Language,
  most = MOST_PRODUCTS,
): string {
  const { products } = evaluation
  if (!products || products.series === 0) return ''
  const say = productTexts[language]
  const [worst, best] = [products.worst.slice(0, most), products.best.slice(0, most)]
  const tables = [
    worst.length > 0 &&
      details(say.worst(worst.length), markdownTable(productsTable(evaluation, worst, language))),
    best.length > 0 &&
      details(say.best(best.length), markdownTable(productsTable(evaluation, best, language))),
  ]
  const charts = (most > 0 ? products.largest : []).map((course) =>
    courseChart(evaluation, course, language),
  )
  const parts = [`${say.changed(products)}\n`, ...tables, ...charts].filter(Boolean)
  return `### ${say.title}\n\n${parts.join('\n')}`
}

/** What is forecast and ordered next, before and after; empty where nothing is in production. */
export function comingSection(
  { coming }: Evaluation,
  language: Language,
  most = MOST_PRODUCTS,
): string {
  if (!coming) return ''
  const say = productTexts[language]
  const largest = coming.largest.slice(0, most)
  const table =
    largest.length > 0 &&
    details(say.mostChanged(largest.length), markdownTable(comingTable(largest, language)))
  const parts = [`${inlineText(say.comingTotal(coming))}\n`, table].filter(Boolean)
  return `### ${say.coming}\n\n${parts.join('\n')}`
}

/** Warnings that are no reason to keep a challenger out, a sentence each. */
export function worthKnowing(evaluation: Evaluation, language: Language): string[] {
  const { ordering, sales } = evaluation
  const say = productTexts[language]
  const sentences: string[] = []
  if (ordering?.outcome === 'simulated') {
    const before = (ordering.champion ?? ordering.baseline).lostMargin
    const after = ordering.challenger.lostMargin
    if (before > 0 && after > before * SLIGHTLY) {
      sentences.push(
        say.lostMarginRises(
          before,
          after,
          comparingTexts[language].referenceModel[referenceOf(evaluation)],
        ),
      )
    }
  }
  if (sales && sales.quarantined > 0) sentences.push(say.rows(sales))
  return sentences
}

/** The same as Markdown paragraphs. */
export function worthKnowingPart(evaluation: Evaluation, language: Language): string {
  return worthKnowing(evaluation, language)
    .map((sentence) => `\n⚠️ ${inlineText(sentence)}\n`)
    .join('')
}

/** Products in the order given: units that could be sold, forecasts and errors of both sides. */
export function productsTable(
  evaluation: Evaluation,
  products: ProductChange[],
  language: Language,
): Table {
  const say = productTexts[language]
  const { units } = numbersIn[language]
  const { challenger } = evaluationTexts[language].sides
  const sides = [referenceSide(evaluation, language), challenger.toLowerCase()]
  return {
    headers: [
      say.product,
      say.sold,
      ...sides.map(say.forecast),
      ...sides.map(say.error),
      say.change,
    ],
    rows: products.map((it) => [
      titled(it),
      ...[it.actual, it.reference, it.challenger, it.referenceError, it.challengerError].map(units),
      signed(it.challengerError - it.referenceError, units),
    ]),
  }
}

/** Products in the order given: what is forecast and ordered, before and after. */
export function comingTable(changes: ComingChange[], language: Language): Table {
  const say = productTexts[language]
  const { units, integer } = numbersIn[language]
  const both = [say.before, say.after]
  return {
    headers: [
      say.product,
      ...both.map((when) => say.forecast(when)),
      ...both.map((when) => `${say.order}, ${when}`),
      say.value,
    ],
    rows: changes.map(({ forecast, order, value, ...it }) => [
      titled(it),
      units(forecast.before),
      units(forecast.after),
      order ? units(order.before) : '–',
      order ? units(order.after) : '–',
      value === undefined ? '–' : signed(value, integer),
    ]),
  }
}

/** Less than a hundredth is no rise that anybody would see. */
const SLIGHTLY = 1.01

function courseChart(evaluation: Evaluation, course: ProductCourse, language: Language): string {
  const { periods, actual, reference, challenger } = course
  if (periods.length < 2) return ''
  const say = productTexts[language]
  const notNegative = (values: number[]) => values.map((value) => Math.max(0, value))
  const chart = mermaidChart({
    title: titled(course),
    axis: say.units,
    labels: periods,
    plotted: [
      { kind: 'line', colour: GREY, values: notNegative(reference) },
      { kind: 'line', colour: BLUE, values: notNegative(challenger) },
      { kind: 'line', colour: ORANGE, values: notNegative(actual) },
    ],
  })
  return `${chart}\n${say.legend(referenceSide(evaluation, language))}\n`
}

// As of the other charts; what was sold stands out on a light and on a dark page.
const BLUE = '#2f81f7'
const GREY = '#8b949e'
const ORANGE = '#d18616'

function referenceSide({ champion }: Evaluation, language: Language): string {
  const { sides } = evaluationTexts[language]
  return (champion ? sides.champion : sides['seasonal naive']).toLowerCase()
}

function titled({
  productId,
  storeId,
  name,
}: Pick<ProductChange, 'productId' | 'storeId' | 'name'>) {
  const id = shortened(productId, 30)
  const product = name === undefined ? id : `${shortened(name, 40)} (${id})`
  return storeId === undefined ? product : `${product}, ${shortened(storeId, 30)}`
}

function signed(value: number, written: (value: number) => string): string {
  return value > 0 ? `+${written(value)}` : written(value)
}
