import { asUserError } from './system-errors.ts'

/** 2 for what the user can mend, 3 for a bug of cd4ml. (0 is done; 1 is a gate that says no.) */
export function exitCodeOf(error: unknown): 2 | 3 {
  return asUserError(error) ? 2 : 3
}
