import { counted, integer, percent, shortened } from '../base/wording.ts'
import type { Evaluation } from '../evaluation/gate/evaluation.ts'
import { type MetricName, metricNames } from '../evaluation/scoring/metrics.ts'
import type { Search } from '../evaluation/search/search-result.ts'
import { families } from '../forecasting/families/families.ts'
import { candidateName } from '../forecasting/families/family.ts'
import { LEVELS } from '../forecasting/levels.ts'
import { type Model, modelName } from '../forecasting/model.ts'
import { type ModelInParts, partsName } from '../forecasting/model-in-parts.ts'
import { planInputNames, takesPlan } from '../forecasting/question-schema.ts'
import type { Manifest, ModelOrigin } from '../registry/manifest.ts'
import { cardCharts } from './charts.ts'
import { challengePart, orderingSection, smallerPart } from './evaluation-sections.ts'
import {
  checksTable,
  contendersTable,
  markdownTable,
  metricsTable,
  policyChecks,
  scopeSentences,
  segmentsTable,
  standing,
  type Table,
  verdictMark,
  withMarks,
  worstAndBest,
  worstFirst,
} from './evaluation-table.ts'
import { metricValue } from './format.ts'
import { unitOf } from './importance-table.ts'
import { lineageTable } from './lineage-table.ts'
import { inlineText } from './markdown.ts'
import { comingSection, productsSection } from './products-sections.ts'
import { searchSentence, searchTable } from './search-table.ts'
import { shadowSection } from './shadow-sentences.ts'
import { comparingTexts } from './texts/comparing.ts'
import { referenceOf, summaryText } from './verdict-text.ts'

export type ModelCard = {
  /** `README.md` of the version. */
  readme: string
  /** SVG files by their path beside it, such as `charts/metrics.svg`. */
  charts: Map<string, string>
}

/**
 * The card of a model, as people see it when they open its folder: what it is, what it is for, how
 * well it does and where not. In the structure of Mitchell et al., "Model Cards for Model
 * Reporting" (2019). The same input gives the same bytes.
 */
export function modelCard(input: CardInput): ModelCard {
  const { version, origin, parent, model, parts, evaluation, search } = input
  const charts = cardCharts(evaluation)
  const readme = [
    '# Model card: demand forecasts\n',
    `${verdictMark(evaluation.decision, CARD)} ${inlineText(shortened(summaryText(evaluation, CARD), 400))}\n${smallerPart(evaluation, CARD)}${challengePart(evaluation, CARD)}`,
    `## Model details\n\n${markdownTable(detailsTable(version, parent, input, origin))}`,
    ...(parts
      ? [partsSection(parts)]
      : [section('Members of the blend', membersTable(model)), ...importanceSections(model)]),
    intendedUse(model),
    `## Factors\n\n${factors(evaluation)}`,
    `## Metrics\n\n${metricList(evaluation)}`,
    `## Evaluation data\n\n${evaluationData(evaluation)}`,
    `## Training data\n\n${trainingData(search, origin)}`,
    `## Quantitative analyses\n\n${results(evaluation, charts)}`,
    ETHICS,
    `## Limits and recommendations\n\n${limits(model, evaluation)}`,
    USE,
  ]
    .filter(Boolean)
    .join('\n')
  return { readme, charts }
}

type CardInput = {
  /** The number under which it is first proposed. A rollback brings the card back as it is. */
  version: number
  origin: ModelOrigin
  parent?: NonNullable<Manifest['parent']>
  /** Of a model in parts, the one of most series. */
  model: Model
  parts?: ModelInParts
  evaluation: Evaluation
  search: Search
}

/** A card is proven byte for byte, whatever the language of the project is by then. */
const CARD = 'en'

const { metricLabels, referenceModel } = comparingTexts[CARD]

function intendedUse({ inputs }: Model): string {
  const ofPrices = Object.hasOwn(inputs.properties, 'price')
    ? 'it has learnt what sold at prices that the chain chose, not what any other price would cause'
    : 'it has not learnt what a price change causes'
  return `## Intended use

For buyers and planners of the chain: how many units of a product will be asked for in each period of the horizon, with quantiles that say how sure that is. It is made to decide how much to order and to stock.

Not for setting prices, since ${ofPrices}; not for judging people or stores; not for periods beyond the horizon, where its intervals were never checked; not for another chain without training it on that chain's sales.
`
}

const ETHICS = `## Ethical considerations

The model holds fitted parameters and the ids of products and stores: no sales, and nothing about customers or staff. Forecasts that are too high end as waste, those that are too low as empty shelves; both hit categories differently, which is why they are listed one by one above. A buyer who knows better should overrule it, and say so.
`

const USE = `## Use it, check it, go back

\`\`\`sh
npx cd4ml forecast --all --format csv
npx cd4ml verify
npx cd4ml history
npx cd4ml rollback --to N --reason "What went wrong"
\`\`\`

\`forecast\` uses the model in this folder and the newest sales. \`verify\` checks the hashes, and trains and compares again from the objects under "Training data"; every file must come out byte for byte. \`history\` lists the versions that \`rollback\` can propose again.
`

const MOST_CATEGORIES = 200

function detailsTable(
  version: number,
  parent: Manifest['parent'],
  { model, parts }: CardInput,
  { asOf, trainedThrough }: ModelOrigin,
): Table {
  const { frequency, horizon, holidays, censoring } = model.recipe
  return {
    headers: ['What', 'Value'],
    rows: [
      ['Model', shortened(parts ? partsName(parts) : modelName(model), 200)],
      ['First proposed as', `version ${version}`],
      ['In place of', parent ? `version ${parent.version}` : 'nothing: it is the first'],
      ['Forecasts', `each of the next ${counted(horizon, frequency)}`],
      ['Quantiles', LEVELS.map((level) => percent(level)).join(', ')],
      ['Series', integer(parts ? seriesOf(parts) : model.series.length)],
      ['Holidays', holidays],
      ['Periods without stock', censoring ? 'demand is unknown there, not zero' : 'count as sold'],
      ...(takesPlan(model.inputs) ? [['Planned ahead, it takes', planText(model)]] : []),
      ['Trained through', trainedThrough],
      ...(asOf ? [['Trained as of', asOf]] : []),
    ],
  }
}

/** The parts, each with a model of its own: the largest, and those that have none. */
function partsSection({ parts, untrained = [] }: ModelInParts): string {
  const largest = [...parts].sort((a, b) => b.series - a.series).slice(0, MOST_PARTS)
  const table = {
    headers: ['Part', 'Series', 'Model'],
    rows: largest.map(({ name, series, file }) => [nameOfPart(name), integer(series), file]),
  }
  const more = parts.length - largest.length
  const without = untrained
    .slice(0, MOST_NAMED)
    .map(({ name, why }) => `${nameOfPart(name)}: ${why}`)
  const unnamed = untrained.length - without.length
  return [
    section('Parts', table),
    more > 0 && `${counted(more, 'more part')} in \`model.json\`.\n`,
    without.length > 0 &&
      `Without a model of its own, and forecast by that of the part with most series:\n\n${without.map((line) => `- ${inlineText(shortened(line, 300))}\n`).join('')}${unnamed > 0 ? `- ${counted(unnamed, 'more part')} in \`model.json\`\n` : ''}`,
  ]
    .filter(Boolean)
    .join('\n')
}

/** One that the sales have no name for is told apart all the same. */
function nameOfPart(name: string): string {
  return name === '' ? '(none)' : shortened(name, 60)
}

function seriesOf({ parts }: ModelInParts): number {
  return parts.reduce((sum, { series }) => sum + series, 0)
}

const MOST_PARTS = 50

/** What of a plan it goes by, such as `price, discount, promotion (app, leaflet), closed`. */
function planText({ inputs: { properties } }: Model): string {
  const taken = planInputNames.filter((name) => Object.hasOwn(properties, name))
  const kinds = properties.promotion?.type === 'string' ? (properties.promotion.enum ?? []) : []
  const named = `promotion (${shortened(kinds.join(', '), 200)})`
  return taken.map((name) => (name === 'promotion' ? named : name)).join(', ')
}

function membersTable({ members }: Model): Table {
  return {
    headers: ['Member', 'Share of the forecast'],
    rows:
      members.length === 1
        ? []
        : members.map((it) => [shortened(candidateName(it), 120), percent(it.weight)]),
  }
}

/** For each member that can tell: the features that it goes by most. */
function importanceSections({ members }: Model): string[] {
  return members.flatMap(({ family, parameters }) => {
    const shares = Object.entries(families[family].importance?.(parameters) ?? {})
    if (shares.length === 0) return []
    const rows = shares.slice(0, MOST_FEATURES).map(([name, share]) => [name, percent(share)])
    return section(`What ${family} looks at`, {
      headers: ['Feature', `Share of the ${unitOf(family)}`],
      rows,
    })
  })
}

const MOST_FEATURES = 15

function factors({ segments }: Evaluation): string {
  const kinds = [...new Set(segments.map(({ by }) => by))]
  if (kinds.length === 0) return 'The evaluation has no segments: it is overall only.\n'
  return `How well it does is shown by ${kinds.join(', by ')}. Volume classes are thirds of the series by units sold lately.\n`
}

function metricList(evaluation: Evaluation): string {
  const list = metricNames.map((name) => `- **${metricLabels[name]}**: ${metricMeanings[name]}\n`)
  return `${metricLabels[evaluation.decidedBy]} decides. A metric that cannot be computed is absent.\n\n${list.join('')}`
}

/** What each metric means, and which way is good. */
const metricMeanings: Record<MetricName, string> = {
  weightedQuantileLoss:
    'Pinball loss of the 10%, 50% and 90% quantiles, relative to the units sold: what stocking too much or too little costs. Lower is better.',
  wape: 'Sum of the absolute errors, relative to the units sold. Lower is better.',
  mase: 'Mean absolute error, relative to that of the seasonal naive forecast within the history. Lower is better.',
  rmsse:
    'Root mean squared error, relative to that of the seasonal naive forecast within the history. Lower is better.',
  bias: 'Forecast minus sold, relative to the units sold: above zero is too much. Nearer to zero is better.',
  coverage80: 'How often sales fell within the 80% interval. Nearer to 80% is better.',
  coverage95: 'How often sales fell within the 95% interval. Nearer to 95% is better.',
}

function evaluationData(evaluation: Evaluation): string {
  const [scope, ...more] = scopeSentences(evaluation, CARD)
  const known =
    'Nothing later than an origin is known to what forecasts from it, and all models are scored on the same rows.'
  return `${inlineText([scope, known, ...more].join(' '))}\n\n${markdownTable(contendersTable(evaluation, CARD))}`
}

function trainingData(search: Search, origin: ModelOrigin): string {
  const table = search.candidates.length > 0 ? `\n${markdownTable(searchTable(search, CARD))}` : ''
  return `Sales through ${origin.trainedThrough}, as git object ids:\n\n${markdownTable(lineageTable(origin, CARD))}\nThe search: ${searchSentence(search, CARD)}\n${table}`
}

function results(evaluation: Evaluation, charts: Map<string, string>): string {
  const { segments, decidedBy } = evaluation
  const categories = worstFirst(segments, 'category')
  const [shown, more] = [categories.slice(0, MOST_CATEGORIES), categories.length - MOST_CATEGORIES]
  const byVolume = worstFirst(segments, 'volume class')
  const byHorizon = segments.filter(({ by }) => by === 'horizon')
  const label = metricLabels[decidedBy]
  return [
    image(
      charts,
      'charts/metrics.svg',
      `Losses against ${referenceModel[referenceOf(evaluation)]}`,
    ),
    markdownTable(withMarks(metricsTable(evaluation, CARD), CARD)),
    shadowSection(evaluation, CARD),
    orderingSection(evaluation, CARD),
    section('Checks of the policy', checksTable(policyChecks(evaluation, CARD), CARD)),
    ...partsResults(evaluation),
    section(`${label} by category`, withMarks(segmentsTable(evaluation, shown, CARD), CARD)),
    more > 0 && `${counted(more, 'more category', 'more categories')} in \`evaluation.json\`.\n`,
    image(charts, 'charts/categories.svg', `${label} by category`),
    section(`${label} by volume class`, withMarks(segmentsTable(evaluation, byVolume, CARD), CARD)),
    section(`${label} by horizon`, withMarks(segmentsTable(evaluation, byHorizon, CARD), CARD)),
    image(charts, 'charts/horizon.svg', `${label} by horizon`),
    productsSection(evaluation, CARD),
    comingSection(evaluation, CARD),
    section('Coverage of the intervals', coverageTable(evaluation)),
  ]
    .filter(Boolean)
    .join('\n')
}

/** Of many parts the worst and the best; `evaluation.json` has all. */
function partsResults(evaluation: Evaluation): (string | false)[] {
  const all = worstFirst(evaluation.segments, 'part')
  const shown = worstAndBest(all)
  const title = `${metricLabels[evaluation.decidedBy]} by part`
  const more = all.length - shown.length
  return [
    section(title, withMarks(segmentsTable(evaluation, shown, CARD), CARD)),
    more > 0 && `${counted(more, 'more part')}, between these, in \`evaluation.json\`.\n`,
  ]
}

/** How often sales fell within the challenger's intervals, by volume class and by horizon. */
function coverageTable({ segments }: Evaluation): Table {
  return {
    headers: ['Segment', 'Rows', metricLabels.coverage80, metricLabels.coverage95],
    rows: segments
      .filter(({ by }) => by === 'volume class' || by === 'horizon')
      .map(({ by, name, rows, challenger }) => [
        `${by} ${shortened(name, 60)}`,
        integer(rows),
        metricValue('coverage80', challenger.coverage80, CARD),
        metricValue('coverage95', challenger.coverage95, CARD),
      ]),
  }
}

function section(title: string, table: Table): string {
  return table.rows.length === 0 ? '' : `### ${title}\n\n${markdownTable(table)}`
}

function image(charts: Map<string, string>, path: string, description: string): string {
  return charts.has(path) ? `![${description}](${path})\n` : ''
}

function limits(model: Model, evaluation: Evaluation): string {
  const worse = evaluation.segments.filter(
    ({ difference }) => standing(evaluation.decidedBy, difference) === 'worse',
  )
  const names = worse.map(({ by, name }) => `${by} ${inlineText(shortened(name, 60))}`)
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : ''
  const lines = [
    worse.length > 0 &&
      `Worse than ${referenceModel[referenceOf(evaluation)]}: ${names.slice(0, MOST_NAMED).join(', ')}${more}.`,
    ...intervalLimits(evaluation),
    'A product without history gets the forecast of its category, and is marked so.',
    `Nothing beyond ${counted(model.recipe.horizon, model.recipe.frequency)} ahead was evaluated.`,
    takesPlan(model.inputs) &&
      'What a plan adds is what sold when such was planned. Nobody has seen what a deeper cut than any before does, or a kind of promotion that is new: of the one it expects what the elasticity of the others says, of the other what promotions do.',
    model.plannedPrices &&
      'It has taken prices as they came for planned ones. Where they followed from sales, as a markdown of what did not sell, it has learnt the wrong way round; and where nobody knows the coming prices that well, it is worse than its backtest.',
    'It learns from the past: a competitor, a new store or a law that changes demand is seen only after it has changed sales.',
  ]
  return lines
    .filter(Boolean)
    .map((line) => `- ${line}\n`)
    .join('')
}

function intervalLimits({ challenger: { metrics } }: Evaluation): string[] {
  const nominal = [
    ['80%', metrics.coverage80],
    ['95%', metrics.coverage95],
  ] as const
  return nominal.flatMap(([level, observed]) =>
    observed === undefined
      ? [`How often sales fall within its ${level} interval is not known.`]
      : [`Sales fell within its ${level} interval in ${percent(observed)} of the rows.`],
  )
}

const MOST_NAMED = 10
