import { type Static, Type } from 'typebox'
import { isoDay, object, union } from '../../base/schema-parts.ts'

const text = Type.String({ minLength: 1 })

const ofEvery = {
  /** The resource whose files hold what the query yields; without it, the only one of sales. */
  resource: Type.Optional(text),
  /** The first day of the history. */
  since: isoDay,
  /** How many days, counted back from the last one that is there, may still change. */
  revisedDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3660 })),
  /** What a row of the query is: all that a series sold on a day, or one sale of perhaps many. */
  rows: Type.Optional(Type.Enum(['day totals', 'sales'])),
  /** Whether a file holds the days of a month, or one day. */
  files: Type.Optional(Type.Enum(['month', 'day'])),
  /** The query is ended, and nothing is changed, when it takes longer. */
  timeoutMinutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 360 })),
}

/** The name of a file that ends in .sql, beside the contract, or the SQL itself. */
const query = text

/** Where the sales are asked for, and how: the key `source` under `cd4ml` of the package. */
export const SourceRules = union('engine', [
  object({
    engine: Type.Literal('postgresql'),
    ...ofEvery,
    query,
    /** Name of the environment variable with the connection string. */
    connection: text,
  }),
  object({
    engine: Type.Literal('duckdb'),
    ...ofEvery,
    query,
    /** A file of DuckDB in the project; without it, the query names the files that it reads. */
    database: Type.Optional(text),
  }),
  object({
    engine: Type.Literal('program'),
    ...ofEvery,
    /** Program and arguments, in which {from} and {until} stand for the days. */
    command: Type.Array(text, { minItems: 1 }),
    /** What the program gets on its standard input, as a file beside the contract. */
    input: Type.Optional(text),
    /** What parts the cells that it writes. */
    delimiter: Type.Optional(Type.String({ minLength: 1, maxLength: 1 })),
  }),
])
export type SourceRules = Static<typeof SourceRules>
