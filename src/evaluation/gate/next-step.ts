import type { Frequency } from '../../demand/calendar.ts'
import { type FamilyName, familyNames } from '../../forecasting/families/family.ts'
import type { Search } from '../search/search-result.ts'
import type { Check } from './check.ts'
import type { Doubt, Evaluation } from './evaluation.ts'
import type { SmallerQuestion } from './question.ts'

/** What a data scientist may try where a challenger is kept out. */
export type NextStep =
  /** `finer`: periods of which the history has more; absent where there are none. */
  | { try: 'a shorter horizon'; horizon: number; frequency: Frequency; finer?: Frequency }
  /** Of a refresh, or where no recipe helps: nothing, until there are more sales. */
  | { try: 'later'; frequency: Frequency }
  | { try: 'another recipe' }
  /** Those that the search has not tried. */
  | { try: 'other families'; families: FamilyName[] }
  | { try: 'other settings' }
  | { try: 'a coarser frequency'; frequency: Frequency }
  | { try: 'one change at a time' }
  | { try: 'a larger change' }
  | { try: 'more origins'; origins: number }
  | { try: 'the whole question'; smaller: SmallerQuestion[] }
  /** `segments`: those that are too high; empty where it is about all of them. */
  | { try: 'the rows'; segments: string[] }
  | { try: 'more origins of the search' }
  | { try: 'sales that can be scored' }
  | { try: 'the terms of ordering' }

/**
 * What to try next, by why the challenger is kept out, the most promising first; empty where it is
 * promoted. `search` says which families were tried; without it, only those that were chosen are
 * known.
 */
export function nextSteps(evaluation: Evaluation, search?: Search): NextStep[] {
  const { decision, challenge, frequency } = evaluation
  if (decision.decision === 'promote') return []
  // The recipe is that of production: what it lacks is sales.
  if (challenge?.kind === 'refresh') return [{ try: 'later', frequency }]
  const known: Known = { evaluation, untried: untriedFamilies(evaluation, search) }
  const steps = [
    ...decision.doubts.flatMap((doubt) => afterDoubt(doubt, known)),
    ...decision.checks.filter(({ passed }) => !passed).flatMap((check) => afterCheck(check, known)),
  ]
  const firstOfKind = (step: NextStep, index: number) =>
    steps.findIndex((other) => other.try === step.try) === index
  return steps.filter(firstOfKind).slice(0, MOST_STEPS)
}

const MOST_STEPS = 4

/** As many origins as the bootstrap needs to go by them alone (docs/evaluation.md). */
const MANY_ORIGINS = 12

type Known = { evaluation: Evaluation; untried: FamilyName[] }

const EVERYTHING: NextStep = { try: 'the rows', segments: [] }

function afterDoubt({ doubt }: Doubt, known: Known): NextStep[] {
  const { evaluation } = known
  switch (doubt) {
    case 'the champion itself':
      return [{ try: 'another recipe' }, ...otherFamilies(known)]
    case 'too few origins':
      return [lessAhead(evaluation)]
    case 'no metric':
    case 'no interval':
      return [{ try: 'sales that can be scored' }]
    case 'surely higher':
      return [{ try: 'one change at a time' }, ...otherFamilies(known), EVERYTHING]
    case 'the same everywhere':
      return evaluation.champion
        ? [{ try: 'another recipe' }, ...otherFamilies(known)]
        : beyondNaive(known)
    case 'looked at often':
      return [{ try: 'a larger change' }, EVERYTHING]
    case 'chance':
      return [...clearer(evaluation), ...otherwise(known), EVERYTHING]
  }
}

function afterCheck(check: Check, known: Known): NextStep[] {
  const { frequency } = known.evaluation
  switch (check.name) {
    case 'every metric':
      return [{ try: 'sales that can be scored' }]
    case 'same question':
      return [{ try: 'the whole question', smaller: check.smaller }]
    case 'minimum improvement':
      return [{ try: 'a larger change' }]
    case 'no worse':
    case 'due':
      return [{ try: 'later', frequency }]
    case 'seasonal naive beaten':
      return beyondNaive(known)
    case 'bias':
      return [EVERYTHING, ...otherwise(known)]
    case 'coverage of the 80% interval':
      return [{ try: 'more origins of the search' }]
    case 'no category worse':
    case 'no volume class worse':
    case 'no part worse':
      return [{ try: 'the rows', segments: check.shown.map(({ name }) => name) }]
    case 'cost of ordering':
    case 'service level of ordering':
      return [{ try: 'the terms of ordering' }, EVERYTHING]
  }
}

/** A history that is too short for a horizon may be long enough for a shorter one. */
function lessAhead({ horizon, frequency }: Evaluation): NextStep {
  const finer = FINER[frequency]
  if (horizon === 1 && finer === undefined) return { try: 'later', frequency }
  return {
    try: 'a shorter horizon',
    horizon: Math.max(1, Math.floor(horizon / 2)),
    frequency,
    ...(finer && { finer }),
  }
}

function clearer({ origins, decidedBy, differences }: Evaluation): NextStep[] {
  const looksBetter = (differences[decidedBy]?.estimate ?? 0) < 0
  return looksBetter && origins.length < MANY_ORIGINS
    ? [{ try: 'more origins', origins: origins.length }]
    : []
}

/** What is no better than last season may be too small to forecast by such short periods. */
function beyondNaive(known: Known): NextStep[] {
  const coarser = COARSER[known.evaluation.frequency]
  return [
    ...otherFamilies(known),
    ...(coarser ? [{ try: 'a coarser frequency', frequency: coarser } as const] : []),
    EVERYTHING,
  ]
}

function otherwise(known: Known): NextStep[] {
  return known.untried.length > 0 ? otherFamilies(known) : [{ try: 'other settings' }]
}

function otherFamilies({ untried }: Known): NextStep[] {
  return untried.length > 0 ? [{ try: 'other families', families: untried }] : []
}

/** Those that learn from all series first; the baseline is none to try. */
function untriedFamilies({ challenger }: Evaluation, search: Search | undefined): FamilyName[] {
  const tried = search
    ? search.candidates.map(({ name }) => name)
    : [challenger.model, ...challenger.chosen]
  return [...familyNames]
    .reverse()
    .filter((family) => family !== 'seasonal-naive')
    .filter((family) => !tried.some((name) => name.includes(family)))
}

const FINER: { [of in Frequency]?: Frequency } = { month: 'week', week: 'day' }
const COARSER: { [of in Frequency]?: Frequency } = { day: 'week', week: 'month' }
