import { numberParser } from '../contract/number-format.ts'
import type { ColumnProfile, Shape } from './column-profile.ts'
import { MOST } from './guess-dates.ts'

export type DecimalChar = '.' | ','

export type Notation = {
  decimalChar: DecimalChar
  groupChar: string | undefined
  /** False: a currency or unit stands with the number. */
  bareNumber: boolean
}

export type NumberGuess = Notation & {
  /** Whether every cell is digits alone, so that nothing tells how a fraction would be written. */
  isWhole: boolean
  /** The units or currencies that stand with the numbers. */
  affixes: string[]
  doubt: NumberDoubt | undefined
}

/** Why the numbers may be others. */
export type NumberDoubt =
  /** `1.196` is 1196 where the point parts thousands. The values are with `.` and with `,` as decimals. */
  | { kind: 'tie'; example: string; values: { '.': number; ',': number } }
  /** Some cells are only read one way, some only the other. */
  | { kind: 'both'; lines: [number, number]; cells: [string, string] }

/** What the rest of a file says about how its numbers are written. */
export type NumberContext = {
  forced: DecimalChar | undefined
  /** Which decimal sign the system writes that has such delimiters, headers and dates, if it tells. */
  locale: DecimalChar | undefined
}

/**
 * How the numbers of each column are written, told from all cells; undefined where a column holds
 * something else. Where more than one notation reads a column and means other numbers, the other
 * columns decide, since one system wrote the file; then how the column itself behaves; then the
 * locale. What stays open is in `doubt`.
 */
export function guessNumbers(
  profiles: ColumnProfile[],
  rows: string[][],
  context: NumberContext,
): (NumberGuess | undefined)[] {
  const columns = profiles.map((profile, index) => {
    const column = readingsOf(profile)
    return column && { ...column, isPartedByKey: isPartedByKey(profiles, rows, index) }
  })
  const inFile = context.forced ?? decimalOfFile(columns)
  return columns.map((column) => column && decided(column, { ...context, inFile }))
}

type Reading = { notation: Notation; count: number; values: (number | undefined)[] }

type Column = {
  shapes: Shape[]
  /** Those that read nearly all cells, the one of most cells first. */
  readings: Reading[]
  affixes: string[]
  /** Whether another column tells which cells are written with a separator. */
  isPartedByKey: boolean
}

/** What fits equally well is taken to be the one that comes first. */
const NOTATIONS = [
  { decimalChar: '.', groupChar: undefined },
  { decimalChar: ',', groupChar: '.' },
  { decimalChar: '.', groupChar: ',' },
  ...[' ', '\u00A0', '\u202F', '\u2009', "'", '’'].flatMap((groupChar) => [
    { decimalChar: ',' as const, groupChar },
    { decimalChar: '.' as const, groupChar },
  ]),
] as const

type Readings = Omit<Column, 'isPartedByKey'>

/** Bare numbers, unless more of the cells are read where they need not be bare. */
function readingsOf(profile: ColumnProfile): Readings | undefined {
  const bare = readingsWhere(profile, true)
  const other = readingsWhere(profile, false)
  if (bare === undefined || other === undefined) return bare ?? other
  return other.readings[0].count > bare.readings[0].count ? other : bare
}

function readingsWhere(profile: ColumnProfile, bareNumber: boolean): Readings | undefined {
  const shapes = [...profile.shapes.values()].filter(({ example }) => hasUsualAffixes(example))
  const readings = NOTATIONS.map(({ decimalChar, groupChar }): Reading => {
    const notation = { decimalChar, groupChar, bareNumber }
    const parse = numberParser({ ...notation, integer: false })
    const values = shapes.map(({ example }) => parse(example))
    const count = shapes.reduce((sum, shape, i) => {
      return values[i] === undefined ? sum : sum + shape.count
    }, 0)
    return { notation, count, values }
  })
  const fitting = readings
    .filter(({ count }) => profile.present > 0 && count >= MOST * profile.present)
    .sort((a, b) => b.count - a.count)
  if (fitting.length === 0) return undefined
  const words = shapes.flatMap(({ example }) => wordsOf(example))
  const affixes = new Set(words.map((word) => AFFIXES.get(word) ?? word))
  return { shapes, readings: fitting, affixes: [...affixes] }
}

/** A reading by the other sign that makes a difference, first one that no cell speaks against. */
function rivalOf({ readings: [best, ...others] }: Column): Reading | undefined {
  const rivals = others.filter(
    (other) =>
      other.notation.decimalChar !== best.notation.decimalChar &&
      (readOnlyBy(other, best).length > 0 ||
        other.values.some((value, i) => isOther(value, best.values[i]))),
  )
  return rivals.find((rival) => !isSettled(best, rival)) ?? rivals[0]
}

function isOther(a: number | undefined, b: number | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b
}

/** The indices of the shapes that the one reads and the other does not. */
function readOnlyBy(one: Reading, other: Reading): number[] {
  return [...one.values.keys()].filter((i) => {
    return one.values[i] !== undefined && other.values[i] === undefined
  })
}

/** The decimal sign that columns show which can be read in one way only, where they agree. */
function decimalOfFile(columns: (Column | undefined)[]): DecimalChar | undefined {
  const signs = new Set<DecimalChar>()
  for (const column of columns) {
    if (column === undefined || isWhole(column)) continue
    const [best] = column.readings
    const rival = rivalOf(column)
    if (rival === undefined || (isSettled(best, rival) && rival.count < best.count)) {
      signs.add(best.notation.decimalChar)
    }
  }
  const [sign, ...others] = signs
  return others.length === 0 ? sign : undefined
}

function isSettled(best: Reading, rival: Reading): boolean {
  return readOnlyBy(rival, best).length === 0 && readOnlyBy(best, rival).length > 0
}

function isWhole({ shapes }: Column): boolean {
  return shapes.every(({ example }) => !/[.,]/.test(bodyOf(example)))
}

function decided(
  column: Column,
  { forced, locale, inFile }: NumberContext & { inFile: DecimalChar | undefined },
): NumberGuess {
  const { readings, affixes, shapes } = column
  const [best] = readings
  const guessOf = ({ notation }: Reading, doubt?: NumberDoubt): NumberGuess => {
    return { ...notation, isWhole: isWhole(column), affixes, doubt }
  }
  const withSign = (sign: DecimalChar) =>
    readings.find(({ notation }) => notation.decimalChar === sign)
  const rival = rivalOf(column)
  if (rival === undefined) {
    const likeFile = inFile && withSign(inFile)
    return guessOf(likeFile && likeFile.count === best.count ? likeFile : best)
  }
  if (forced !== undefined) return guessOf(withSign(forced) ?? best)
  const [onlyBest] = readOnlyBy(best, rival)
  const [onlyRival] = readOnlyBy(rival, best)
  if (onlyBest !== undefined && onlyRival !== undefined) {
    const [one, other] = [shapes[onlyBest], shapes[onlyRival]]
    const lines: [number, number] = [one.line, other.line]
    return guessOf(best, { kind: 'both', lines, cells: [one.example, other.example] })
  }
  if (onlyBest !== undefined) return guessOf(best)
  const sign = likelierSign({ behaviour: behaviourOf(column), inFile, locale })
  const chosen = sign && withSign(sign)
  if (chosen !== undefined) return guessOf(chosen)
  return guessOf(best, tieOf(column, best, rival))
}

function tieOf({ shapes }: Column, best: Reading, rival: Reading): NumberDoubt {
  const at = best.values.findIndex((value, i) => isOther(value, rival.values[i]))
  const [one, other] = [best.values[at] ?? 0, rival.values[at] ?? 0]
  const values =
    best.notation.decimalChar === '.' ? { '.': one, ',': other } : { '.': other, ',': one }
  return { kind: 'tie', example: shapes[at].example, values }
}

/** What contradicts itself tells nothing. */
function likelierSign(evidence: {
  behaviour: DecimalChar | 'neither' | undefined
  inFile: DecimalChar | undefined
  locale: DecimalChar | undefined
}): DecimalChar | undefined {
  const { behaviour, inFile, locale } = evidence
  if (behaviour === 'neither' && inFile === undefined) return undefined
  const signs = [behaviour, inFile ?? locale].filter((sign) => sign === '.' || sign === ',')
  const [sign, ...others] = signs
  return others.every((other) => other === sign) ? sign : undefined
}

/**
 * What a column of `1.196` and `804` does: a system writes its decimals all, or none that is a last
 * zero. So `804` and `2.500` in one column are whole numbers in groups of thousands, unless a number
 * of four digits has no group. `neither` where all cells are in groups, as weights with all their
 * decimals are, or all cells of some products, since others are sold by the piece.
 */
function behaviourOf({
  shapes,
  readings,
  isPartedByKey,
}: Column): DecimalChar | 'neither' | undefined {
  const all = readings[0].count
  let plain = 0
  let isUngrouped = false
  let endsInZero = false
  let sign: string | undefined
  for (const { example, count } of shapes) {
    const body = bodyOf(example)
    const separator = /[.,]/.exec(body)?.[0]
    if (separator === undefined) {
      plain += count
      isUngrouped ||= body.length > 3
    } else {
      sign = separator
      endsInZero ||= body.endsWith('0')
    }
  }
  if (plain === 0 || isPartedByKey) return 'neither'
  if (isUngrouped || !endsInZero || plain < LEAST_PLAIN * all) return undefined
  return sign === '.' ? ',' : '.'
}

const LEAST_PLAIN = 0.05

/** Whether each value of another column goes with separators, or with none, but hardly with both. */
function isPartedByKey(profiles: ColumnProfile[], rows: string[][], index: number): boolean {
  const cells = rows.map((row) => ({ row, hasSign: /\d[.,]\d/.test(row[index]) }))
  const withSign = cells.filter(({ hasSign }) => hasSign).length
  if (withSign === 0 || withSign === cells.length) return false
  return profiles.some((profile, at) => {
    if (at === index || 2 * profile.cells.size > profile.present) return false
    const byKey = new Map<string, { all: number; withSign: number }>()
    for (const { row, hasSign } of cells) {
      const seen = byKey.get(row[at]) ?? { all: 0, withSign: 0 }
      byKey.set(row[at], seen)
      seen.all++
      if (hasSign) seen.withSign++
    }
    const parted = [...byKey.values()].filter(
      (seen) => seen.withSign === 0 || seen.withSign === seen.all,
    )
    return byKey.size > 1 && parted.reduce((sum, { all }) => sum + all, 0) >= MOST * cells.length
  })
}

/** The digits and what stands among them. */
function bodyOf(text: string): string {
  return /\d(?:.*\d)?/.exec(text)?.[0] ?? ''
}

function wordsOf(text: string): string[] {
  return (text.match(/\p{L}+|\p{Sc}/gu) ?? []).map((word) => word.toUpperCase())
}

/** So that the articles P1, P2, … are no numbers. */
function hasUsualAffixes(text: string): boolean {
  return wordsOf(text).every((word) => AFFIXES.has(word) || /\p{Sc}/u.test(word))
}

/** A line for what one unit is called. */
const UNITS = [
  'UN UND UNID UNIDADE UNIDADES UNIDAD UNIDADES U UD UDS UNIT UNITS EA EACH X PC PCS PÇ PÇS PCA PECA PEÇA PECAS PEÇAS PIECE PIECES ST STK STÜCK STUECK',
  ...['CX CAIXA CAIXAS', 'PCT PACOTE PACOTES', 'PAR PARES', 'KG KGS KILO KILOS', 'G GR GRS'],
  ...['L LT LTS LITRO LITROS', 'M MT MTS', 'LB LBS'],
  ...'FD DZ ML CM OZ R US BRL USD EUR GBP CHF CAD AUD MXN ARS CLP COP PEN INR RS'.split(' '),
  ...'KR SEK NOK DKK PLN'.split(' '),
]

const AFFIXES: ReadonlyMap<string, string> = new Map(
  UNITS.flatMap((line) => {
    const [unit, ...others] = line.split(' ')
    return [unit, ...others].map((word) => [word, unit] as const)
  }),
)
