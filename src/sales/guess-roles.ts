import { UserError } from '../errors.ts'
import type { Topic } from './column-words.ts'
import type { ColumnGuess } from './guess-columns.ts'
import type { OpenQuestion } from './open-question.ts'
import {
  isNoQuantity,
  nameScore,
  OPTIONAL,
  productScore,
  quantityScore,
  type Score,
  SURE,
  saleDateScore,
  storeScore,
} from './role-scores.ts'
import { type Role, typesOfRole } from './roles.ts'
import { withoutDates } from './without-dates.ts'

export type RoleGuess = { roles: ReadonlyMap<Role, string>; questions: OpenQuestion[] }

/** What somebody says about roles: the column of one, or that there is none. */
export type KnownRoles = { columns: ReadonlyMap<Role, string>; unset: ReadonlySet<Role> }

/**
 * Which column has which role, told from the topics of their names, from what their cells are, and
 * from how they go together in `rows`. Where two columns would do, or none that is sure, the role is
 * left out and asked for.
 *
 * Throws a `UserError` for a known role whose column is not there or holds something else, and where
 * no column holds dates.
 */
export function guessRoles(columns: ColumnGuess[], rows: string[][], known: KnownRoles): RoleGuess {
  for (const [role, name] of known.columns) checkKnown(columns, role, name)
  const guess = new RoleGuesser(columns, rows, known)
  guess.saleDate()
  guess.product()
  guess.store()
  guess.quantity()
  guess.optional()
  return guess.result()
}

class RoleGuesser {
  readonly #columns: ColumnGuess[]
  readonly #rows: string[][]
  readonly #known: KnownRoles
  readonly #roles: Map<Role, string>
  readonly #questions: OpenQuestion[] = []
  /** Columns that a question is about: they have no other role until it is answered. */
  readonly #asked = new Set<string>()

  constructor(columns: ColumnGuess[], rows: string[][], known: KnownRoles) {
    this.#columns = columns
    this.#rows = rows
    this.#known = known
    this.#roles = new Map(known.columns)
  }

  result(): RoleGuess {
    return { roles: this.#roles, questions: this.#questions }
  }

  saleDate(): void {
    if (this.#isSaid('saleDate')) return
    const dated = this.#free().filter(({ reading }) => isDate(reading.type))
    const best = this.#best(dated, saleDateScore)
    const found = this.#same(best, (a, b) => this.#areEqual(a, b))
    const isLikely = found !== undefined && saleDateScore(found.topics) >= 0.5
    if (isLikely) this.#roles.set('saleDate', found.name)
    else if (best.length > 1) this.#ask('saleDate', 'Which column is the day of the sale?', best)
    else throw withoutDates(this.#columns, dated)
  }

  product(): void {
    if (this.#isSaid('product')) return
    const question = 'Which column is the product?'
    const texts = this.#free().filter((column) => isId(column) && this.#repeats(column))
    const usable = texts.filter((column) => this.#isNamedRight(column, texts))
    // A code that has a name of its own beside it is the surest.
    const score: Score = (topics, column) =>
      productScore(topics, column) + (this.#hasName(column, texts) ? 1.5 : 0)
    const rounded = this.#best(usable, score).find(isRounded)
    const best = this.#best(
      usable.filter((column) => !isRounded(column)),
      score,
    )
    const found = this.#same(best, (a, b) => this.#areOneToOne(a, b))
    const filled = found && found.profile.empty > 0 ? this.#filledLike(found, usable) : []
    if (rounded !== undefined) {
      this.#ask('product', question, best, roundedWhy(rounded))
    } else if (best.length === 0) {
      const others = texts.filter(mayBeSeries)
      this.#ask(
        'product',
        question,
        others,
        'No column looks like it: name one with --column product=HEADER.',
      )
    } else if (found === undefined || score(found.topics, found) < SURE) {
      this.#ask('product', question, best, found && 'It may as well be the name of a person.')
    } else if (filled.length > 0) {
      const why = `${quoted(found.name)} is empty in ${found.profile.empty} rows, which would be left out.`
      this.#ask('product', question, [found, ...filled], why)
    } else {
      this.#roles.set('product', found.name)
    }
  }

  store(): void {
    if (this.#isSaid('store')) return
    const question = 'Which column is the store?'
    const usable = this.#free().filter((column) => isId(column) && this.#repeats(column))
    const best = this.#best(usable, storeScore)
    const rounded = best.find(isRounded)
    if (rounded !== undefined) this.#ask('store', question, [], roundedWhy(rounded))
    else this.#settle('store', question, best, (a, b) => this.#areOneToOne(a, b))
  }

  quantity(): void {
    if (this.#isSaid('quantity')) return
    const question = 'Which column is the quantity, in units?'
    const numeric = this.#free().filter(({ reading }) => reading.type === 'number')
    const best = this.#best(numeric, quantityScore)
    const [first] = best
    const score = first === undefined ? 0 : quantityScore(first.topics)
    const unreadable = this.#free().find((column) => isUnreadableQuantity(column))
    const left = numeric.filter((column) => this.#mayCount(column))
    if (score >= SURE) {
      this.#settle('quantity', question, best, (a, b) => this.#areEqual(a, b))
    } else if (unreadable !== undefined) {
      const why = `${quoted(unreadable.name)} looks like it, but holds cells such as ${oddCells(unreadable)}: write numbers alone.`
      this.#ask('quantity', question, [], why)
    } else if (score > 0 && best.length === 1 && this.#isNoMoney(first)) {
      this.#roles.set('quantity', first.name)
    } else if (left.length > 0) {
      const why = 'None is called so, and each row would count as one unit.'
      this.#ask('quantity', question, left, why)
    }
  }

  /** Roles that change no units: what is not sure is left out, and said. */
  optional(): void {
    const ask = (role: Role) => `Which column is the ${WHAT[role] ?? role}?`
    const product = this.#roles.get('product')
    const goesWithProduct = (column: ColumnGuess) =>
      product === undefined || this.#isFunctionOf(product, column)
    for (const [role, score] of OPTIONAL) {
      if (this.#isSaid(role)) continue
      const usable = this.#free().filter((column) => {
        if (role === 'name' && !this.#tellsApart(column)) return false
        if (role === 'name' || role === 'category') return isText(column) && goesWithProduct(column)
        return typesOfRole[role].includes(column.reading.type)
      })
      this.#settle(role, ask(role), this.#best(usable, score), (a, b) => this.#areEqual(a, b))
    }
  }

  #isSaid(role: Role): boolean {
    return this.#roles.has(role) || this.#known.unset.has(role)
  }

  #free(): ColumnGuess[] {
    const taken = new Set([...this.#roles.values(), ...this.#asked])
    return this.#columns.filter(({ name, profile }) => profile.present > 0 && !taken.has(name))
  }

  /** The columns of the highest score above 0. */
  #best(columns: ColumnGuess[], score: Score): ColumnGuess[] {
    const scores = columns.map((column) => score(column.topics, column))
    const highest = Math.max(0, ...scores)
    return highest === 0 ? [] : columns.filter((_, i) => scores[i] === highest)
  }

  #settle(
    role: Role,
    question: string,
    best: ColumnGuess[],
    areSame: (a: ColumnGuess, b: ColumnGuess) => boolean,
  ): void {
    const found = this.#same(best, areSame)
    if (found !== undefined) this.#roles.set(role, found.name)
    else if (best.length > 1) this.#ask(role, question, best)
  }

  /** The only one, or the first of several that are the same: the one with the fewest empty cells. */
  #same(
    best: ColumnGuess[],
    areSame: (a: ColumnGuess, b: ColumnGuess) => boolean,
  ): ColumnGuess | undefined {
    const [first, ...others] = [...best].sort((a, b) => a.profile.empty - b.profile.empty)
    return first !== undefined && others.every((other) => areSame(first, other)) ? first : undefined
  }

  #ask(role: Role, question: string, columns: ColumnGuess[], why?: string): void {
    const shown = columns.slice(0, MOST_ANSWERS)
    for (const { name } of shown) this.#asked.add(name)
    const answers: OpenQuestion['answers'] = shown.map(({ name, example = '' }) => ({
      meaning: `${quoted(name)}, such as ${quoted(example)}`,
      setting: { option: 'column', role, header: name },
    }))
    const none = NONE[role]
    if (none !== undefined) answers.push({ meaning: none, setting: { option: 'unset', role } })
    this.#questions.push({
      question,
      why: why ?? `${list(columns.map(({ name }) => quoted(name)))} could each be it.`,
      changesUnits: ['product', 'saleDate', 'quantity', 'store'].includes(role),
      answers,
    })
  }

  /** What names a row, a receipt or a day names no product and no store. */
  #repeats(column: ColumnGuess): boolean {
    const index = this.#columns.indexOf(column)
    const cells = this.#rows.map((row) => row[index]).filter((cell) => cell.trim() !== '')
    return cells.length < ENOUGH_ROWS || new Set(cells).size < cells.length
  }

  /** A bare number of something that has several names is the number of a receipt. */
  #isNamedRight(column: ColumnGuess, texts: ColumnGuess[]): boolean {
    if (!isBareCode(column)) return true
    const names = texts.filter((other) => nameScore(other.topics) >= 2 && other !== column)
    return names.length === 0 || this.#hasName(column, texts)
  }

  #hasName(column: ColumnGuess, texts: ColumnGuess[]): boolean {
    return (
      isBareCode(column) &&
      texts.some((other) => {
        return (
          nameScore(other.topics) >= 2 && other !== column && this.#isFunctionOf(column.name, other)
        )
      })
    )
  }

  /** Columns that name products as well, without empty cells. */
  #filledLike(column: ColumnGuess, usable: ColumnGuess[]): ColumnGuess[] {
    return usable.filter((other) => {
      return other !== column && other.profile.empty === 0 && productScore(other.topics, other) > 0
    })
  }

  /** Money has cents: a column without, beside one that has them, is none. */
  #isNoMoney({ reading }: ColumnGuess): boolean {
    const prices = this.#columns.filter(({ topics }) => topics.has('price'))
    return (
      reading.type === 'number' &&
      reading.isWhole &&
      prices.some(({ reading: price }) => price.type === 'number' && !price.isWhole)
    )
  }

  /** A number of which nothing says that it is something else than a quantity. */
  #mayCount(column: ColumnGuess): boolean {
    const { topics, profile } = column
    if (profile.cells.size < 2 || this.#isOfProduct(column)) return false
    if (isNoQuantity(new Set([...topics].filter((topic) => topic !== 'returned')))) return false
    return topics.size === 0 || AMOUNTS.some((topic) => topics.has(topic))
  }

  /** A size or a weight that every product has for itself. */
  #isOfProduct(column: ColumnGuess): boolean {
    const product = this.#roles.get('product')
    const isEnough = this.#rows.length >= ENOUGH_ROWS
    return product !== undefined && isEnough && this.#isFunctionOf(product, column, 1)
  }

  #areEqual(a: ColumnGuess, b: ColumnGuess): boolean {
    const [i, j] = [this.#columns.indexOf(a), this.#columns.indexOf(b)]
    return this.#rows.every((row) => row[i] === row[j])
  }

  #areOneToOne(a: ColumnGuess, b: ColumnGuess): boolean {
    const [i, j] = [this.#columns.indexOf(a), this.#columns.indexOf(b)]
    const pairs = new Set(this.#rows.map((row) => JSON.stringify([row[i], row[j]]))).size
    const distinct = (at: number) => new Set(this.#rows.map((row) => row[at])).size
    return pairs === distinct(i) && pairs === distinct(j)
  }

  /** Whether it has about as many different cells as there are products. */
  #tellsApart({ profile }: ColumnGuess): boolean {
    const product = this.#columns.find(({ name }) => name === this.#roles.get('product'))
    return product === undefined || 2 * profile.cells.size >= product.profile.cells.size
  }

  /** Whether nearly every row of one key has the same cell: products keep their name. */
  #isFunctionOf(key: string, column: ColumnGuess, share = MOST_ROWS): boolean {
    const [i, j] = [
      this.#columns.findIndex(({ name }) => name === key),
      this.#columns.indexOf(column),
    ]
    const counts = new Map<string, Map<string, number>>()
    for (const row of this.#rows) {
      const cells = counts.get(row[i]) ?? new Map<string, number>()
      counts.set(row[i], cells)
      cells.set(row[j], (cells.get(row[j]) ?? 0) + 1)
    }
    let usual = 0
    let repeated = 0
    for (const cells of counts.values()) {
      const rows = [...cells.values()].reduce((sum, count) => sum + count, 0)
      if (rows < 2) continue
      usual += Math.max(...cells.values())
      repeated += rows
    }
    return repeated === 0 ? this.#rows.length < ENOUGH_ROWS : usual >= share * repeated
  }
}

/** How many rows must be looked at before a column of ever new cells counts as numbers of rows. */
const ENOUGH_ROWS = 20

const MOST_ROWS = 0.8
/** What a column may be about that is asked for, where none is the quantity for sure. */
const AMOUNTS = ['sale', 'money', 'value', 'demand', 'weight', 'quantity', 'units'] as const

const MOST_ANSWERS = 6

const NONE: { [role in Role]?: string } = {
  quantity: 'none: each row is one unit',
  store: 'none: all stores are one',
}

const WHAT: { [role in Role]?: string } = {
  name: "product's name",
  price: 'price of a unit',
  cost: 'cost of a unit',
  purchaseDate: 'day of the purchase',
  expiryDate: 'day of expiry',
}

/** What can be forecast where products are not known: a store, a department, or nobody knows. */
function mayBeSeries({ topics, reading }: ColumnGuess): boolean {
  const isFraction = reading.type === 'number' && !reading.isWhole
  return !isFraction && [...topics].every((topic) => SERIES_TOPICS.has(topic))
}

const SERIES_TOPICS: ReadonlySet<Topic> = new Set([
  ...(['product', 'category', 'sub', 'store', 'name', 'code', 'kind'] as const),
])

function isUnreadableQuantity({ topics, reading, profile }: ColumnGuess): boolean {
  const isCalledSo = quantityScore(topics) >= 3 && !topics.has('unit')
  return isCalledSo && reading.type === 'string' && profile.present > 0
}

/** `Código`, but not `Código do produto`. */
function isBareCode({ topics }: ColumnGuess): boolean {
  const isOther = (['product', 'article code', 'sale'] as const).some((topic) => topics.has(topic))
  return topics.has('code') && !isOther
}

function isDate(type: string): boolean {
  return type === 'date' || type === 'datetime'
}

function isId({ reading }: ColumnGuess): boolean {
  return !isDate(reading.type)
}

function isText({ reading }: ColumnGuess): boolean {
  return !isDate(reading.type) && (reading.type !== 'number' || reading.isWhole)
}

/** `7,89123E+12`: whatever it was, a spreadsheet has rounded it. */
function isRounded({ profile }: ColumnGuess): boolean {
  return roundedCell(profile.cells.keys()) !== undefined
}

function roundedCell(cells: Iterable<string>): string | undefined {
  for (const cell of cells) if (/^\d(?:[.,]\d+)?e\+\d+$/i.test(cell)) return cell
  return undefined
}

function roundedWhy({ name, profile }: ColumnGuess): string {
  const cell = roundedCell(profile.cells.keys()) ?? ''
  return `${quoted(name)} holds ${quoted(cell)}: a spreadsheet has rounded the ids, so that different ones have become the same. Export them again as text.`
}

function oddCells({ profile }: ColumnGuess): string {
  const odd = [...profile.cells.keys()].filter((cell) => !/^[\d.,\s-]+$/.test(cell))
  return list((odd.length > 0 ? odd : [...profile.cells.keys()]).slice(0, 3).map(quoted))
}

function checkKnown(columns: ColumnGuess[], role: Role, name: string): void {
  const column = columns.find((candidate) => candidate.name === name)
  const key = `--column ${role}`
  if (!column) {
    const names = columns.map((candidate) => quoted(candidate.name)).join(', ')
    throw new UserError(`there is no column ${quoted(name)}`, {
      key,
      remedy: `The columns are ${names}.`,
    })
  }
  if ((role === 'product' || role === 'store') && isRounded(column)) {
    throw new UserError(roundedWhy(column), { key })
  }
  const { type } = column.reading
  if (typesOfRole[role].includes('string') || typesOfRole[role].includes(type)) return
  throw new UserError(
    `must be a ${typesOfRole[role].join(' or ')}, but ${quoted(name)} holds cells such as ${quoted(column.example ?? '')}`,
    { key, remedy: 'Name another column, or have the cells written in one format.' },
  )
}

function list(items: string[]): string {
  return items.length < 2
    ? items.join('')
    : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`
}

function quoted(text: string): string {
  return JSON.stringify(text)
}
