import type { Language } from '../base/language.ts'
import type { Interval } from '../evaluation/gate/interval.ts'
import { type AddedMeasure, addedMeasures } from '../monitoring/value-added/losses.ts'
import type { Overrides } from '../monitoring/value-added/overrides.ts'
import type { StepsAdded } from '../monitoring/value-added/steps-added.ts'
import type { ValueAdded } from '../monitoring/value-added/value-added.ts'
import type { Table } from './evaluation-table.ts'
import { metricValue } from './format.ts'
import { numbersIn } from './texts/numbers.ts'
import { valueAddedTexts } from './texts/value-added.ts'

/** What the buyers add, as sentences that stand alone, the most telling first: plain text. */
export function valueAddedSentences(added: ValueAdded, language: Language): string[] {
  const say = valueAddedTexts[language]
  const { integer } = numbersIn[language]
  const { followed, changed, none } = added.adoption
  const adoption = say.adoption({
    decisions: followed + changed,
    followed: integer(followed),
    changed: integer(changed),
    none: integer(none),
  })
  const isSilent = followed + changed + none === 0
  if (added.outcome === 'cannot tell') {
    const untold = say.cannotTell(added.reason, integer(added.judged), integer(added.needed))
    return [untold, ...(isSilent ? [] : [adoption]), ...leftOutSentences(added, language)]
  }
  const steps = addedMeasures.flatMap((measure) =>
    stepsSentences(measure, added[measure], language),
  )
  return [...steps, adoption, ...leftOutSentences(added, language)]
}

/** The losses of all three, and what each step adds: a row a measure. */
export function stepsTable(
  added: Extract<ValueAdded, { outcome: 'told' }>,
  language: Language,
): Table {
  const { stepsHeaders: headers, measures } = valueAddedTexts[language]
  const rows = addedMeasures.map((measure) => {
    const steps = added[measure]
    const decisions = numbersIn[language].integer(steps.decisions)
    if (steps.outcome === 'cannot tell') {
      return [measures[measure], '–', '–', '–', '–', '–', decisions]
    }
    const losses = [steps.naive, steps.model, steps.buyer].map(({ estimate }) =>
      lossText(measure, estimate, language),
    )
    const gains = [steps.modelAdds, steps.buyerAdds].map((it) => gainText(measure, it, language))
    return [measures[measure], ...losses, ...gains, decisions]
  })
  return { headers, rows }
}

/** Overrides by kind, against the advice in the same cases; undefined where there are none. */
export function overridesTable(
  { overrides }: Extract<ValueAdded, { outcome: 'told' }>,
  language: Language,
): Table | undefined {
  if (overrides.length === 0) return undefined
  const { integer } = numbersIn[language]
  const rows = overrides.map((kind) => [
    nameOf(kind, language),
    integer(kind.judged),
    integer(kind.censored),
    ...addedMeasures.map((measure) => {
      const gain = kind[measure]
      return gain ? gainText(measure, gain.adds, language) : '–'
    }),
  ])
  return { headers: valueAddedTexts[language].overrides.headers, rows }
}

function stepsSentences(measure: AddedMeasure, steps: StepsAdded, language: Language): string[] {
  const say = valueAddedTexts[language]
  if (steps.outcome === 'cannot tell') {
    return [say.noSteps(say.measures[measure], steps.reason)]
  }
  const { buyerAdds, decisions } = steps
  const loss = ({ estimate }: Interval) => lossText(measure, estimate, language)
  const told = say.steps[measure]({
    decisions: numbersIn[language].integer(decisions),
    naive: loss(steps.naive),
    model: loss(steps.model),
    buyer: loss(steps.buyer),
  })
  if (buyerAdds.low === 0 && buyerAdds.high === 0) return [`${told} ${say.nothingChanged}`]
  const way = buyerAdds.low > 0 ? 'gain' : buyerAdds.high < 0 ? 'loss' : 'no telling'
  return [`${told} ${say.adds[way](gainText(measure, buyerAdds, language))}`]
}

function leftOutSentences(added: ValueAdded, language: Language): string[] {
  const say = valueAddedTexts[language]
  if (added.leftOut.length === 0) return []
  const { integer } = numbersIn[language]
  const parts = added.leftOut.map(({ why, decisions }) => `${integer(decisions)} ${say.why[why]}`)
  const overrides = added.outcome === 'told' ? added.overrides : []
  const cuts = overrides.find(({ by, name }) => by === 'direction' && name === 'cut')?.censored ?? 0
  return [say.leftOut(parts.join('; ')), ...(cuts > 0 ? [say.censoredCuts(cuts)] : [])]
}

function nameOf({ by, name }: Overrides, language: Language): string {
  const { kinds, names } = valueAddedTexts[language]
  const own = by === 'reason' ? name : (names[name] ?? name)
  return [kinds[by], own].filter(Boolean).join(' ')
}

function lossText(measure: AddedMeasure, loss: number, language: Language): string {
  if (measure === 'money') return numbersIn[language].money(loss)
  return metricValue(measure === 'wape' ? 'wape' : 'weightedQuantileLoss', loss, language)
}

function gainText(
  measure: AddedMeasure,
  { estimate, low, high }: Interval,
  language: Language,
): string {
  const { signedPoints, loss, money } = numbersIn[language]
  const signed = (text: (value: number) => string) => (value: number) =>
    `${value > 0 ? '+' : ''}${text(value)}`
  const told = { wape: signedPoints, quantileLoss: signed(loss), money: signed(money) }[measure]
  return valueAddedTexts[language].interval(told(estimate), told(low), told(high))
}
