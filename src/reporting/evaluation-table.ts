import type { Language } from '../base/language.ts'
import { shortened } from '../base/wording.ts'
import type { Contender, Decision, Evaluation, Segment } from '../evaluation/gate/evaluation.ts'
import type { Interval } from '../evaluation/gate/interval.ts'
import type { MetricName, Metrics } from '../evaluation/scoring/metrics.ts'
import { metricNames } from '../evaluation/scoring/metrics.ts'
import { differenceText, isRelative, metricValue } from './format.ts'
import { table } from './markdown.ts'
import { comparingTexts } from './texts/comparing.ts'
import { evaluationTexts } from './texts/evaluation.ts'
import { numbersIn } from './texts/numbers.ts'
import { becauseTexts, cautionText, checkText, smallerText } from './verdict-text.ts'

/** Plain text in rows and columns; each shell escapes and aligns it in its own way. */
export type Table = { headers: string[]; rows: string[][] }

/** The table in Markdown. */
export function markdownTable({ headers, rows }: Table): string {
  return table(headers, rows)
}

/** Such as `Better`, `Better, but not to be promoted` or `No worse, and due`. */
export function verdictWords({ decision, verdict }: Decision, language: Language): string {
  const { verdicts } = evaluationTexts[language]
  if (verdict === 'better') return verdicts[decision === 'promote' ? 'better' : 'better, but kept']
  return verdicts[decision === 'promote' ? 'refreshed' : verdict]
}

/** The verdict with its mark, in Markdown: `✅ **Better.**`. */
export function verdictMark(decision: Decision, language: Language): string {
  return `${markOf(decision)} **${verdictWords(decision, language)}.**`
}

/** What the champion answers and the challenger does not, as one text; empty where it is nothing. */
export function smallerQuestionText({ smaller = [] }: Evaluation, language: Language): string {
  return smaller.map((it) => shortened(smallerText(it, language), SENTENCE_LENGTH)).join(' ')
}

/** What the challenger is to production, and what calls for it; empty where that was not told. */
export function challengeText(evaluation: Evaluation, language: Language): string {
  const { challenges } = evaluationTexts[language]
  const { challenge } = evaluation
  switch (challenge?.kind) {
    case 'refresh':
      return [challenges.refresh(challenge.days), ...becauseTexts(evaluation, language)].join(' ')
    case 'experiment':
    case 'first':
      return challenges[challenge.kind]
    default:
      return ''
  }
}

/** What was scored, which try it was, and what leaves the verdict blind, one sentence each. */
export function scopeSentences(evaluation: Evaluation, language: Language): string[] {
  const say = evaluationTexts[language]
  const campaign = campaignSentence(evaluation, language)
  return [
    evaluation.origins.length === 0 ? say.noOrigin : say.scope(evaluation),
    ...(campaign ? [campaign] : []),
    ...(evaluation.plannedPrices ? [say.actualPrices] : []),
    ...(evaluation.cautions ?? []).map((caution) => cautionText(caution, language)),
  ]
}

/** Which try it was, and how sure it had to be; undefined where no tries were counted. */
function campaignSentence(
  { campaign, confidence: usual }: Evaluation,
  language: Language,
): string | undefined {
  if (!campaign) return undefined
  const { tries, version, confidence } = campaign
  return evaluationTexts[language].campaign({ tries, version, confidence, usual })
}

/** Everything that names the models of a comparison: role and model. */
export function contendersTable(
  { champion, challenger, baseline }: Evaluation,
  language: Language,
): Table {
  const { roles, contenders, asDeployed } = evaluationTexts[language]
  const sides = {
    [roles.Challenger]: challenger,
    ...(champion && { [roles.Champion]: champion }),
    [roles.Baseline]: baseline,
  }
  const named = (chosen: string) => (chosen === 'as deployed' ? asDeployed : chosen)
  return {
    headers: contenders,
    rows: Object.entries(sides).map(([role, { model, chosen }]) => [
      role,
      shortened(model, 120),
      shortened([...new Set(chosen)].map(named).join('; '), 200),
    ]),
  }
}

/** One row a metric that anybody has: seasonal naive, champion, challenger and the difference. */
export function metricsTable(evaluation: Evaluation, language: Language): Table {
  const say = evaluationTexts[language]
  const { metricLabels } = comparingTexts[language]
  const { baseline, champion, challenger, differences, decidedBy } = evaluation
  const sides = [baseline, ...(champion ? [champion] : []), challenger]
  const shown = metricNames.filter((name) => sides.some(({ metrics }) => name in metrics))
  return {
    headers: [
      say.metric,
      ...sideNames(evaluation, language),
      say.difference(evaluation.confidence),
      say.reading,
    ],
    rows: shown.map((name) => [
      name === decidedBy ? `${metricLabels[name]} (${say.decides})` : metricLabels[name],
      ...sides.map(({ metrics }: Contender) => metricValue(name, metrics[name], language)),
      differenceText(name, differences[name], language),
      reading(name, differences[name], language),
    ]),
  }
}

/** What was asked, whether it holds, and a sentence that says so. */
type Checked = { name: string; passed: boolean; detail: string }

/** The checks of the policy in words. */
export function policyChecks(evaluation: Evaluation, language: Language): Checked[] {
  const { checkNames } = evaluationTexts[language]
  return evaluation.decision.checks.map((check) => ({
    name: checkNames[check.name],
    passed: check.passed,
    detail: checkText(check, evaluation, language),
  }))
}

/** Every check, those that failed first. */
export function checksTable(checks: Checked[], language: Language): Table {
  const failedFirst = [...checks].sort((a, b) => Number(a.passed) - Number(b.passed))
  return {
    headers: evaluationTexts[language].checks.headers,
    rows: failedFirst.map(({ name, passed, detail }) => [
      passed ? '✅' : '❌',
      shortened(name, NAME_LENGTH),
      shortened(detail, SENTENCE_LENGTH),
    ]),
  }
}

/** The deciding metric in each of these segments, in the order given. */
export function segmentsTable(
  evaluation: Evaluation,
  segments: Segment[],
  language: Language,
): Table {
  const say = evaluationTexts[language]
  const { decidedBy, champion } = evaluation
  const by = segments[0]?.by ?? 'category'
  const value = (metrics: Metrics | undefined) =>
    metricValue(decidedBy, metrics?.[decidedBy], language)
  return {
    headers: [
      say.segmentKinds[by],
      say.rows,
      ...sideNames(evaluation, language),
      say.difference(evaluation.confidence),
      say.reading,
    ],
    rows: segments.map((segment) => [
      shortened(segmentName(segment, language), NAME_LENGTH),
      numbersIn[language].integer(segment.rows),
      value(segment.baseline),
      ...(champion ? [value(segment.champion)] : []),
      value(segment.challenger),
      differenceText(decidedBy, segment.difference, language),
      reading(decidedBy, segment.difference, language),
    ]),
  }
}

/** Segments of one kind, the one where the challenger does worst against its reference first. */
export function worstFirst(segments: Segment[], by: Segment['by']): Segment[] {
  const estimate = ({ difference }: Segment) => difference?.estimate ?? Number.NEGATIVE_INFINITY
  return segments
    .filter((segment) => segment.by === by)
    .sort((a, b) => ascending(estimate(b), estimate(a)) || ascending(a.name, b.name))
}

/** Of segments that are sorted, the first and the last; all of them where they are few. */
export function worstAndBest(sorted: Segment[]): Segment[] {
  return sorted.length <= MOST_SHOWN + FEW_SHOWN
    ? sorted
    : [...sorted.slice(0, MOST_SHOWN), ...sorted.slice(-FEW_SHOWN)]
}

const MOST_SHOWN = 15
const FEW_SHOWN = 5

/** What a segment is called: classes of volume have names of our own. */
export function segmentName({ by, name }: Segment, language: Language): string {
  const { volumeClass, partName } = comparingTexts[language]
  if (by === 'volume class') return volumeClass(name)
  return by === 'part' ? partName(name) : name
}

/** Whether the whole interval of a loss lies above zero, below it, or neither. */
export function standing(
  name: MetricName,
  interval: Interval | undefined,
): 'worse' | 'better' | 'not distinguishable' | undefined {
  if (interval === undefined || !isRelative(name)) return undefined
  if (interval.low > 0) return 'worse'
  return interval.high < 0 ? 'better' : 'not distinguishable'
}

/** The table with a coloured mark before each reading in its last column. */
export function withMarks({ headers, rows }: Table, language: Language): Table {
  const { readings } = evaluationTexts[language]
  const marks = new Map([
    [readings.worse, '🔴'],
    [readings.better, '🟢'],
    [readings['not distinguishable'], '⚪'],
  ])
  const marked = (reading: string) => (reading ? `${marks.get(reading)} ${reading}` : '')
  return { headers, rows: rows.map((row) => [...row.slice(0, -1), marked(row[row.length - 1])]) }
}

function markOf({ decision, verdict }: Decision): string {
  if (decision === 'promote') return verdict === 'better' ? '✅' : '🔄'
  return { better: '⛔', worse: '❌', 'not distinguishable': '⚪' }[verdict]
}

const NAME_LENGTH = 60
const SENTENCE_LENGTH = 400

function reading(name: MetricName, interval: Interval | undefined, language: Language): string {
  const found = standing(name, interval)
  return found === undefined ? '' : evaluationTexts[language].readings[found]
}

function sideNames({ champion }: Evaluation, language: Language): string[] {
  const { sides } = evaluationTexts[language]
  return [sides['seasonal naive'], ...(champion ? [sides.champion] : []), sides.challenger]
}

function ascending<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : Number(a > b)
}
