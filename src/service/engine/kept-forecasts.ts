import { BoundedMap } from '../../base/remembered.ts'
import type { Answered, ForecastAnswered } from './engine.ts'

type Answers = Answered<ForecastAnswered>[]

/**
 * Asks for forecasts, and keeps the answers for who asks the same again: what one version says by one
 * state of the sales never changes, and to ask its thread costs more than everything else of a
 * request. What was refused is not kept: questions that are wrong could be asked without end.
 */
export function keepingForecasts(
  ask: (questions: readonly unknown[]) => Promise<Answers>,
): (questions: readonly unknown[]) => Promise<Answers> {
  const kept = new BoundedMap<string, Answered<ForecastAnswered>>(MOST_KEPT)
  return async (questions) => {
    const keys = questions.map((question) => JSON.stringify(question))
    const answers = keys.map((key) => kept.get(key))
    const open = questions.flatMap((_, i) => (answers[i] === undefined ? [i] : []))
    if (open.length > 0) {
      const told = await ask(open.map((i) => questions[i]))
      for (const [at, i] of open.entries()) {
        answers[i] = told[at]
        if (told[at].outcome === 'answered') kept.set(keys[i], told[at])
      }
    }
    return answers.filter((answer) => answer !== undefined)
  }
}

/** So many take up to 60 MB. */
const MOST_KEPT = 50_000
