import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { shortened, visibleText } from '../base/wording.ts'
import type { Evaluation, Segment } from '../evaluation/gate/evaluation.ts'
import type { Interval } from '../evaluation/gate/interval.ts'
import type { MetricName } from '../evaluation/scoring/metrics.ts'
import { metricNames } from '../evaluation/scoring/metrics.ts'
import { standing, worstFirst } from './evaluation-table.ts'
import { isRelative } from './format.ts'
import { comparingTexts } from './texts/comparing.ts'
import { numbersIn } from './texts/numbers.ts'
import { referenceOf } from './verdict-text.ts'

/**
 * The charts of a model card as SVG files, by their path beside the card. A chart without data is
 * left out. Bytes depend on the evaluation alone.
 */
export function cardCharts(evaluation: Evaluation): Map<string, string> {
  const charts: [string, string | undefined][] = [
    ['charts/metrics.svg', metricsChart(evaluation)],
    ['charts/categories.svg', categoriesChart(evaluation)],
    ['charts/horizon.svg', horizonChart(evaluation)],
  ]
  return new Map(charts.filter((chart): chart is [string, string] => chart[1] !== undefined))
}

const { metricLabels, referenceModel } = comparingTexts.en

// Each is read on a white and on a dark page; the text has a contrast above 4.3 : 1 on both.
const TEXT = '#76797f'
const colours = { better: '#2da44e', worse: '#e5534b', 'not distinguishable': '#8b949e' }
const sideColours = { challenger: '#2f81f7', champion: '#d18616', 'seasonal naive': '#8b949e' }

const WIDTH = 720
const MOST_CATEGORIES = 20
/** Pixels of a letter, at most but for the widest, and the letters that leave half of a chart to its marks. */
const LETTER = 8
const LONGEST_LABEL = 40

function metricsChart(evaluation: Evaluation): string | undefined {
  const rows = metricNames.filter(isRelative).flatMap((name) => {
    const interval = evaluation.differences[name]
    return interval ? [{ label: metricLabels[name], interval, metric: name }] : []
  })
  return differencesChart(rows, `Losses against ${referenceModel[referenceOf(evaluation)]}`)
}

function categoriesChart(evaluation: Evaluation): string | undefined {
  const { decidedBy, segments } = evaluation
  if (!isRelative(decidedBy)) return undefined
  const rows = worstFirst(segments, 'category').flatMap(({ name, difference }) =>
    difference ? [{ label: name, interval: difference, metric: decidedBy }] : [],
  )
  const title = `${metricLabels[decidedBy]} by category, against ${referenceModel[referenceOf(evaluation)]}`
  return differencesChart(rows.slice(0, MOST_CATEGORIES), title)
}

/** Estimates as dots with their confidence intervals, against a line at zero. */
function differencesChart(
  rows: { label: string; interval: Interval; metric: MetricName }[],
  title: string,
): string | undefined {
  if (rows.length === 0) return undefined
  const data = rows.map(({ label, interval, metric }, index) => ({
    ...interval,
    index,
    label: visibleText(shortened(label, LONGEST_LABEL)),
    colour: colours[standing(metric, interval) ?? 'not distinguishable'],
  }))
  return svg(title, {
    height: 90 + 26 * rows.length,
    marginLeft: 20 + LETTER * Math.max(...data.map(({ label }) => label.length)),
    marginRight: 40,
    marginBottom: 46,
    x: {
      label: '← better · worse →',
      labelAnchor: 'center',
      labelArrow: false,
      tickFormat: numbersIn.en.signedPercent,
      nice: true,
      ticks: 6,
    },
    y: {
      label: null,
      domain: data.map(({ index }) => index),
      tickFormat: (index: number) => data[index].label,
      tickSize: 0,
      type: 'band',
    },
    marks: [
      Plot.ruleX([0], { stroke: TEXT }),
      Plot.link(data, {
        x1: 'low',
        x2: 'high',
        y1: 'index',
        y2: 'index',
        stroke: 'colour',
        strokeWidth: 3,
      }),
      Plot.dot(data, { x: 'estimate', y: 'index', fill: 'colour', r: 5 }),
    ],
  })
}

/** The deciding metric of each side along the horizons. */
function horizonChart(evaluation: Evaluation): string | undefined {
  const { decidedBy, segments } = evaluation
  const horizons = segments.filter(({ by }) => by === 'horizon')
  const sides = {
    'seasonal naive': ({ baseline }: Segment) => baseline,
    champion: ({ champion }: Segment) => champion,
    challenger: ({ challenger }: Segment) => challenger,
  }
  const data = Object.entries(sides).flatMap(([side, metrics]) =>
    horizons.flatMap((segment, index) => {
      const value = metrics(segment)?.[decidedBy]
      return value === undefined ? [] : [{ side, index, value }]
    }),
  )
  if (horizons.length < 2 || data.length === 0) return undefined
  return svg(`${metricLabels[decidedBy]} by horizon`, {
    height: 280,
    marginRight: 110,
    marginBottom: 40,
    x: {
      type: 'point',
      domain: horizons.map((_, index) => index),
      label: `${evaluation.frequency}s ahead`,
      labelArrow: false,
      tickFormat: (index: number) =>
        index % Math.ceil(horizons.length / 15) === 0
          ? visibleText(shortened(horizons[index].name, 12))
          : '',
    },
    y: { label: null, zero: true, nice: true, grid: true, ticks: 6 },
    color: { domain: Object.keys(sideColours), range: Object.values(sideColours) },
    marks: [
      Plot.line(data, { x: 'index', y: 'value', z: 'side', stroke: 'side', strokeWidth: 2 }),
      Plot.dot(data, { x: 'index', y: 'value', fill: 'side', r: 2.5 }),
      Plot.text(spreadLabels(data), {
        x: 'index',
        y: 'value',
        text: 'side',
        fill: 'side',
        textAnchor: 'start',
        dx: 8,
      }),
    ],
  })
}

/** Where each line ends, moved apart so that the names beside them can be read. */
function spreadLabels<P extends { side: string; index: number; value: number }>(data: P[]): P[] {
  const last = Math.max(...data.map(({ index }) => index))
  const gap = Math.max(...data.map(({ value }) => value)) / 14
  const ends = data.filter(({ index }) => index === last).sort((a, b) => a.value - b.value)
  let floor = Number.NEGATIVE_INFINITY
  return ends.map((end) => {
    floor = Math.max(end.value, floor + gap)
    return { ...end, value: floor }
  })
}

function svg(title: string, options: Plot.PlotOptions): string {
  const { document } = parseHTML('<html></html>')
  const chart = Plot.plot({
    width: WIDTH,
    marginTop: 40,
    style: { color: TEXT, fontSize: '13px', background: 'transparent' },
    ...options,
    marks: [
      ...(options.marks ?? []),
      Plot.text([title], {
        frameAnchor: 'top-left',
        dx: 6 - (options.marginLeft ?? 40),
        dy: -28,
        fontSize: 15,
        fontWeight: 'bold',
      }),
    ],
    document,
  })
  chart.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  chart.setAttribute('role', 'img')
  chart.setAttribute('aria-label', title)
  return `${chart.outerHTML}\n`
}
