import type { Mutant } from './report.ts'

/** Changes of one line that no test can or need notice, and why. */
export type Accepted = { file: string; line: string; changes: string[]; why: string }

/**
 * Parts what survived into what is accepted and what is not, and names what is accepted without
 * being there any more: the line or the change is gone, or a test notices it now.
 */
export function partSurvivors(
  mutants: Mutant[],
  accepted: Accepted[],
): { open: Mutant[]; accepted: Mutant[]; outdated: string[] } {
  const survivors = mutants.filter(({ fate }) => fate !== 'killed')
  const key = (file: string, line: string, change: string) => JSON.stringify([file, line, change])
  const listed = new Set(
    accepted.flatMap(({ file, line, changes }) => changes.map((change) => key(file, line, change))),
  )
  const keyOf = ({ file, text, change }: Mutant) => key(file, text, change)
  const there = new Set(survivors.map(keyOf))
  const looked = new Set(mutants.map(({ file }) => file))
  return {
    open: survivors.filter((mutant) => !listed.has(keyOf(mutant))),
    accepted: survivors.filter((mutant) => listed.has(keyOf(mutant))),
    outdated: accepted.flatMap(({ file, line, changes }) =>
      changes
        .filter((change) => looked.has(file) && !there.has(key(file, line, change)))
        .map((change) => `${file}: ${line}: ${change}`),
    ),
  }
}
