import type { Language } from '../base/language.ts'
import type { Caution } from '../evaluation/gate/caution.ts'
import type { Check, DueReason } from '../evaluation/gate/check.ts'
import type { Doubt, Evaluation, OrderingComparison } from '../evaluation/gate/evaluation.ts'
import type { SmallerQuestion } from '../evaluation/gate/question.ts'
import type { Reference } from './texts/comparing.ts'
import { verdictTexts } from './texts/verdict.ts'

/** What the metric that decides says, as a sentence with its numbers. */
export function summaryText(evaluation: Evaluation, language: Language): string {
  const say = verdictTexts[language]
  const { decision, decidedBy, differences } = evaluation
  const difference = differences[decidedBy]
  const doubts = decision.decision === 'keep' ? decision.doubts : []
  if (!difference || doubts.some(isObstacle)) return say.notJudged(referenceOf(evaluation))
  const { estimate, low, high } = difference
  const isSure = low === 0 && high === 0
  return say.summary(comparedBy(evaluation), estimate, isSure ? undefined : { low, high })
}

/** Why it is not promoted, one sentence each; empty where it is. */
export function reasonTexts(evaluation: Evaluation, language: Language): string[] {
  const { decision } = evaluation
  if (decision.decision === 'promote') return []
  const failed = decision.checks.filter(({ passed }) => !passed)
  return [
    ...decision.doubts.map((doubt) => doubtText(doubt, evaluation, language)),
    ...failed.map((check) => checkText(check, evaluation, language)),
  ]
}

/** What called for the refresh that is promoted, one sentence each; empty where it is none. */
export function becauseTexts(evaluation: Evaluation, language: Language): string[] {
  const { decision } = evaluation
  const because = decision.decision === 'promote' ? (decision.because ?? []) : []
  return because.map((reason) => dueReasonText(reason, evaluation, language))
}

/** What was found and what the policy requires, as a whole sentence. */
export function checkText(check: Check, evaluation: Evaluation, language: Language): string {
  const say = verdictTexts[language]
  const compared = comparedBy(evaluation)
  switch (check.name) {
    case 'every metric':
      return say.everyMetric(check)
    case 'same question': {
      const sentences = check.smaller.map((smaller) => smallerText(smaller, language))
      return say.sameQuestion(check, sentences.join(' '))
    }
    case 'minimum improvement':
      return say.minimumImprovement(check, compared)
    case 'no worse':
      return say.noWorse(check, compared)
    case 'due':
      return check.because.length > 0
        ? check.because.map((reason) => dueReasonText(reason, evaluation, language)).join(' ')
        : say.notDue(check.limits, refreshOf(evaluation))
    case 'seasonal naive beaten':
      return say.seasonalNaive(check, compared)
    case 'bias':
      return say.bias(check, compared)
    case 'coverage of the 80% interval':
      return say.coverage(check, compared)
    case 'no category worse':
    case 'no volume class worse':
    case 'no part worse':
      return say.segments(check, compared)
    case 'cost of ordering':
      return check.found
        ? say.orderingCost(check, check.found, compared)
        : notSimulatedText(evaluation, language)
    case 'service level of ordering':
      return check.isSimulated
        ? say.serviceLevel(check, compared)
        : notSimulatedText(evaluation, language)
  }
}

/** What a challenger does not answer, as a whole sentence. */
export function smallerText(smaller: SmallerQuestion, language: Language): string {
  return verdictTexts[language].smaller(smaller)
}

/** What leaves the verdict blind, as a sentence. */
export function cautionText(caution: Caution, language: Language): string {
  return verdictTexts[language].caution(caution)
}

/** Why ordering was not simulated, as a sentence. */
export function notSimulatedReason(
  reason: Extract<OrderingComparison, { outcome: 'not simulated' }>['reason'],
  language: Language,
): string {
  return verdictTexts[language].notSimulated[reason]
}

/** The model that a challenger is judged against. */
export function referenceOf({ champion }: { champion?: object }): Reference {
  return champion ? 'champion' : 'seasonal naive'
}

function comparedBy(evaluation: Evaluation) {
  const { decidedBy, confidence } = evaluation
  return { metric: decidedBy, reference: referenceOf(evaluation), confidence }
}

/** A doubt for which the metrics say nothing at all. */
function isObstacle({ doubt }: Doubt): boolean {
  return ['the champion itself', 'too few origins', 'no metric', 'no interval'].includes(doubt)
}

function doubtText(doubt: Doubt, evaluation: Evaluation, language: Language): string {
  const say = verdictTexts[language]
  const { decidedBy, differences, challenge } = evaluation
  const compared = comparedBy(evaluation)
  const { low, high } = differences[decidedBy] ?? { low: 0, high: 0 }
  switch (doubt.doubt) {
    case 'the champion itself':
      return say.theChampionItself
    case 'too few origins':
      return say.tooFewOrigins(doubt.origins, doubt.required)
    case 'no metric':
      return say.noMetric(compared, doubt.of)
    case 'no interval':
      return say.noInterval
    case 'surely higher':
      return say.surelyHigher(compared, low)
    case 'the same everywhere':
      return say.theSameEverywhere(compared)
    case 'looked at often': {
      const of = challenge?.kind === 'refresh' ? 'refresh' : 'experiment'
      return say.lookedAtOften({ count: doubt.tries, of }, doubt.confidence, doubt.interval)
    }
    case 'chance':
      return say.chance(compared, { low, high })
  }
}

function dueReasonText(reason: DueReason, evaluation: Evaluation, language: Language): string {
  return verdictTexts[language].due(reason, comparedBy(evaluation), refreshOf(evaluation))
}

const NO_REFRESH = { days: 0, series: 0, newSeries: 0 }

function refreshOf({ challenge }: Evaluation): typeof NO_REFRESH {
  return challenge?.kind === 'refresh' ? challenge : NO_REFRESH
}

function notSimulatedText({ ordering }: Evaluation, language: Language): string {
  const say = verdictTexts[language]
  return ordering?.outcome === 'not simulated'
    ? `${say.notSimulated[ordering.reason]} ${say.notAskedThen}`
    : say.orderingNotSimulated
}
