import type { Check } from '../evaluation/gate/evaluation.ts'

/** A check that holds, with the sentence that says so. */
export function passed(name: string, detail: string): Check {
  return { name, passed: true, detail }
}

/** A check that does not hold, with what was found and what to do. */
export function failed(name: string, detail: string): Check {
  return { name, passed: false, detail }
}
