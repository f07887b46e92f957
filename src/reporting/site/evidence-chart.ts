import type { Language } from '../../base/language.ts'
import type { HealthRecord } from '../../monitoring/health/health-record.ts'
import { type Html, html } from '../html.ts'
import { numbersIn } from '../texts/numbers.ts'
import { siteTexts } from '../texts/site.ts'
import { lineChart } from './line-chart.ts'

/** E and R after every block of every version; what was promised begins anew with each. */
export function evidenceChart(health: readonly HealthRecord[], language: Language): Html {
  const say = siteTexts[language]
  const { amount } = numbersIn[language]
  const { standing } = health[health.length - 1]
  const blocks = health.flatMap((record) => record.blocks)
  if (blocks.length === 0) return html`<p>${say.noBlocks}</p>`
  const told = (value: 'e' | 'r') =>
    blocks.map((block) => (block.outcome === 'counted' ? block[value] : undefined))
  return lineChart({
    ...placesOf(health, language),
    label: say.evidenceChart,
    isLogarithmic: true,
    written: amount,
    lines: [
      { className: 'evidence-e', name: say.legendE, values: told('e') },
      { className: 'evidence-r', name: say.legendR, values: told('r') },
    ],
    ...(standing.outcome === 'judged' && {
      thresholds: [
        {
          className: 'threshold-e',
          name: say.thresholdE(amount(standing.thresholds.degraded)),
          value: standing.thresholds.degraded,
        },
        {
          className: 'threshold-r',
          name: say.thresholdR(amount(standing.thresholds.watch)),
          value: standing.thresholds.watch,
        },
      ],
    }),
  })
}

/** The loss of the model relative to seasonal naive, beside what was promised of it. */
export function ratioChart(health: readonly HealthRecord[], language: Language): Html {
  const say = siteTexts[language]
  const { amount } = numbersIn[language]
  const ofEach = (value: (record: HealthRecord) => number | undefined) =>
    health.flatMap((record) => record.blocks.map(() => value(record)))
  const promised = (of: 'mean' | 'limit' | 'wreck') =>
    ofEach(({ standing }) =>
      standing.outcome === 'judged' ? Math.exp(standing.promise[of]) : undefined,
    )
  const ratios = health.flatMap(({ blocks }) =>
    blocks.map((block) => (block.outcome === 'cannot tell' ? undefined : Math.exp(block.logRatio))),
  )
  if (ratios.length === 0) return html`<p>${say.noBlocks}</p>`
  return lineChart({
    ...placesOf(health, language),
    label: say.ratioChart,
    written: amount,
    lines: [
      { className: 'model', name: say.ratio, values: ratios },
      { className: 'promised', name: say.ratioPromised, values: promised('mean') },
      { className: 'threshold-r', name: say.ratioLimit, values: promised('limit') },
      { className: 'threshold-e', name: say.ratioWreck, values: promised('wreck') },
    ],
  })
}

/** The blocks along the axis, where a version begins, and of which nothing can be told. */
function placesOf(health: readonly HealthRecord[], language: Language) {
  const say = siteTexts[language]
  const blocks = health.flatMap((record) => record.blocks)
  let place = 0
  const begins = health.map(({ production, blocks }) => {
    const begin = { place, text: say.versionHere(String(production.version)) }
    place += blocks.length
    return begin
  })
  return {
    places: blocks.map(({ from }) => numbersIn[language].day(from)),
    breaks: begins.filter((begin) => begin.place > 0 && begin.place < blocks.length),
    untold: {
      places: [...blocks.entries()].flatMap(([at, { outcome }]) =>
        outcome === 'cannot tell' ? [at] : [],
      ),
      name: say.untold,
    },
  }
}
