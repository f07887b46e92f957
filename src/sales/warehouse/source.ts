import { type Day, dayFromIso } from '../../base/day.ts'
import { quoted, UserError } from '../../base/errors.ts'
import type { Field } from '../contract/field.ts'
import { isGlob, type Resource } from '../contract/resource.ts'
import type { Role } from '../contract/roles.ts'
import type { SourceRules } from './source-rules.ts'

/** Whom the sales are asked of. */
export type SourceEngine =
  | { kind: 'postgresql'; query: string; connection: string }
  | { kind: 'duckdb'; query: string; database: string | undefined }
  | { kind: 'program'; command: string[]; input: string | undefined; delimiter: string }

/** Where the sales of a resource are asked for, and what becomes of the answer. */
export type Source = {
  engine: SourceEngine
  /** Whose files hold the answers. */
  resource: Resource
  since: Day
  revisedDays: number
  rows: 'day totals' | 'sales'
  files: 'month' | 'day'
  timeoutMinutes: number
}

/**
 * What a contract says of its source, defaults filled in. Throws a `UserError` where the resource is
 * not one whose files can be written by days: of one pattern, in UTF-8, with dates and numbers as
 * warehouses write them.
 */
export function sourceFrom(
  rules: SourceRules,
  resources: readonly Resource[],
  columns: ReadonlyMap<Role, string>,
  file: string,
): Source {
  const resource = resourceOf(rules, resources, file)
  checkPattern(resource, file)
  checkLayout(resource, file)
  checkFields(resource, columns, file)
  return {
    engine: engineOf(rules, file),
    resource,
    // The schema has seen that it is a day.
    since: dayFromIso(rules.since)!,
    revisedDays: rules.revisedDays ?? 14,
    rows: rules.rows ?? 'day totals',
    files: rules.files ?? 'month',
    timeoutMinutes: rules.timeoutMinutes ?? 60,
  }
}

/**
 * Throws a `UserError`, which does not repeat it, where the connection string itself stands in the
 * parsed contract: before anything else is said of the contract, since that might.
 */
export function refuseWrittenSecret(contract: unknown, file: string): void {
  const connection = Object(Object(Object(contract).cd4ml).source).connection
  if (connection === undefined || /^[A-Za-z_][A-Za-z0-9_]*$/.test(String(connection))) return
  throw new UserError('must be the name of an environment variable', {
    file,
    key: 'cd4ml.source.connection',
    remedy:
      'Write a name such as WAREHOUSE_URL, and put the connection string into the variable. Where it stood in a file of git, change its password.',
  })
}

function resourceOf(rules: SourceRules, resources: readonly Resource[], file: string): Resource {
  const [first, second] = resources
  if (rules.resource === undefined && second === undefined) return first
  const named = resources.find(({ name }) => name === rules.resource)
  if (named !== undefined) return named
  const names = resources.map(({ name }) => quoted(name)).join(', ')
  throw new UserError(
    rules.resource === undefined
      ? 'does not say to which resource the answers belong'
      : `there is no resource ${quoted(rules.resource)} of sales`,
    { file, key: 'cd4ml.source.resource', remedy: `Write one of ${names}.` },
  )
}

function checkPattern({ name, paths }: Resource, file: string): void {
  const [path] = paths
  const isOne = paths.length === 1 && isGlob(path) && path.indexOf('*') === path.lastIndexOf('*')
  if (isOne && /\.csv(\.gz)?$/.test(path)) return
  throw new UserError(`the files of ${quoted(name)} must have one pattern with one *`, {
    file,
    key: `cd4ml.files.${name}`,
    remedy: 'Write one such as sales/*.csv or sales/*.csv.gz: the * stands for the month.',
  })
}

function checkLayout({ position, dialect, encoding }: Resource, file: string): void {
  const key = `resources.${position}`
  const refuse = (what: string, part: string) =>
    new UserError(what, { file, key: `${key}.${part}`, remedy: 'Remove it.' })
  if (encoding !== 'utf-8') throw refuse('what a warehouse yields is kept as utf-8', 'encoding')
  const { header, headerRow, quoteChar, doubleQuote } = dialect
  if (!header || headerRow !== 1 || quoteChar !== '"' || !doubleQuote) {
    throw refuse('of what a warehouse yields, only the delimiter can be chosen', 'dialect')
  }
}

function checkFields(
  { fields, position }: Resource,
  columns: ReadonlyMap<Role, string>,
  file: string,
): void {
  for (const [index, field] of fields.entries()) {
    const key = `resources.${position}.schema.fields.${index}`
    if (isPlain(field)) continue
    throw new UserError(
      `${quoted(field.name)} must be as warehouses write it: 12.50 and 2026-11-26`,
      { file, key, remedy: 'Remove format, decimalChar, groupChar and bareNumber.' },
    )
  }
  const index = fields.findIndex(({ name }) => name === columns.get('saleDate'))
  if (fields[index]?.type === 'date') return
  throw new UserError('the day of a sale must be a date: a moment is none without a time zone', {
    file,
    key: `resources.${position}.schema.fields.${index}.type`,
    remedy: 'Write "date", and have the query say which day it was.',
  })
}

function isPlain({ type, format, decimalChar, groupChar, bareNumber }: Field): boolean {
  const isIso = format === 'default' || (type === 'date' && format === '%Y-%m-%d')
  return isIso && decimalChar === '.' && groupChar === undefined && bareNumber
}

function engineOf(rules: SourceRules, file: string): SourceEngine {
  switch (rules.engine) {
    case 'postgresql':
      return { kind: rules.engine, query: rules.query, connection: rules.connection }
    case 'duckdb':
      return { kind: rules.engine, query: rules.query, database: rules.database }
    case 'program': {
      const { command, input, delimiter = ',' } = rules
      if (/["\p{L}\p{N}\r\n]/u.test(delimiter)) {
        throw new UserError('must be no letter, digit, quotation mark or line end', {
          file,
          key: 'cd4ml.source.delimiter',
          remedy: 'Write what parts the cells, such as "\\t".',
        })
      }
      return { kind: rules.engine, command, input, delimiter }
    }
  }
}
