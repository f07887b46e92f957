import { type Static, Type } from 'typebox'
import {
  isoDay,
  nullable,
  object,
  openObject,
  partialRecord,
  record,
  share,
} from '../../base/schema-parts.ts'
import { planRoles } from '../plan/plan-roles.ts'
import { SourceRules } from '../warehouse/source-rules.ts'
import { MOST_FIELDS } from './field.ts'
import { roles } from './roles.ts'

const text = Type.String({ minLength: 1 })
const texts = Type.Array(text)
const sign = Type.String({ minLength: 1, maxLength: 1 })
const positive = Type.Number({ exclusiveMinimum: 0 })

/** By which of its days a week is called. */
const WeekLabel = Type.Enum(['first day', 'last day'])
export type WeekLabel = Static<typeof WeekLabel>

/** What the plan, the resource of that name, means. */
const PlanRules = object({
  /** What each column means: its role in the plan, and its header in the file. */
  columns: Type.Optional(partialRecord(planRoles, () => text, { required: ['from'] })),
  /** Where no column says when a row was known: so many days before its first one. */
  knownDaysBefore: Type.Optional(Type.Integer({ minimum: 0, maximum: 366 })),
  /** How discounts without a percent sign are written: 20 or 0.2. */
  discounts: Type.Optional(Type.Enum(['percent', 'share'])),
  /** Whether models learn from the prices that were planned, or from those that came. */
  plannedPrices: Type.Optional(Type.Enum(['planned', 'actual'])),
})
export type PlanRules = Static<typeof PlanRules>

/** Rules that the Data Package standard has no words for, under the key `cd4ml` of the package. */
const OwnRules = object({
  /** What each column means: its role here, and its header in the file. */
  columns: partialRecord(roles, () => text, { required: ['product', 'saleDate'] }),
  /** Whether these are the sales that the template ships, to be replaced by your own. */
  sample: Type.Optional(Type.Boolean()),
  /** The categories there are, each with other spellings that mean the same. */
  categories: Type.Optional(record(texts)),
  /** By role: cells, as they stand in the file, that stand for "unknown". */
  sentinels: Type.Optional(partialRecord(roles, () => texts)),
  /**
   * By resource: patterns such as sales/*.csv that find its files. Its path lists them for other
   * tools.
   */
  files: Type.Optional(record(Type.Array(text, { minItems: 1 }))),
  /** By role: what is no product or no store, such as a total or a fee. */
  leftOut: Type.Optional(partialRecord(['product', 'store'], () => texts)),
  plan: Type.Optional(PlanRules),
  source: Type.Optional(SourceRules),
  /** What happens where two files hold the same sales: refuse (the default), count. */
  overlaps: Type.Optional(Type.Enum(['refuse', 'count'])),
  /** A file with a larger share of quarantined rows is refused as a whole. */
  maxQuarantinedShare: Type.Optional(share),
  /** A row whose cost is more than this many times its price is quarantined. */
  costAbovePrice: Type.Optional(positive),
  /** The sales are totals of weeks, each dated by this day of its week. */
  weeklyTotals: Type.Optional(WeekLabel),
  /** Rows dated before or after these days are quarantined: a typing error. */
  plausibleDays: Type.Optional(
    object({ from: Type.Optional(isoDay), to: Type.Optional(isoDay) }, { minProperties: 1 }),
  ),
  /** Name of the IANA time zone whose days count, where Parquet holds instants. */
  timeZone: Type.Optional(text),
  /** A file that is larger than this, unpacked, is refused. */
  maxBytes: Type.Optional(Type.Integer({ minimum: 1 })),
  /** The data is refused where its newest sale is older than this. */
  freshness: Type.Optional(object({ maxAgeDays: Type.Integer({ minimum: 0 }) })),
  /** Warn where units per day of the newest month differ from the months before. */
  volume: Type.Optional(object({ maxChangeFromMedian: positive })),
  /** Warn where the share of empty cells rises by more than this. */
  missing: Type.Optional(object({ maxShareRise: share })),
  /** Warn where the mean price of a product changes by more than this share. */
  priceJump: Type.Optional(object({ maxChange: positive })),
})

const limit = Type.Union([Type.Number(), Type.String()])

/** What the cells of a field have to be, by the words of Table Schema. */
export const Constraints = object({
  required: Type.Optional(Type.Boolean()),
  minimum: Type.Optional(limit),
  maximum: Type.Optional(limit),
  minLength: Type.Optional(Type.Integer({ minimum: 0 })),
  maxLength: Type.Optional(Type.Integer({ minimum: 0 })),
  pattern: Type.Optional(Type.String({ format: 'regex', maxLength: 1000 })),
  enum: Type.Optional(
    Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean()]), { minItems: 1 }),
  ),
})
export type Constraints = Static<typeof Constraints>

const WrittenField = openObject({
  name: text,
  type: Type.Optional(Type.String()),
  format: Type.Optional(Type.String({ maxLength: 100 })),
  decimalChar: Type.Optional(sign),
  groupChar: Type.Optional(sign),
  bareNumber: Type.Optional(Type.Boolean()),
  constraints: Type.Optional(Constraints),
})

const WrittenDialect = object({
  $schema: Type.Optional(Type.String()),
  delimiter: Type.Optional(sign),
  quoteChar: Type.Optional(nullable(sign)),
  doubleQuote: Type.Optional(Type.Boolean()),
  header: Type.Optional(Type.Boolean()),
  headerRows: Type.Optional(Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1, maxItems: 1 })),
  lineTerminator: Type.Optional(Type.Enum(['\n', '\r\n', '\r'])),
  skipInitialSpace: Type.Optional(Type.Literal(false)),
})

export const FieldsMatch = Type.Enum(['exact', 'equal', 'subset', 'superset', 'partial'])
export type FieldsMatch = Static<typeof FieldsMatch>

const WrittenResource = openObject({
  name: text,
  path: Type.Union([
    Type.String({ minLength: 1, maxLength: 1000 }),
    Type.Array(text, { minItems: 1 }),
  ]),
  format: Type.Optional(Type.String()),
  mediatype: Type.Optional(Type.String()),
  encoding: Type.Optional(Type.String()),
  bytes: Type.Optional(Type.Integer({ minimum: 0 })),
  hash: Type.Optional(
    Type.String({ pattern: '^((md5|sha1|sha256|sha512):)?[0-9a-fA-F]{32,128}$' }),
  ),
  dialect: Type.Optional(WrittenDialect),
  schema: openObject({
    fields: Type.Array(WrittenField, { minItems: 1, maxItems: MOST_FIELDS }),
    fieldsMatch: Type.Optional(FieldsMatch),
    missingValues: Type.Optional(Type.Array(Type.String())),
  }),
})
export type WrittenResource = Static<typeof WrittenResource>

/** `datapackage.json`: the part of Data Package v2 that is read here, and `cd4ml`. */
export const WrittenContract = openObject({
  resources: Type.Array(WrittenResource, { minItems: 1 }),
  cd4ml: OwnRules,
})
