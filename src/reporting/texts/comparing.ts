import { firstOf } from '../../base/first-of.ts'
import { inEveryLanguage } from '../../base/language.ts'
import type { MetricName } from '../../evaluation/scoring/metrics.ts'
import { numbersIn } from './numbers.ts'

/** The model that a challenger is judged against. */
export type Reference = 'champion' | 'seasonal naive'

/** Words in which models are compared: whole ones, for a reader who has never met the metric. */
type Comparing = {
  metricLabels: Record<MetricName, string>
  /** The label where a sentence begins, and within one. */
  metricAsSubject(metric: MetricName): string
  metricInSentence(metric: MetricName): string
  reference: Record<Reference, string>
  /** The same as a heading says it. */
  referenceModel: Record<Reference, string>
  /** -0.123 → `is 12.3% lower than the champion's`; undefined → `could not be compared`. */
  compared(difference: number | undefined, reference: Reference): string
  /** -0.123 → `12.3% lower`. */
  change(difference: number): string
  /** -0.16, -0.081 → `8.1% to 16.0% lower`; -0.031, 0.022 → `3.1% lower to 2.2% higher`. */
  span(low: number, high: number): string
  /** 0.95, -0.16, -0.081 → `95% interval 8.1% to 16.0% lower`. */
  interval(confidence: number, low: number, high: number): string
  /** What a class of volume is called; another name stays. */
  volumeClass(name: string): string
  /** Of a model in parts; one of its parts has no name, where the sales say none. */
  partName(name: string): string
  /** The first ten of these names, and how many more there are. */
  firstOf(names: readonly string[]): string
}

const en = numbersIn.en
const pt = numbersIn['pt-BR']

const englishLabels: Record<MetricName, string> = {
  weightedQuantileLoss: 'Weighted quantile loss',
  wape: 'WAPE',
  mase: 'MASE',
  rmsse: 'RMSSE',
  bias: 'Bias',
  coverage80: 'Coverage of the 80% interval',
  coverage95: 'Coverage of the 95% interval',
}

const portugueseLabels: Record<MetricName, string> = {
  weightedQuantileLoss: 'Perda quantílica ponderada',
  wape: 'WAPE',
  mase: 'MASE',
  rmsse: 'RMSSE',
  bias: 'Viés',
  coverage80: 'Cobertura do intervalo de 80%',
  coverage95: 'Cobertura do intervalo de 95%',
}

const englishChange = (difference: number) =>
  `${en.percent(Math.abs(difference))} ${difference < 0 ? 'lower' : 'higher'}`

const portugueseChange = (difference: number) =>
  `${pt.percent(Math.abs(difference))} ${difference < 0 ? 'menor' : 'maior'}`

const englishReference = { champion: 'the champion', 'seasonal naive': 'seasonal naive' }

const portugueseReference = {
  champion: 'o campeão',
  'seasonal naive': 'a linha de base sazonal ingênua',
}

const portugueseClasses = new Map([
  ['low', 'baixo'],
  ['medium', 'médio'],
  ['high', 'alto'],
])

const FEMININE: readonly MetricName[] = ['weightedQuantileLoss', 'coverage80', 'coverage95']

export const comparingTexts = inEveryLanguage<Comparing>({
  en: {
    metricLabels: englishLabels,
    metricAsSubject: (metric) => englishLabels[metric],
    metricInSentence: (metric) => uncapitalised(englishLabels[metric]),
    reference: englishReference,
    referenceModel: { champion: 'the champion', 'seasonal naive': 'the seasonal naive model' },
    compared(difference, reference) {
      if (difference === undefined) return 'could not be compared'
      const whose = `${englishReference[reference]}'s`
      return difference === 0
        ? `is the same as ${whose}`
        : `is ${englishChange(difference)} than ${whose}`
    },
    change: englishChange,
    span: englishSpan,
    interval: (confidence, low, high) =>
      `${en.level(confidence)} interval ${englishSpan(low, high)}`,
    volumeClass: (name) => name,
    partName: (name) => name || '(none)',
    firstOf,
  },
  'pt-BR': {
    metricLabels: portugueseLabels,
    metricAsSubject: (metric) =>
      `${FEMININE.includes(metric) ? 'A' : 'O'} ${uncapitalised(portugueseLabels[metric])}`,
    metricInSentence: (metric) => uncapitalised(portugueseLabels[metric]),
    reference: portugueseReference,
    referenceModel: portugueseReference,
    compared(difference, reference) {
      if (difference === undefined) return 'não tem comparação possível'
      const where = `n${portugueseReference[reference]}`
      return difference === 0
        ? `tem o mesmo valor que ${where}`
        : `é ${portugueseChange(difference)} que ${where}`
    },
    change: portugueseChange,
    span: portugueseSpan,
    interval: (confidence, low, high) =>
      `intervalo de ${pt.level(confidence)}: ${portugueseSpan(low, high)}`,
    volumeClass: (name) => portugueseClasses.get(name) ?? name,
    partName: (name) => name || '(sem nome)',
    firstOf: (names) =>
      names.length > 10
        ? `${names.slice(0, 10).join(', ')} e mais ${names.length - 10}`
        : names.join(', '),
  },
})

/** But for an abbreviation: `weighted quantile loss`, `WAPE`. */
function uncapitalised(label: string): string {
  return label.replace(/^\p{Lu}(?=\p{Ll})/u, (letter) => letter.toLowerCase())
}

function englishSpan(low: number, high: number): string {
  if (high <= 0) return `${en.percent(-high)} to ${en.percent(-low)} lower`
  if (low >= 0) return `${en.percent(low)} to ${en.percent(high)} higher`
  return `${englishChange(low)} to ${englishChange(high)}`
}

function portugueseSpan(low: number, high: number): string {
  if (high <= 0) return `de ${pt.percent(-high)} a ${pt.percent(-low)} menor`
  if (low >= 0) return `de ${pt.percent(low)} a ${pt.percent(high)} maior`
  return `de ${portugueseChange(low)} a ${portugueseChange(high)}`
}
