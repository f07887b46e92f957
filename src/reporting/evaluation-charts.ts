import type { Language } from '../base/language.ts'
import type { Evaluation, Segment } from '../evaluation/gate/evaluation.ts'
import type { MetricName } from '../evaluation/scoring/metrics.ts'
import { mermaidChart } from './mermaid.ts'
import { comparingTexts } from './texts/comparing.ts'
import { evaluationTexts } from './texts/evaluation.ts'
import { referenceOf } from './verdict-text.ts'

/** The deciding metric by horizon as Mermaid lines; empty where there are fewer than two points. */
export function horizonChart(evaluation: Evaluation, language: Language): string {
  const say = evaluationTexts[language]
  const { decidedBy } = evaluation
  const segments = evaluation.segments.filter(({ by }) => by === 'horizon')
  const compared = comparedIn(evaluation, segments, decidedBy).slice(0, MOST_HORIZONS)
  if (compared.length < 2) return ''
  const label = comparingTexts[language].metricLabels[decidedBy]
  const chart = mermaidChart({
    title: say.by(label, 'horizon'),
    axis: label,
    labels: compared.map(({ name }) => name),
    plotted: [
      { kind: 'line', colour: GREY, values: compared.map(({ reference }) => reference) },
      { kind: 'line', colour: BLUE, values: compared.map(({ challenger }) => challenger) },
    ],
  })
  return `${chart}\n${say.legend(referenceOf(evaluation))}\n`
}

/**
 * WAPE by category, those with the most rows, as Mermaid bars: of each category one for the model it
 * is judged against and one for the challenger. Mermaid draws the bars of one place over each other,
 * so that each bar has a place of its own, where the other has none.
 */
export function categoryChart(evaluation: Evaluation, language: Language): string {
  const say = evaluationTexts[language]
  const categories = evaluation.segments
    .filter(({ by }) => by === 'category')
    .sort((a, b) => b.rows - a.rows)
  const compared = comparedIn(evaluation, categories, 'wape').slice(0, MOST_CATEGORIES)
  if (compared.length < 2) return ''
  const chart = mermaidChart({
    title: say.by('WAPE', 'category'),
    axis: 'WAPE (%)',
    labels: compared.flatMap(({ name }) => [name, say.challengerOf(name)]),
    horizontal: true,
    plotted: [
      {
        kind: 'bar',
        colour: GREY,
        values: compared.flatMap(({ reference }) => [100 * reference, 0]),
      },
      {
        kind: 'bar',
        colour: BLUE,
        values: compared.flatMap(({ challenger }) => [0, 100 * challenger]),
      },
    ],
  })
  return `${chart}\n${say.legend(referenceOf(evaluation))}\n`
}

// Both are seen on a light and on a dark page.
const BLUE = '#2f81f7'
const GREY = '#8b949e'

const MOST_HORIZONS = 60
const MOST_CATEGORIES = 12

/** The segments in which both sides have the metric, which a chart cannot draw below zero. */
function comparedIn(
  { champion }: Evaluation,
  segments: Segment[],
  metric: MetricName,
): { name: string; challenger: number; reference: number }[] {
  return segments.flatMap((segment) => {
    const challenger = segment.challenger[metric]
    const reference = (champion ? segment.champion : segment.baseline)?.[metric]
    if (challenger === undefined || reference === undefined) return []
    if (challenger < 0 || reference < 0) return []
    return [{ name: segment.name, challenger, reference }]
  })
}
