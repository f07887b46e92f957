import { type Place, UserError } from '../../base/errors.ts'

/** The days of a question, as a query names them: `:from` and `:until`, both inclusive. */
export const parameters = ['from', 'until'] as const
export type Parameter = (typeof parameters)[number]

/**
 * The query with each `:from` and `:until` outside of texts and comments as `write` has it, without
 * semicolons at its end: one statement, that can stand in parentheses. Throws a `UserError` where
 * it is none, names neither day, or something else as a parameter.
 */
export function withParameters(
  sql: string,
  write: (parameter: Parameter) => string,
  place: Place,
): string {
  const refuse = (what: string, remedy: string) => new UserError(what, { ...place, remedy })
  const named = new Set<string>()
  let written = ''
  let depth = 0
  let isOver = false
  // Editors of Windows begin a file with a mark that no database knows.
  for (const token of tokensOf(sql.replace(/^\uFEFF/, ''), refuse)) {
    const { text } = token
    if (isOver && token.kind !== 'nothing' && text !== ';') {
      throw refuse('must be one statement, but goes on after a ;', 'Write one query alone.')
    }
    if (text === '(') depth++
    if (text === ')') depth--
    if (depth < 0) throw refuse('closes a parenthesis that was never opened', 'Correct it.')
    if (text === ';') isOver = true
    else if (token.kind === 'parameter') {
      named.add(token.name)
      written += write(parameterNamed(token.name, refuse))
    } else written += text
  }
  if (depth > 0) throw refuse('opens a parenthesis that is not closed', 'Correct it.')
  for (const parameter of parameters) {
    if (named.has(parameter)) continue
    throw refuse(
      `does not use :${parameter}`,
      'Ask for the days alone that are wanted: where sold_on between :from and :until.',
    )
  }
  return written.trim()
}

type Token =
  | { kind: 'parameter'; text: string; name: string }
  /** White space and comments. */
  | { kind: 'nothing'; text: string }
  | { kind: 'code'; text: string }

type Refuse = (what: string, remedy: string) => UserError

function parameterNamed(name: string, refuse: Refuse): Parameter {
  const known = parameters.find((parameter) => parameter === name)
  if (known !== undefined) return known
  throw refuse(`knows no parameter :${name}`, 'The parameters are :from and :until.')
}

// A comment ends with a carriage return as well, and a $ may stand within a name.
const STARTS =
  /\s+|--[^\r\n]*|\/\*|\b[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(?:[A-Za-z_]\w*)?\$|::|:(?<name>[A-Za-z_]\w*)|[\w$\u0080-\uffff]+|./sy

function* tokensOf(sql: string, refuse: Refuse): Generator<Token> {
  let at = 0
  while (at < sql.length) {
    STARTS.lastIndex = at
    const match = STARTS.exec(sql)
    const start = match?.[0] ?? ''
    const text = sql.slice(at, endOf(sql, at, start, refuse))
    const name = match?.groups?.name
    if (name !== undefined) yield { kind: 'parameter', text, name }
    else if (/^(\s|--|\/\*)/.test(text)) yield { kind: 'nothing', text }
    else yield { kind: 'code', text }
    at += text.length
  }
}

/** Where what begins so is over. */
function endOf(sql: string, at: number, start: string, refuse: Refuse): number {
  if (start === "'" || start === '"') {
    throw refuse(`a ${start} is not closed`, 'Close it, or double it within a text.')
  }
  if (start === '/*') return endOfComment(sql, at, refuse)
  if (!/^\$\w*\$$/.test(start)) return at + start.length
  const close = sql.indexOf(start, at + start.length)
  if (close < 0) throw refuse(`a text begins with ${start} and is not closed`, 'Close it.')
  return close + start.length
}

/** Comments may stand within comments. */
function endOfComment(sql: string, at: number, refuse: Refuse): number {
  const marks = /\/\*|\*\//g
  marks.lastIndex = at
  for (let depth = 0, mark = marks.exec(sql); mark !== null; mark = marks.exec(sql)) {
    depth += mark[0] === '/*' ? 1 : -1
    if (depth === 0) return marks.lastIndex
  }
  throw refuse('a comment is not closed', 'Close it with */.')
}
