import type { Panel } from '../../demand/panel.ts'
import type { Candidate, Recipe } from '../../forecasting/recipe.ts'
import { fitSeconds } from './fit-task.ts'
import { byFamily, survivors } from './halving.ts'

/** The panels of a search: of the origins that every round adds, in the order of the rounds. */
export type PanelsByRound = Panel[][]

/**
 * What the budget of the recipe allows, and what it leaves out: candidates are taken in turns, the
 * first of every family, then the second of every family, until the rest would not fit. The first of
 * all is always taken. The same panels, the same answer: a budget is spent by estimate, not by the
 * clock.
 */
export function withinBudget(
  candidates: Candidate[],
  recipe: Recipe,
  panels: PanelsByRound,
): { kept: Candidate[]; leftOut: Candidate[] } {
  const { budget } = recipe.search
  const kept = new Set(inTurns(candidates))
  for (const candidate of inTurns(candidates).slice(1).reverse()) {
    if (budget === undefined || searchSeconds([...kept], recipe, panels) <= 60 * budget) break
    kept.delete(candidate)
  }
  return {
    kept: candidates.filter((it) => kept.has(it)),
    leftOut: candidates.filter((it) => !kept.has(it)),
  }
}

/**
 * About how long the fits of a search take on one core of the reference machine, in seconds: those
 * that a round leaves of a family are taken to be as costly as all of it.
 */
export function searchSeconds(
  candidates: Candidate[],
  recipe: Recipe,
  panels: PanelsByRound,
): number {
  let seconds = 0
  for (const family of byFamily(candidates)) {
    let left = family.length
    for (const round of panels) {
      const whole = round.flatMap((panel) => family.map((it) => fitSeconds(panel, recipe, it)))
      seconds += (left / family.length) * whole.reduce((sum, it) => sum + it, 0)
      left = survivors(left)
    }
  }
  return seconds
}

/** The first of every family, the second of every family, and so on. */
function inTurns(candidates: Candidate[]): Candidate[] {
  const families = byFamily(candidates)
  const turns = Math.max(...families.map(({ length }) => length))
  return Array.from({ length: turns }, (_, turn) => families.flatMap((it) => it[turn] ?? [])).flat()
}
