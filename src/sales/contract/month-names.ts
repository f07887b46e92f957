/** The languages in which tills and spreadsheets write months. */
const LANGUAGES = ['en', 'pt', 'es', 'fr', 'de']

/**
 * The month, from 1, that a name of it means in English, Portuguese, Spanish, French or German:
 * whole, or cut as calendars do it (`Jan`, `févr`, `dez`). Undefined for other words.
 */
export function monthNamed(word: string): number | undefined {
  return months.get(plain(word))
}

const months = monthNames()

function monthNames(): Map<string, number> {
  const names = new Map<string, number>([['mrz', 3]])
  const cut = new Map<string, Set<number>>()
  for (let month = 1; month <= 12; month++) {
    for (const language of LANGUAGES) {
      for (const style of ['long', 'short'] as const) {
        const format = new Intl.DateTimeFormat(language, { month: style, timeZone: 'UTC' })
        const name = plain(format.format(Date.UTC(2001, month - 1, 1)))
        names.set(name, month)
        cut.set(name.slice(0, 3), (cut.get(name.slice(0, 3)) ?? new Set()).add(month))
      }
    }
  }
  // French juin and juillet begin alike.
  for (const [start, [month, ...others]] of cut) if (others.length === 0) names.set(start, month)
  return names
}

function plain(word: string): string {
  return word
    .normalize('NFD')
    .replace(/[\p{M}.]/gu, '')
    .toLowerCase()
}
