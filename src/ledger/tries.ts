import type { RunRecord } from './run-record.ts'

/** What is tried: the same recipe and code on newer sales is the same try, judged again. */
export type Try = {
  /** SHA-256 of `model.json`. */
  model: string
  /** SHA-256 of the recipe's file. */
  recipe: string
  /** Git id of the code; absent where it was not committed. */
  code?: string
}

/**
 * Which try against the champion this is, counted from 1: its place among all that were compared with
 * it, in the order of time; the next one where it has not been yet. Undefined where it is none: the
 * champion itself, or its recipe and code on newer sales. The champion is absent where seasonal naive
 * stands in.
 *
 * Records come from jobs that ran anybody's code. A forged one can only make the number larger, and
 * the gate stricter: a try is known by its first record alone, and a workflow's run adds at most one,
 * so that each costs as much as a real one.
 */
export function tryNumber(
  runs: readonly RunRecord[],
  tried: Try,
  champion: Try | undefined,
): number | undefined {
  const own = keysOf(tried)
  const ofChampion = champion ? keysOf(champion) : []
  if (own.some((key) => ofChampion.includes(key))) return undefined
  const known = new Set(ofChampion)
  let tries = 0
  let place: number | undefined
  for (const { kind, recipe, workflow, comparison } of runs.toSorted(inOrder)) {
    if (kind !== 'compare' || !comparison?.challenger) continue
    if (comparison.champion?.digest !== champion?.model) continue
    const keys = keysOf({ ...comparison.challenger, recipe })
    const run = workflow ? [`run ${workflow.url}`] : []
    if ([...keys, ...run].some((key) => known.has(key))) continue
    for (const key of [...keys, ...run]) known.add(key)
    tries += 1
    if (keys.some((key) => own.includes(key))) place = tries
  }
  return place ?? tries + 1
}

/** Two tries that share one of these are the same. */
function keysOf({ model, recipe, code }: Try): string[] {
  return [`model ${model}`, ...(code === undefined ? [] : [`made of ${recipe} ${code}`])]
}

/**
 * In the order of time: of workflow runs, which GitHub numbers, and within one by the moment, which
 * its record says itself and could have made earlier.
 */
function inOrder(a: RunRecord, b: RunRecord): number {
  return workflowNumber(a) - workflowNumber(b) || (a.id < b.id ? -1 : Number(a.id > b.id))
}

function workflowNumber({ workflow }: RunRecord): number {
  return Number(/\/runs\/(\d{1,15})$/.exec(workflow?.url ?? '')?.[1] ?? 0)
}
