import { counted, shortened } from '../base/wording.ts'
import type { Evaluation, Segment } from '../evaluation/gate/evaluation.ts'
import { standing, worstFirst } from './evaluation-table.ts'
import { metricInSentence, signedPercent } from './format.ts'
import { inlineText } from './markdown.ts'

/**
 * Where the challenger got worse by more than chance explains, one sentence for each kind of
 * segment, as a Markdown list: `1 of 5 categories got worse: Iogurtes (+8.1%).`
 */
export function worseSegments(evaluation: Evaluation): string {
  const lines = kinds.flatMap(({ by, noun, nouns }) => {
    const segments = worstFirst(evaluation.segments, by)
    return segments.length === 0 ? [] : [`- ${sentence(evaluation, segments, noun, nouns)}\n`]
  })
  if (lines.length === 0) return 'The evaluation has no segments: it is overall only.\n'
  return `By ${metricInSentence(evaluation.decidedBy)}, where the whole interval of the difference lies above zero:\n\n${lines.join('')}`
}

const kinds: { by: Segment['by']; noun: string; nouns: string }[] = [
  { by: 'category', noun: 'category', nouns: 'categories' },
  { by: 'volume class', noun: 'volume class', nouns: 'volume classes' },
  { by: 'horizon', noun: 'horizon', nouns: 'horizons' },
]

function sentence(
  { decidedBy }: Evaluation,
  segments: Segment[],
  noun: string,
  nouns: string,
): string {
  const worse = segments.filter(({ difference }) => standing(decidedBy, difference) === 'worse')
  const unknown = segments.filter(
    ({ difference }) => standing(decidedBy, difference) === undefined,
  ).length
  const all = counted(segments.length, noun, nouns)
  const unjudged = unknown > 0 ? ` ${counted(unknown, noun, nouns)} could not be judged.` : ''
  if (worse.length === 0) return `None of ${all} got worse.${unjudged}`
  const names = worse.slice(0, MOST_NAMED).map(named).join(', ')
  const more = worse.length > MOST_NAMED ? ` and ${worse.length - MOST_NAMED} more` : ''
  return `**${worse.length} of ${all} got worse:** ${names}${more}.${unjudged}`
}

function named({ name, difference }: Segment): string {
  const shown = inlineText(shortened(name, 60))
  return difference ? `${shown} (${signedPercent(difference.estimate)})` : shown
}

const MOST_NAMED = 10
