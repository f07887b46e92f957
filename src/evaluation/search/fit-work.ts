import { type Static, Type } from 'typebox'
import { type Day, dayFromIso, isoFromDay } from '../../base/day.ts'
import { count, isoDay, object, union } from '../../base/schema-parts.ts'
import { firstDay } from '../../demand/calendar.ts'
import { endOf, type Panel } from '../../demand/panel.ts'
import { FamilyName } from '../../forecasting/families/family.ts'
import { type Candidate, candidates, type Recipe } from '../../forecasting/recipe.ts'
import { blend } from './blend.ts'
import { fitSeconds } from './fit-task.ts'
import { byFamily, isHalved, survivors } from './halving.ts'
import { fitId, type History } from './history.ts'
import { judgeCandidates, searchScope } from './judging.ts'
import type { Costed } from './packing.ts'
import type { PanelsByRound } from './search-budget.ts'

/** Fits that one job makes; `recipe` is the place of theirs in a list that goes with the work. */
export const FitWork = union('kind', [
  /** Candidates of a family at an origin: a search asks for them, whatever else it finds. */
  object({
    kind: Type.Literal('origin'),
    recipe: count,
    origin: isoDay,
    candidates: Type.Array(Type.String({ maxLength: 2000 }), { minItems: 1, maxItems: 200 }),
  }),
  /**
   * A family that is halved, in the search as on an origin: what is fitted in its later rounds follows
   * from the earlier ones, so that one job makes them all.
   */
  object({ kind: Type.Literal('search'), recipe: count, origin: isoDay, family: FamilyName }),
])
export type FitWork = Static<typeof FitWork>

/** A search that is to be made: of a recipe, as on a day. */
export type PlannedSearch = { recipe: Recipe; day: Day }

/**
 * The fits that searches ask for and the store of the history lacks, each once, by what they cost: of
 * every part of it, the seconds that one core of the reference machine takes, by estimate.
 */
export async function workOf(
  history: History,
  searches: PlannedSearch[],
): Promise<{ recipes: Recipe[]; work: Costed<FitWork>[] }> {
  const recipes = [...new Set(searches.map(({ recipe }) => recipe))]
  const families = searches.flatMap((search) => familiesOf(history, search))
  const [halved, whole] = [true, false].map((is) => families.filter((it) => it.isHalved === is))
  const place = ({ recipe, panel }: { recipe: Recipe; panel: Panel }) => ({
    recipe: recipes.indexOf(recipe),
    origin: isoFromDay(endOf(panel)),
  })
  const work: Costed<FitWork>[] = []
  for (const fits of await missingFits(history, whole)) {
    const names = fits.map(({ candidate }) => candidate.name)
    work.push({
      work: { kind: 'origin', ...place(fits[0]), candidates: names },
      costs: costsOf(fits),
    })
  }
  const known = new Set<string>()
  for (const family of halved) {
    const costs = await halvingCosts(history, family)
    const key = JSON.stringify([...costs.keys()])
    if (costs.size === 0 || known.has(key)) continue
    known.add(key)
    const [{ family: name }] = family.candidates
    work.push({ work: { kind: 'search', ...place(family), family: name }, costs })
  }
  return { recipes, work }
}

/** Makes the fits of some work, so that the store of the history has them. */
export async function makeFits(
  history: History,
  recipes: Recipe[],
  work: FitWork[],
): Promise<void> {
  await Promise.all(
    work.map(async (it) => {
      const recipe = recipes[it.recipe]
      const day = dayFromIso(it.origin)!
      if (it.kind === 'search') return await searchFamily(history, recipe, day, it.family)
      const asked = new Set(it.candidates)
      const known = candidates(recipe).filter(({ name }) => asked.has(name))
      await Promise.all(known.map((candidate) => history.fit(recipe, candidate, day)))
    }),
  )
}

async function searchFamily(
  history: History,
  recipe: Recipe,
  day: Day,
  family: FamilyName,
): Promise<void> {
  const { finalists } = await judgeCandidates(history, recipe, history.panel(recipe, day), family)
  const [{ judged }] = blend(finalists)
  await history.fit(recipe, judged.candidate, day)
}

/** A family in a search. */
type SearchedFamily = {
  recipe: Recipe
  candidates: Candidate[]
  isHalved: boolean
  /** Of the origins that it is judged on. */
  panels: PanelsByRound
  /** As known on the day of the search. */
  panel: Panel
}

function familiesOf(history: History, { recipe, day }: PlannedSearch): SearchedFamily[] {
  const panel = history.panel(recipe, endOf(history.panel(recipe, day)))
  const { panels, kept } = searchScope(history, recipe, panel)
  return byFamily(kept).map((family) => ({
    recipe,
    candidates: family,
    isHalved: isHalved(family, panels.length),
    panels,
    panel,
  }))
}

type PlannedFit = { recipe: Recipe; candidate: Candidate; panel: Panel }

/**
 * All candidates at every origin of their searches; and where a search ends of which something is
 * missing: which of them is the best there, and fitted, no job knows before. Those of a family at an
 * origin together.
 */
async function missingFits(history: History, families: SearchedFamily[]): Promise<PlannedFit[][]> {
  const missing = new Map<string, PlannedFit>()
  for (const family of families) {
    const judged = await absent(history, fitsOn(family, family.panels.flat()))
    const last = judged.length > 0 ? await absent(history, fitsOn(family, [family.panel])) : []
    for (const fit of [...judged, ...last]) missing.set(idOf(fit), missing.get(idOf(fit)) ?? fit)
  }
  const recipes = families.map(({ recipe }) => recipe)
  const placeOf = ({ recipe, candidate, panel }: PlannedFit) =>
    JSON.stringify([recipes.indexOf(recipe), candidate.family, endOf(panel)])
  return [...Map.groupBy(missing.values(), placeOf).values()]
}

function fitsOn({ recipe, candidates }: SearchedFamily, panels: Panel[]): PlannedFit[] {
  return panels.flatMap((panel) => candidates.map((candidate) => ({ recipe, candidate, panel })))
}

function idOf({ recipe, candidate, panel }: PlannedFit): string {
  return fitId(recipe, candidate, endOf(panel))
}

async function absent(history: History, fits: PlannedFit[]): Promise<PlannedFit[]> {
  const missing: PlannedFit[] = []
  for (const fit of fits) {
    const { recipe, candidate, panel } = fit
    if (!(await history.isStored(recipe, candidate, endOf(panel)))) missing.push(fit)
  }
  return missing
}

function costsOf(fits: PlannedFit[]): Map<string, number> {
  return new Map([
    panelCost(fits[0]),
    ...fits.map((fit): [string, number] => [idOf(fit), secondsOf(fit)]),
  ])
}

/** As `searchSeconds`, of those rounds whose survivors the store does not have. */
async function halvingCosts(
  history: History,
  family: SearchedFamily,
): Promise<Map<string, number>> {
  const costs = new Map<string, number>()
  let left = family.candidates.length
  for (const round of [...family.panels, [family.panel]]) {
    if (round.includes(family.panel)) left = costs.size > 0 ? 1 : 0
    for (const panel of round) {
      const all = fitsOn(family, [panel])
      const unknown = await absent(history, all)
      const missing = left - (all.length - unknown.length)
      if (missing <= 0) continue
      const seconds = unknown.reduce((sum, fit) => sum + secondsOf(fit), 0)
      costs.set(JSON.stringify(all.map(idOf)), (missing / unknown.length) * seconds)
      costs.set(...panelCost(all[0]))
    }
    left = survivors(left)
  }
  return costs
}

function secondsOf({ recipe, candidate, panel }: PlannedFit): number {
  return fitSeconds(panel, recipe, candidate)
}

/** What a job pays for whatever it fits at an origin: it builds the panel. */
function panelCost({ recipe, panel }: PlannedFit): [string, number] {
  const { frequency, censoring } = recipe
  const days = endOf(panel) - firstDay(frequency, panel.firstPeriod) + 1
  const seconds = SECONDS_OF_A_DAY * panel.series.length * days
  return [JSON.stringify([frequency, censoring, endOf(panel)]), seconds]
}

/** Of one series: the mean of panels of 1,000 series over three years, by day and by week. */
const SECONDS_OF_A_DAY = 4e-8
