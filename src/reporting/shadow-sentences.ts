import type { Language } from '../base/language.ts'
import { shortened } from '../base/wording.ts'
import type { Evaluation } from '../evaluation/gate/evaluation.ts'
import type { Interval } from '../evaluation/gate/interval.ts'
import type { MetricName } from '../evaluation/scoring/metrics.ts'
import { MOST_DIFFERENT, type ShadowStanding } from '../monitoring/health/shadow-standing.ts'
import { inlineText } from './markdown.ts'
import { comparingTexts } from './texts/comparing.ts'
import { numbersIn } from './texts/numbers.ts'
import { shadowTexts } from './texts/shadow.ts'

/** How what is tried beside production does, a sentence each: plain text. */
export function shadowSentences(
  standing: ShadowStanding,
  metric: MetricName,
  language: Language,
): string[] {
  const say = shadowTexts[language]
  if (standing.outcome === 'cannot tell') {
    const { reason, problem } = standing
    return [say.cannotTell[reason], ...(problem === undefined ? [] : [say.because(problem)])]
  }
  const { shadow, untold, ...found } = standing
  return [
    ...foundSentences({ name: shadow.name, ...found }, metric, language),
    ...(untold > 0 ? [say.untold(untold)] : []),
  ]
}

/** The same for whoever reviews a challenger, as a section; empty where nothing can be told. */
export function shadowSection({ shadow, decidedBy }: Evaluation, language: Language): string {
  if (!shadow) return ''
  const say = shadowTexts[language]
  const sentences = [
    ...foundSentences(shadow, decidedBy, language),
    say.proposed[shadow.recipe],
    say.decidesNothing,
  ]
  return `### ${say.title}\n\n${sentences.map(inlineText).join(' ')}\n`
}

/** Where the interval ends at what a block counts at most: that nothing is known of what lies beyond. */
export function beyondInterval({ low, high }: Interval, language: Language): string | undefined {
  const { lower, higher } = MOST_DIFFERENT
  if (low > lower + ROUNDED && high < higher - ROUNDED) return undefined
  const { change } = comparingTexts[language]
  return shadowTexts[language].mostDifferent(change(lower), change(higher))
}

/** Records have six digits. */
const ROUNDED = 1e-6

type Found = Pick<
  NonNullable<Evaluation['shadow']>,
  'name' | 'from' | 'blocks' | 'e' | 'threshold' | 'difference'
>

function foundSentences(
  { name, from, blocks, e, threshold, difference }: Found,
  metric: MetricName,
  language: Language,
): string[] {
  const say = shadowTexts[language]
  const { metricInSentence, change, span } = comparingTexts[language]
  const { amount, day } = numbersIn[language]
  // Downwards: what is below the threshold never looks as if it had reached it.
  const shown = (value: number) => (value < 1e6 ? amount(Math.floor(10 * value) / 10) : '> 10⁶')
  const beyond = beyondInterval(difference, language)
  return [
    say.tried({
      name: shortened(name, 200),
      from: day(from),
      blocks,
      metric: metricInSentence(metric),
      change: change(difference.estimate),
      span: span(difference.low, difference.high),
    }),
    ...(beyond === undefined ? [] : [beyond]),
    say.evidence({ e: shown(e), threshold: shown(threshold), speaks: e >= threshold }),
  ]
}
