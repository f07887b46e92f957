import { counted, integer, shortened } from '../base/wording.ts'
import type { Contender, Decision, Evaluation, Segment } from '../evaluation/gate/evaluation.ts'
import type { Interval } from '../evaluation/gate/interval.ts'
import type { MetricName, Metrics } from '../evaluation/scoring/metrics.ts'
import { metricNames } from '../evaluation/scoring/metrics.ts'
import { level, metricLabels } from './comparing.ts'
import { differenceText, isRelative, metricValue } from './format.ts'
import { table } from './markdown.ts'
import { becauseTexts, cautionText, checkText, smallerText } from './verdict-text.ts'

/** Plain text in rows and columns; each shell escapes and aligns it in its own way. */
export type Table = { headers: string[]; rows: string[][] }

/** The table in Markdown. */
export function markdownTable({ headers, rows }: Table): string {
  return table(headers, rows)
}

/** Such as `Better`, `Better, but not to be promoted` or `No worse, and due`. */
export function verdictWords({ decision, verdict }: Decision): string {
  if (verdict === 'better') return decision === 'promote' ? 'Better' : BETTER_BUT
  if (decision === 'promote') return 'No worse, and due'
  return verdict === 'worse' ? 'Worse' : 'Not distinguishable'
}

/** The verdict with its mark, in Markdown: `✅ **Better.**`. */
export function verdictMark(decision: Decision): string {
  return `${markOf(decision)} **${verdictWords(decision)}.**`
}

/** What the champion answers and the challenger does not, as one text; empty where it is nothing. */
export function smallerQuestionText({ smaller = [] }: Evaluation): string {
  return smaller.map((it) => shortened(smallerText(it), SENTENCE_LENGTH)).join(' ')
}

/** What the challenger is to production, and what calls for it; empty where that was not told. */
export function challengeText(evaluation: Evaluation): string {
  const { challenge } = evaluation
  switch (challenge?.kind) {
    case 'refresh': {
      const refresh = `A refresh: the recipe in production, trained on ${counted(challenge.days, 'more day')} of sales, judged where production forecast as deployed.`
      return [refresh, ...becauseTexts(evaluation)].join(' ')
    }
    case 'experiment':
      return 'An experiment: it is judged by what it improves.'
    case 'first':
      return 'The first model: it is judged against seasonal naive.'
    default:
      return ''
  }
}

/** What was scored, as one sentence. */
function scopeSentence({ origins, rows, horizon, frequency }: Evaluation): string {
  const from = origins.length > 1 ? `from ${origins[0]} to ${origins.at(-1)}` : `of ${origins[0]}`
  const ahead = `up to ${counted(horizon, frequency)} ahead`
  const scored = `${counted(rows, 'row')} (series × horizons × origins)`
  return origins.length === 0
    ? 'No forecast origin could be scored.'
    : `${counted(origins.length, 'rolling origin')} ${from}, each forecast ${ahead}; ${scored}.`
}

/** What was scored, which try it was, and what leaves the verdict blind, one sentence each. */
export function scopeSentences(evaluation: Evaluation): string[] {
  const campaign = campaignSentence(evaluation)
  return [
    scopeSentence(evaluation),
    ...(campaign ? [campaign] : []),
    ...(evaluation.cautions ?? []).map(cautionText),
  ]
}

/** Which try it was, and how sure it had to be; undefined where no tries were counted. */
function campaignSentence({ campaign, confidence }: Evaluation): string | undefined {
  if (!campaign) return undefined
  const { tries, version } = campaign
  const reference = version === undefined ? 'seasonal naive' : `version ${version}`
  const instead = tries > 1 ? ` instead of ${level(confidence)}` : ''
  return `Challenger ${integer(tries)} compared with ${reference}: better is claimed at ${level(campaign.confidence)}${instead}.`
}

/** Everything that names the models of a comparison: role and model. */
export function contendersTable({ champion, challenger, baseline }: Evaluation): Table {
  const sides = {
    Challenger: challenger,
    ...(champion && { Champion: champion }),
    Baseline: baseline,
  }
  return {
    headers: ['Role', 'Model', 'Chosen at the scored origins'],
    rows: Object.entries(sides).map(([role, { model, chosen }]) => [
      role,
      shortened(model, 120),
      shortened([...new Set(chosen)].join('; '), 200),
    ]),
  }
}

/** One row a metric that anybody has: seasonal naive, champion, challenger and the difference. */
export function metricsTable(evaluation: Evaluation): Table {
  const { baseline, champion, challenger, differences, decidedBy } = evaluation
  const sides = [baseline, ...(champion ? [champion] : []), challenger]
  const shown = metricNames.filter((name) => sides.some(({ metrics }) => name in metrics))
  return {
    headers: ['Metric', ...sideNames(evaluation), differenceHeader(evaluation), 'Reading'],
    rows: shown.map((name) => [
      name === decidedBy ? `${metricLabels[name]} (decides)` : metricLabels[name],
      ...sides.map(({ metrics }: Contender) => metricValue(name, metrics[name])),
      differenceText(name, differences[name]),
      reading(name, differences[name]),
    ]),
  }
}

/** What was asked, whether it holds, and a sentence that says so. */
type Checked = { name: string; passed: boolean; detail: string }

/** The checks of the policy in words. */
export function policyChecks(evaluation: Evaluation): Checked[] {
  return evaluation.decision.checks.map((check) => ({
    name: check.name,
    passed: check.passed,
    detail: checkText(check, evaluation),
  }))
}

/** Every check, those that failed first. */
export function checksTable(checks: Checked[]): Table {
  const failedFirst = [...checks].sort((a, b) => Number(a.passed) - Number(b.passed))
  return {
    headers: ['', 'Check', 'What was found'],
    rows: failedFirst.map(({ name, passed, detail }) => [
      passed ? '✅' : '❌',
      shortened(name, NAME_LENGTH),
      shortened(detail, SENTENCE_LENGTH),
    ]),
  }
}

/** The deciding metric in each of these segments, in the order given. */
export function segmentsTable(evaluation: Evaluation, segments: Segment[]): Table {
  const { decidedBy, champion } = evaluation
  const by = segments[0]?.by ?? 'category'
  const value = (metrics: Metrics | undefined) => metricValue(decidedBy, metrics?.[decidedBy])
  return {
    headers: [
      capitalised(by),
      'Rows',
      ...sideNames(evaluation),
      differenceHeader(evaluation),
      'Reading',
    ],
    rows: segments.map((segment) => [
      shortened(segment.name, NAME_LENGTH),
      integer(segment.rows),
      value(segment.baseline),
      ...(champion ? [value(segment.champion)] : []),
      value(segment.challenger),
      differenceText(decidedBy, segment.difference),
      reading(decidedBy, segment.difference),
    ]),
  }
}

/** How often sales fell within the challenger's intervals, by volume class and by horizon. */
export function coverageTable({ segments }: Evaluation): Table {
  return {
    headers: ['Segment', 'Rows', metricLabels.coverage80, metricLabels.coverage95],
    rows: segments
      .filter(({ by }) => by !== 'category')
      .map(({ by, name, rows, challenger }) => [
        `${by} ${shortened(name, NAME_LENGTH)}`,
        integer(rows),
        metricValue('coverage80', challenger.coverage80),
        metricValue('coverage95', challenger.coverage95),
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

/** The header of a column of differences with their intervals. */
export function differenceHeader({ confidence }: { confidence: number }): string {
  return `Difference (${level(confidence)} interval)`
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
export function withMarks({ headers, rows }: Table): Table {
  const marked = (reading: string) => (reading ? `${marks[reading]} ${reading}` : '')
  return { headers, rows: rows.map((row) => [...row.slice(0, -1), marked(row[row.length - 1])]) }
}

function markOf({ decision, verdict }: Decision): string {
  if (decision === 'promote') return verdict === 'better' ? '✅' : '🔄'
  return { better: '⛔', worse: '❌', 'not distinguishable': '⚪' }[verdict]
}

const BETTER_BUT = 'Better, but not to be promoted'

const NAME_LENGTH = 60
const SENTENCE_LENGTH = 400

const marks: Record<string, string> = { worse: '🔴', better: '🟢', 'not distinguishable': '⚪' }

function reading(name: MetricName, interval: Interval | undefined): string {
  return standing(name, interval) ?? ''
}

function sideNames({ champion }: Evaluation): string[] {
  return ['Seasonal naive', ...(champion ? ['Champion'] : []), 'Challenger']
}

function capitalised(text: string): string {
  return text[0].toUpperCase() + text.slice(1)
}

function ascending<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : Number(a > b)
}
