import type { Language } from '../base/language.ts'
import { shortened } from '../base/wording.ts'
import type { Evaluation, Segment } from '../evaluation/gate/evaluation.ts'
import { segmentName, standing, worstFirst } from './evaluation-table.ts'
import { inlineText } from './markdown.ts'
import { comparingTexts } from './texts/comparing.ts'
import { evaluationTexts } from './texts/evaluation.ts'
import { numbersIn } from './texts/numbers.ts'

/**
 * Where the challenger got worse by more than chance explains, one sentence for each kind of
 * segment, as a Markdown list: `1 of 5 categories got worse: Iogurtes (+8.1%).`
 */
export function worseSegments(evaluation: Evaluation, language: Language): string {
  const say = evaluationTexts[language]
  const lines = kinds.flatMap((by) => {
    const segments = worstFirst(evaluation.segments, by)
    return segments.length === 0 ? [] : [`- ${sentence(evaluation, segments, by, language)}\n`]
  })
  if (lines.length === 0) return `${say.noSegments}\n`
  const metric = comparingTexts[language].metricInSentence(evaluation.decidedBy)
  return `${say.whereWorse(metric)}\n\n${lines.join('')}`
}

const kinds = ['part', 'category', 'volume class', 'horizon'] as const

function sentence(
  { decidedBy }: Evaluation,
  segments: Segment[],
  by: Segment['by'],
  language: Language,
): string {
  const say = evaluationTexts[language]
  const worse = segments.filter(({ difference }) => standing(decidedBy, difference) === 'worse')
  const unknown = segments.filter(
    ({ difference }) => standing(decidedBy, difference) === undefined,
  ).length
  const unjudged = unknown > 0 ? ` ${say.notJudged(unknown, by)}` : ''
  if (worse.length === 0) return `${say.noneGotWorse(segments.length, by)}${unjudged}`
  const shown = worse.slice(0, MOST_NAMED).map((segment) => named(segment, language))
  const left = worse.length - MOST_NAMED
  const names = `${shown.join(', ')}${left > 0 ? say.moreSegments(left) : ''}`
  return `**${say.someGotWorse(worse.length, segments.length, by)}** ${names}.${unjudged}`
}

function named(segment: Segment, language: Language): string {
  const { difference } = segment
  const shown = inlineText(shortened(segmentName(segment, language), 60))
  const { signedPercent } = numbersIn[language]
  return difference ? `${shown} (${signedPercent(difference.estimate)})` : shown
}

const MOST_NAMED = 10
