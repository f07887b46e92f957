import { quoted, UserError } from '../../base/errors.ts'
import { checkKnown, type KnownRoles } from '../contract/known-roles.ts'
import { instead, type Role, typesOfRole } from '../contract/roles.ts'
import {
  isBareCode,
  isDate,
  isId,
  isRounded,
  isText,
  isUnreadableQuantity,
  list,
  mayBeAnything,
  mayBeSeries,
  oddCells,
  roundedWhy,
} from './column-kinds.ts'
import { ColumnRelations, ENOUGH_ROWS } from './column-relations.ts'
import type { ColumnGuess } from './guess-columns.ts'
import type { OpenQuestion } from './open-question.ts'
import { refuseProductColumns } from './product-columns.ts'
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
import { withoutDates } from './without-dates.ts'

export type RoleGuess = { roles: ReadonlyMap<Role, string>; questions: OpenQuestion[] }

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
  checkSaidOnce(known)
  const guess = new RoleGuesser(columns, rows, known)
  guess.saleDate()
  guess.product()
  guess.store()
  guess.quantity()
  guess.optional()
  return guess.result()
}

function checkSaidOnce({ columns }: KnownRoles): void {
  const names = [...columns.values()]
  const twice = names.find((name, index) => names.indexOf(name) < index)
  if (twice === undefined) return
  const said = [...columns].flatMap(([role, name]) => (name === twice ? [role] : []))
  throw new UserError(`${quoted(twice)} is said to be ${list(said)}`, {
    key: '--column',
    remedy: 'Name a column for one of them.',
  })
}

class RoleGuesser {
  readonly #columns: ColumnGuess[]
  readonly #rows: string[][]
  readonly #relations: ColumnRelations
  readonly #known: KnownRoles
  readonly #roles: Map<Role, string>
  readonly #questions: OpenQuestion[] = []
  /** Columns that a question is about: they have no other role until it is answered. */
  readonly #asked = new Set<string>()

  constructor(columns: ColumnGuess[], rows: string[][], known: KnownRoles) {
    this.#columns = columns
    this.#rows = rows
    this.#relations = new ColumnRelations(columns, rows)
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
    const found = this.#same(best, (a, b) => this.#relations.areEqual(a, b))
    const isLikely = found !== undefined && saleDateScore(found.topics) >= 0.5
    if (isLikely) this.#roles.set('saleDate', found.name)
    else if (best.length > 1) this.#ask('saleDate', 'Which column is the day of the sale?', best)
    else throw withoutDates(this.#columns, dated)
  }

  product(): void {
    if (this.#isSaid('product')) return
    const question = 'Which column is the product?'
    const texts = this.#free().filter((column) => isId(column) && this.#relations.repeats(column))
    const usable = texts.filter((column) => this.#isNamedRight(column, texts))
    // A code that has a name of its own beside it is the surest.
    const score: Score = (topics, column) =>
      productScore(topics, column) + (this.#hasName(column, texts) ? 1.5 : 0)
    const rounded = this.#best(usable, score).find(isRounded)
    const best = this.#best(
      usable.filter((column) => !isRounded(column)),
      score,
    )
    const found = this.#same(best, (a, b) => this.#relations.areOneToOne(a, b))
    const filled = found && found.profile.empty > 0 ? this.#filledLike(found, usable) : []
    const finer = found === undefined ? [] : this.#namesWithin(found, texts)
    if (rounded !== undefined) {
      this.#ask('product', question, best, roundedWhy(rounded))
    } else if (best.length === 0) {
      refuseProductColumns(this.#columns)
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
    } else if (finer.length > 0) {
      const why = `${quoted(found.name)} has ${found.profile.cells.size} different cells, ${quoted(finer[0].name)} ${finer[0].profile.cells.size}: one of it stands for several products.`
      this.#ask('product', question, [found, ...finer], why)
    } else {
      this.#roles.set('product', found.name)
    }
  }

  store(): void {
    if (this.#isSaid('store')) return
    const question = 'Which column is the store?'
    const usable = this.#free().filter((column) => isId(column) && this.#relations.repeats(column))
    const best = this.#best(usable, storeScore)
    const rounded = best.find(isRounded)
    if (rounded !== undefined) this.#ask('store', question, [], roundedWhy(rounded))
    else this.#settle('store', question, best, (a, b) => this.#relations.areOneToOne(a, b))
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
    const sure = numeric.filter((column) => {
      return quantityScore(column.topics) > SURE && !this.#isOfProduct(column)
    })
    if (score >= SURE) {
      const likely = sure.length > 0 ? sure : best
      this.#settle('quantity', question, likely, (a, b) => this.#relations.areEqual(a, b))
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
      product === undefined || this.#relations.isFunctionOf(product, column)
    for (const [role, score] of OPTIONAL) {
      const other = instead[role]
      if (this.#isSaid(role) || (other !== undefined && this.#roles.has(other))) continue
      const usable = this.#free().filter((column) => {
        if (role === 'name' && !this.#tellsApart(column)) return false
        if (role === 'name' || role === 'category') return isText(column) && goesWithProduct(column)
        return typesOfRole[role].includes(column.reading.type)
      })
      this.#settle(role, ask(role), this.#best(usable, score), (a, b) =>
        this.#relations.areEqual(a, b),
      )
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
    for (const column of shown) if (!mayBeAnything(column)) this.#asked.add(column.name)
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
          nameScore(other.topics) >= 2 &&
          other !== column &&
          this.#relations.isFunctionOf(column.name, other)
        )
      })
    )
  }

  /** Names of which each has one product, but many a product several: it is no id of them. */
  #namesWithin(product: ColumnGuess, texts: ColumnGuess[]): ColumnGuess[] {
    return texts.filter((other) => {
      const isFiner = other.profile.cells.size >= FINER * product.profile.cells.size
      if (!isFiner || other === product || nameScore(other.topics) < 2) return false
      return this.#relations.isFunctionOf(other.name, product, 1)
    })
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
    const others = topics.has('sale') ? ['returned', 'store'] : ['returned']
    if (isNoQuantity(new Set([...topics].filter((topic) => !others.includes(topic))))) return false
    return topics.size === 0 || AMOUNTS.some((topic) => topics.has(topic))
  }

  /** A size or a weight that every product has for itself. */
  #isOfProduct(column: ColumnGuess): boolean {
    const product = this.#roles.get('product')
    const isEnough = this.#rows.length >= ENOUGH_ROWS
    return product !== undefined && isEnough && this.#relations.isFunctionOf(product, column, 1)
  }

  /** Whether it has about as many different cells as there are products. */
  #tellsApart({ profile }: ColumnGuess): boolean {
    const product = this.#columns.find(({ name }) => name === this.#roles.get('product'))
    return product === undefined || 2 * profile.cells.size >= product.profile.cells.size
  }
}

/** What a column may be about that is asked for, where none is the quantity for sure. */
const AMOUNTS = ['sale', 'money', 'value', 'demand', 'weight', 'quantity', 'units'] as const

const MOST_ANSWERS = 6

/** A product that is renamed now and then still has fewer names. */
const FINER = 1.5

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
