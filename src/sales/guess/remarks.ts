import { quoted } from '../../base/errors.ts'
import { counted, integer } from '../../base/wording.ts'
import type { Role } from '../contract/roles.ts'
import { list } from './column-kinds.ts'
import type { ColumnGuess } from './guess-columns.ts'

/**
 * Finds rows that are in one file twice, in the same order: an export that was appended to itself, or
 * that begins before the last one ended. Rows that are alike are none by themselves, since units have
 * no ids.
 */
export class RepeatedRows {
  /** The fingerprint of a row → the place of the first one like it. */
  readonly #first = new Map<number, number>()
  #count = 0
  #previous = -1
  #run = 0
  #longest = 0
  #repeated = 0
  #example: { line: number; of: number } | undefined
  readonly #lines: number[] = []
  readonly #place: 'line' | 'row'

  constructor(place: 'line' | 'row') {
    this.#place = place
  }

  add(cells: string[], line: number): void {
    if (this.#count >= MOST_ROWS) return
    const row = fingerprint(cells.join('\u0000'))
    const first = this.#first.get(row) ?? -1
    if (first < 0) this.#first.set(row, this.#count)
    this.#lines.push(line)
    this.#count++
    if (first >= 0 && first === this.#previous + 1) this.#run++
    else this.#run = first >= 0 ? 1 : 0
    this.#previous = first
    if (this.#run === LEAST_RUN) this.#repeated += LEAST_RUN
    else if (this.#run > LEAST_RUN) this.#repeated++
    if (this.#run > this.#longest) {
      this.#longest = this.#run
      const from = this.#lines.length - this.#run
      this.#example = { line: this.#lines[from], of: this.#lines[first - this.#run + 1] }
    }
  }

  /** For a person; nothing where no rows are repeated. */
  remark(): string[] {
    if (this.#repeated === 0 || this.#example === undefined) return []
    const { line, of } = this.#example
    return [
      `${counted(this.#repeated, 'row')} from ${this.#place} ${line} on are those from ${this.#place} ${of} on, in the same order; they count twice. Take them out of the file where they are no other sales.`,
    ]
  }
}

/** 53 bits of two FNV-1a hashes: that twenty rows on end have those of others does not happen. */
function fingerprint(text: string): number {
  let high = 0x811c9dc5
  let low = 0x01000193
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    high = Math.imul(high ^ code, 0x01000193)
    low = Math.imul(low ^ code, 0x85ebca6b)
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0)
}

/** Of which so many follow each other by chance in no shop. */
const LEAST_RUN = 20
const MOST_ROWS = 1_000_000

/** Ids that are different, but hardly stand for different products: `00101` and `101`, `a1` and `A1`. */
export function alikeIds({ name, profile }: ColumnGuess): string[] {
  const spellings = new Map<string, string[]>()
  for (const cell of profile.cells.keys()) {
    const plain = cell
      .toLowerCase()
      .replace(/^0+(?=.)/, '')
      .replace(/(?<=^\d+)\.0+$/, '')
    spellings.set(plain, [...(spellings.get(plain) ?? []), cell])
  }
  const alike = [...spellings.values()].filter(({ length }) => length > 1)
  if (alike.length === 0) return []
  const [one, other] = alike[0].map(quoted)
  const more = alike.length === 1 ? '' : `, and ${integer(alike.length - 1)} more such pairs,`
  return [
    `${one} and ${other} in ${quoted(name)}${more} count as different products. Write ids one way where they are not.`,
  ]
}

/** Whose day it is has been decided, and by whom: nobody may have thought of it. */
export function instantsRemark(columns: string[], timeZone: string | undefined): string[] {
  if (columns.length === 0 || timeZone === undefined) return []
  const [name] = columns
  return [
    `${quoted(name)} holds instants in UTC, which are days only in a place: in the contract cd4ml.timeZone is ${timeZone}, as project.yml says. Correct both where your shops are elsewhere.`,
  ]
}

/** Prices in several currencies, by their cells or by a column beside them: none is turned into another. */
export function severalCurrencies(columns: (ColumnGuess & { role: Role | undefined })[]): string[] {
  const price = columns.find(({ role }) => role === 'price')
  if (price === undefined) return []
  const written = new Set(
    [...price.profile.shapes.values()].map(({ example }) =>
      example.replace(/[^\p{L}\p{Sc}]/gu, ''),
    ),
  )
  const beside = columns.find(({ name }) => CURRENCY.test(name))?.profile.cells.keys() ?? []
  const found = [[...written].filter((sign) => sign !== ''), [...beside]].find(
    ({ length }) => length > 1,
  )
  if (found === undefined) return []
  return [
    `${quoted(price.name)} is in several currencies, ${list(found.slice(0, 5).map(quoted))}: none is turned into another. Write one, or leave the prices out with --unset price.`,
  ]
}

const CURRENCY = /^(currency|moeda|moneda|devise|w[aä]hr(un)?g?|waerk)\b/i
