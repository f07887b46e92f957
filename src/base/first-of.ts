/** For a sentence: the first ten of these names, and how many more there are. */
export function firstOf(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).join(', ')
  return names.length > SHOWN ? `${shown} and ${names.length - SHOWN} more` : shown
}

const SHOWN = 10
