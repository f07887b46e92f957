import { firstOf } from '../base/first-of.ts'
import type { Language } from '../base/language.ts'
import { shortened } from '../base/wording.ts'
import type { Evaluation } from '../evaluation/gate/evaluation.ts'
import { type NextStep, nextSteps } from '../evaluation/gate/next-step.ts'
import type { Search } from '../evaluation/search/search-result.ts'
import { inlineText } from './markdown.ts'
import { comparingTexts } from './texts/comparing.ts'
import { nextStepTexts } from './texts/next-steps.ts'

/** What to try next, as a Markdown list; empty where the challenger is promoted. */
export function nextStepsList(
  evaluation: Evaluation,
  search: Search | undefined,
  language: Language,
): string {
  const steps = nextSteps(evaluation, search)
  return steps.map((step) => `- ${nextStepText(step, language, inlineText)}\n`).join('')
}

/** What to try next, as sentences for a terminal. */
export function nextStepLines(
  evaluation: Evaluation,
  search: Search | undefined,
  language: Language,
): string[] {
  const plain = (sentence: string) => sentence.replaceAll('`', '')
  return nextSteps(evaluation, search).map((step) => plain(nextStepText(step, language, plain)))
}

/** What to try, as a whole sentence in which code stands between backticks; `name` is of a segment. */
export function nextStepText(
  step: NextStep,
  language: Language,
  name: (text: string) => string,
): string {
  const say = nextStepTexts[language]
  switch (step.try) {
    case 'a shorter horizon':
      return say.shorterHorizon(step)
    case 'later':
      return say.later(step.frequency)
    case 'another recipe':
      return say.anotherRecipe
    case 'other families':
      return say.otherFamilies(step.families.join(', '))
    case 'other settings':
      return say.otherSettings
    case 'a coarser frequency':
      return say.coarserFrequency(step.frequency)
    case 'one change at a time':
      return say.oneChangeAtATime
    case 'a larger change':
      return say.aLargerChange
    case 'more origins':
      return say.moreOrigins(step.origins)
    case 'the whole question':
      return step.smaller.map(say.wholeQuestion).join(' ')
    case 'the rows': {
      const { partName } = comparingTexts[language]
      const named = step.segments.map((segment) => name(shortened(partName(segment), 40)))
      return named.length > 0 ? say.rowsOf(firstOf(named)) : say.allRows
    }
    case 'more origins of the search':
      return say.moreOriginsOfTheSearch
    case 'sales that can be scored':
      return say.salesThatCanBeScored
    case 'the terms of ordering':
      return say.termsOfOrdering
  }
}
