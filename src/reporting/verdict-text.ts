import { firstOf } from '../base/first-of.ts'
import { counted, integer, percent } from '../base/wording.ts'
import type { Caution } from '../evaluation/gate/caution.ts'
import type { Challenge } from '../evaluation/gate/challenge.ts'
import type { Check, DueReason } from '../evaluation/gate/check.ts'
import type { Doubt, Evaluation } from '../evaluation/gate/evaluation.ts'
import { daysAhead, type Reach, type SmallerQuestion } from '../evaluation/gate/question.ts'
import { change, compared, level, metricLabels, ordinal, referenceName, span } from './comparing.ts'

/** What the metric that decides says, as a sentence with its numbers. */
export function summaryText(evaluation: Evaluation): string {
  const { decision, decidedBy, differences, confidence } = evaluation
  const difference = differences[decidedBy]
  const doubts = decision.decision === 'keep' ? decision.doubts : []
  if (!difference || doubts.some(isObstacle)) {
    return `The challenger could not be judged against ${referenceName(evaluation)}.`
  }
  const { estimate, low, high } = difference
  const sure = low === 0 && high === 0 ? '' : ` (${level(confidence)} interval ${span(low, high)})`
  return `${metricLabels[decidedBy]} is ${compared(estimate, referenceName(evaluation))}${sure}.`
}

/** Why it is not promoted, one sentence each; empty where it is. */
export function reasonTexts(evaluation: Evaluation): string[] {
  const { decision } = evaluation
  if (decision.decision === 'promote') return []
  const failed = decision.checks.filter(({ passed }) => !passed)
  return [
    ...decision.doubts.map((doubt) => doubtText(doubt, evaluation)),
    ...failed.map((check) => checkText(check, evaluation)),
  ]
}

/** What called for the refresh that is promoted, one sentence each; empty where it is none. */
export function becauseTexts(evaluation: Evaluation): string[] {
  const { decision } = evaluation
  const because = decision.decision === 'promote' ? (decision.because ?? []) : []
  return because.map((reason) => dueReasonText(reason, evaluation))
}

/** What was found and what the policy requires, as a whole sentence. */
export function checkText(check: Check, evaluation: Evaluation): string {
  const label = metricLabels[evaluation.decidedBy]
  const reference = referenceName(evaluation)
  switch (check.name) {
    case 'every metric':
      return check.passed
        ? 'The challenger has every metric that the model it is judged against has.'
        : `The challenger has no ${check.missing.join(', ')}: a forecast is missing or not a finite number.`
    case 'same question':
      return sameQuestionText(check)
    case 'minimum improvement': {
      const required = `at least ${percent(check.required)} lower is required`
      return `${label} ${differenceOf(check, reference)}; ${required}.`
    }
    case 'no worse': {
      const required = `at most ${percent(check.allowed)} higher is allowed for a refresh, and not by more than chance explains`
      return `${label} ${differenceOf(check, reference)}; ${required}.`
    }
    case 'due':
      return dueText(check, evaluation)
    case 'seasonal naive beaten': {
      const { own, naive, kept } = check
      const orKept =
        kept === undefined ? '' : `, or at most the ${kept.toFixed(4)} of the champion,`
      return own === undefined || naive === undefined
        ? `${label} could not be compared with that of seasonal naive; below it is required.`
        : `${label} is ${own.toFixed(4)}; below the ${naive.toFixed(4)} of seasonal naive${orKept} is required.`
    }
    case 'bias': {
      const { bias, allowed, kept } = check
      const orKept = kept === undefined ? '' : `, or the ${percent(kept)} of ${reference}`
      const required = `at most ${percent(allowed)} either way${orKept} is allowed`
      return bias === undefined
        ? `The bias could not be computed; ${required}.`
        : `The forecasts add up to ${percent(Math.abs(bias))} ${bias < 0 ? 'less' : 'more'} than was sold; ${required}.`
    }
    case 'coverage of the 80% interval': {
      const { coverage, least, most, kept } = check
      const orKept =
        kept === undefined ? '' : `, or no further from it than ${reference}, by ${percent(kept)},`
      const required = `${percent(least)} to ${percent(most)}${orKept} is required`
      return coverage === undefined
        ? `The coverage of the 80% interval could not be computed; ${required}.`
        : `${percent(coverage)} of the rows lie within the 80% interval; ${required}.`
    }
    case 'no category worse':
    case 'no volume class worse':
      return segmentsText(check, label)
    case 'cost of ordering':
      return orderingCostText(check, evaluation)
    case 'service level of ordering': {
      const { level, required, kept } = check
      if (!check.isSimulated) return notSimulatedText(evaluation)
      const orKept = kept === undefined ? '' : `, or the ${percent(kept)} by ${reference},`
      const least = `at least ${percent(required)}${orKept} is required`
      return level === undefined
        ? `The service level of ordering could not be computed; ${least}.`
        : `Ordering by the challenger meets ${percent(level)} of the demand in the simulation; ${least}.`
    }
  }
}

/** What a challenger does not answer, as a whole sentence. */
export function smallerText(smaller: SmallerQuestion): string {
  switch (smaller.by) {
    case 'shorterHorizon':
      return `It forecasts ${ahead(smaller.challenger)}, but the champion ${ahead(smaller.champion)}.`
    case 'otherFrequency':
      return `It forecasts in ${smaller.challenger}s, but the champion in ${smaller.champion}s.`
    case 'fewerSeries': {
      const more = smaller.missing > smaller.named.length ? ', …' : ''
      return `It does not know ${smaller.missing} of the ${smaller.of} series that the champion forecasts: ${smaller.named.join(', ')}${more}.`
    }
  }
}

/** What leaves the verdict blind, as a sentence. Shares are those that `npm run benchmark gate` measures. */
export function cautionText(caution: Caution): string {
  switch (caution.caution) {
    case 'few origins':
      return `With ${caution.origins} origins the gate sees little: of challengers that are truly 5% better, ${FOUND} are called so with 4 origins, with 6 and with 12.`
    case 'overlapping origins': {
      const { origins, overlap } = caution
      return `The step is below the horizon, so that ${overlap} origins in a row forecast the same period: ${origins} of them say hardly more than ${Math.ceil(origins / overlap)} that lie a horizon apart.`
    }
    case 'low confidence': {
      const { confidence } = caution
      return `A confidence of ${level(confidence)} lets chance through: up to ${percent((1 - confidence) / 2)} of challengers that are no better are called so at the first try, and up to ${percent(1 - confidence)} of campaigns end so.`
    }
    case 'high confidence':
      return `A confidence of ${level(caution.confidence)} asks for more than a few origins can show, and guardrails that compare with the champion hardly ever close at it.`
    case 'large minimum improvement':
      return `A minimum improvement of ${percent(caution.minimumImprovement)} keeps out what is better by less, however certain it is: few challengers of a good model are better by 5%.`
  }
}

/** Why ordering was not simulated, as a sentence. */
export function notSimulatedReason(
  reason: Extract<Evaluation['ordering'], { outcome: 'not simulated' }>['reason'],
): string {
  const because = {
    'no origin': 'no forecast origin could be scored',
    'no prices and costs': 'the sales have no prices and costs',
    'no series with price and cost': 'no series has a price and a cost',
  }
  return `Ordering could not be simulated: ${because[reason]}.`
}

/** Of variants of the champion's recipe. */
const FOUND = '55%, 82% and 97%'

const BY_CHANCE = ', and more only where chance may explain it, as here'

/** A doubt for which the metrics say nothing at all. */
function isObstacle({ doubt }: Doubt): boolean {
  return ['the champion itself', 'too few origins', 'no metric', 'no interval'].includes(doubt)
}

function doubtText(doubt: Doubt, evaluation: Evaluation): string {
  const { decidedBy, differences, confidence, challenge } = evaluation
  const label = metricLabels[decidedBy]
  const { low, high } = differences[decidedBy] ?? { low: 0, high: 0 }
  switch (doubt.doubt) {
    case 'the champion itself':
      return 'The challenger is the champion itself: the same recipe, code and data.'
    case 'too few origins':
      return `Too few origins could be scored: ${doubt.origins}, but the policy requires ${doubt.required}.`
    case 'no metric': {
      const whose = doubt.of === 'challenger' ? 'the challenger' : referenceName(evaluation)
      return `${label} of ${whose} could not be computed.`
    }
    case 'no interval':
      return 'The confidence interval of the difference could not be computed.'
    case 'surely higher':
      return `${label} is higher by more than chance explains: at least ${percent(low)}.`
    case 'the same everywhere':
      return `${label} is the same for every series at every origin.`
    case 'looked at often': {
      const { tries, interval } = doubt
      const often =
        challenge?.kind === 'refresh'
          ? `Production is looked at in the ${ordinal(tries)} horizon since it was trained, and who looks often sees what is not there`
          : `It is the ${ordinal(tries)} challenger that was tried, and who tries often finds one that looks better`
      return `${often}: the ${level(doubt.confidence)} interval, ${span(interval.low, interval.high)}, includes 0.`
    }
    case 'chance':
      return `The ${level(confidence)} interval ${span(low, high)} includes 0, so that chance may explain the difference.`
  }
}

function sameQuestionText({ passed, smaller }: Extract<Check, { name: 'same question' }>): string {
  const asked = passed
    ? 'the policy allows that by'
    : 'the policy does not allow that; where it is wanted, it says'
  const sentences = smaller.map(smallerText).join(' ')
  return `${sentences.slice(0, -1)}; ${asked} allow: [${smaller.map(({ by }) => by).join(', ')}].`
}

function differenceOf({ difference }: { difference?: number }, reference: string): string {
  return difference === undefined
    ? 'could not be compared'
    : `is ${compared(difference, reference)}`
}

function dueText(
  { because, limits }: Extract<Check, { name: 'due' }>,
  evaluation: Evaluation,
): string {
  if (because.length > 0) {
    return because.map((reason) => dueReasonText(reason, evaluation)).join(' ')
  }
  const refresh = refreshOf(evaluation)
  return `Nothing calls for a refresh: its metric is not ${percent(limits.gain)} lower by more than chance explains, or while production surely breaks a limit; ${newSeriesShare(refresh)} are new to production, and ${percent(limits.newSeries)} would have to be; production lacks ${counted(refresh.days, 'day')} of sales, and more than ${limits.maxAge} would have to be.`
}

function dueReasonText(reason: DueReason, evaluation: Evaluation): string {
  const refresh = refreshOf(evaluation)
  switch (reason.calledFor) {
    case 'by a lower loss':
      return `${metricLabels[evaluation.decidedBy]} is lower than production's by more than chance explains.`
    case 'by a limit that production breaks':
      return `Production breaks the limit on ${reason.limit} by more than chance explains, and the refresh less so or not at all.`
    case 'by new series':
      return `${newSeriesShare(refresh)} are new to production.`
    case 'by age':
      return `Production knows nothing of the last ${counted(refresh.days, 'day')}.`
  }
}

type Refresh = Extract<Challenge, { kind: 'refresh' }>

const NO_REFRESH = { days: 0, series: 0, newSeries: 0 }

function refreshOf({ challenge }: Evaluation): Pick<Refresh, 'days' | 'series' | 'newSeries'> {
  return challenge?.kind === 'refresh' ? challenge : NO_REFRESH
}

function newSeriesShare({ newSeries, series }: Pick<Refresh, 'series' | 'newSeries'>): string {
  const share = series > 0 ? ` (${percent(newSeries / series)})` : ''
  return `${integer(newSeries)} of the ${integer(series)} series that sell${share}`
}

function segmentsText(
  check: Extract<Check, { name: 'no category worse' | 'no volume class worse' }>,
  label: string,
): string {
  const by = check.name === 'no category worse' ? 'category' : 'volume class'
  const required = `at most ${percent(check.allowed)} higher is allowed`
  if (check.shown.length === 0) {
    return `No ${by} has the ${check.minimumRows} rows that it takes to judge one; ${required}.`
  }
  const shown = check.shown.map(({ name, worse }) =>
    worse === undefined ? `${name} (cannot be compared)` : `${name} (${change(worse)})`,
  )
  const which = check.passed ? 'the worst' : 'too high'
  return `${label} by ${by}, ${which}: ${firstOf(shown)}; ${required}${check.byChance ? BY_CHANCE : ''}.`
}

function orderingCostText(
  { found, allowed, byChance }: Extract<Check, { name: 'cost of ordering' }>,
  evaluation: Evaluation,
): string {
  if (!found) return notSimulatedText(evaluation)
  const { challenger, reference, interval } = found
  const sure = interval
    ? `, ${level(evaluation.confidence)} interval ${span(interval.low, interval.high)}`
    : ''
  const costs = `Ordering by the challenger costs ${integer(challenger)} in the simulation, by ${referenceName(evaluation)} ${integer(reference)} (${change(challenger / reference - 1)}${sure})`
  return `${costs}; at most ${percent(allowed)} higher is allowed${byChance ? BY_CHANCE : ''}.`
}

function notSimulatedText({ ordering }: Evaluation): string {
  return ordering?.outcome === 'not simulated'
    ? `${notSimulatedReason(ordering.reason)} Nothing is asked of it then.`
    : 'Ordering was not simulated.'
}

function ahead(reach: Reach): string {
  const periods = counted(reach.horizon, reach.frequency)
  return reach.frequency === 'day'
    ? `${periods} ahead`
    : `${periods} (${daysAhead(reach)} days) ahead`
}
