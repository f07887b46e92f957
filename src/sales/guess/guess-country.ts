import type { ColumnGuess } from './guess-columns.ts'
import { headerLanguage } from './header-language.ts'

/**
 * The country whose shops these are, as `BR`: by a column of countries in which one stands nearly
 * everywhere, by the currency that stands with the amounts, by a language or an order of day and
 * month that one country has to itself. Undefined where none of it tells.
 */
export function guessCountry(columns: ColumnGuess[]): string | undefined {
  return (
    countryInColumn(columns) ??
    countryOfCurrency(columns) ??
    (headerLanguage(columns.map(({ name }) => name)) === 'pt' ? 'BR' : undefined) ??
    (columns.some(writesMonthFirst) ? 'US' : undefined)
  )
}

function countryInColumn(columns: ColumnGuess[]): string | undefined {
  for (const { name, profile } of columns) {
    if (!/country|^pa[ií]s$|^land$|^pays$/i.test(name)) continue
    const [most] = [...profile.cells].sort(([, a], [, b]) => b - a)
    if (most === undefined || most[1] < NEARLY_ALL * profile.present) continue
    return countryNamed(most[0])
  }
  return undefined
}

const NEARLY_ALL = 0.8

function countryNamed(text: string): string | undefined {
  if (/^[A-Z]{2}$/.test(text)) return canonical(text)
  const languages = ['en', 'pt', 'es', 'fr', 'de'].map(
    (language) => new Intl.DisplayNames(language, { type: 'region' }),
  )
  const code = codes().find((code) =>
    languages.some((names) => names.of(code)?.toLowerCase() === text.toLowerCase()),
  )
  return code && canonical(code)
}

/** `UK` → `GB`. */
function canonical(code: string): string {
  return Intl.getCanonicalLocales(`und-${code}`)[0].slice('und-'.length)
}

function codes(): string[] {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  return letters.flatMap((first) => letters.map((second) => first + second))
}

/** Of currencies that one country has; R$ is written with an R. */
const CURRENCIES = new Map([
  ['R', 'BR'],
  ['BRL', 'BR'],
  ['£', 'GB'],
  ['GBP', 'GB'],
  ['USD', 'US'],
  ['CHF', 'CH'],
  ['MXN', 'MX'],
  ['ARS', 'AR'],
  ['CLP', 'CL'],
  ['COP', 'CO'],
  ['PEN', 'PE'],
  ['INR', 'IN'],
  ['₹', 'IN'],
  ['SEK', 'SE'],
  ['NOK', 'NO'],
  ['DKK', 'DK'],
  ['PLN', 'PL'],
  ['CAD', 'CA'],
  ['AUD', 'AU'],
])

function countryOfCurrency(columns: ColumnGuess[]): string | undefined {
  for (const { name, reading, profile } of columns) {
    const affixes = reading.type === 'number' ? reading.affixes : []
    const isCurrency = /currency|moeda|moneda/i.test(name) && profile.cells.size === 1
    const written = isCurrency ? [...profile.cells.keys()] : affixes
    const country = written.map((affix) => CURRENCIES.get(affix)).find((code) => code !== undefined)
    if (country !== undefined) return country
  }
  return undefined
}

function writesMonthFirst({ reading }: ColumnGuess): boolean {
  const isDate = reading.type === 'date' || reading.type === 'datetime'
  return isDate && reading.style === 'mdy' && reading.doubt === undefined
}
