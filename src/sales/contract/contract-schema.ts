import { roles } from './roles.ts'

const text = { type: 'string', minLength: 1 }
const share = { type: 'number', minimum: 0, maximum: 1 }
const positive = { type: 'number', exclusiveMinimum: 0 }

/** Rules that the Data Package standard has no words for, under the key `cd4ml` of the package. */
const ownRules = {
  type: 'object',
  required: ['columns'],
  additionalProperties: false,
  properties: {
    columns: {
      description: 'What each column means: its role here, and its header in the file.',
      type: 'object',
      required: ['product', 'saleDate'],
      additionalProperties: false,
      properties: Object.fromEntries(roles.map((role) => [role, text])),
    },
    sample: {
      description:
        'Whether these are the sales that the template ships, to be replaced by your own.',
      type: 'boolean',
    },
    categories: {
      description: 'The categories there are, each with other spellings that mean the same.',
      type: 'object',
      additionalProperties: { type: 'array', items: text },
    },
    sentinels: {
      description: 'By role: cells, as they stand in the file, that stand for "unknown".',
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(roles.map((role) => [role, { type: 'array', items: text }])),
    },
    files: {
      description:
        'By resource: patterns such as sales/*.csv that find its files. Its path lists them for other tools.',
      type: 'object',
      additionalProperties: { type: 'array', items: text, minItems: 1 },
    },
    leftOut: {
      description: 'By role: what is no product or no store, such as a total or a fee.',
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(
        ['product', 'store'].map((role) => [role, { type: 'array', items: text }]),
      ),
    },
    overlaps: {
      description: 'What happens where two files hold the same sales: refuse (the default), count.',
      enum: ['refuse', 'count'],
    },
    maxQuarantinedShare: {
      description: 'A file with a larger share of quarantined rows is refused as a whole.',
      ...share,
    },
    costAbovePrice: {
      description: 'A row whose cost is more than this many times its price is quarantined.',
      ...positive,
    },
    weeklyTotals: {
      description: 'The sales are totals of weeks, each dated by this day of its week.',
      enum: ['first day', 'last day'],
    },
    plausibleDays: {
      description: 'Rows dated before or after these days are quarantined: a typing error.',
      type: 'object',
      minProperties: 1,
      additionalProperties: false,
      properties: {
        from: { type: 'string', format: 'date' },
        to: { type: 'string', format: 'date' },
      },
    },
    maxBytes: {
      description: 'A file that is larger than this, unpacked, is refused.',
      type: 'integer',
      minimum: 1,
    },
    freshness: {
      description: 'The data is refused where its newest sale is older than this.',
      type: 'object',
      required: ['maxAgeDays'],
      additionalProperties: false,
      properties: { maxAgeDays: { type: 'integer', minimum: 0 } },
    },
    volume: {
      description: 'Warn where units per day of the newest month differ from the months before.',
      type: 'object',
      required: ['maxChangeFromMedian'],
      additionalProperties: false,
      properties: { maxChangeFromMedian: positive },
    },
    missing: {
      description: 'Warn where the share of empty cells rises by more than this.',
      type: 'object',
      required: ['maxShareRise'],
      additionalProperties: false,
      properties: { maxShareRise: share },
    },
    priceJump: {
      description: 'Warn where the mean price of a product changes by more than this share.',
      type: 'object',
      required: ['maxChange'],
      additionalProperties: false,
      properties: { maxChange: positive },
    },
  },
}

/** More are no sales but a table that was turned on its side. */
export const MOST_COLUMNS = 5000

const field = {
  type: 'object',
  required: ['name'],
  properties: {
    name: text,
    type: { type: 'string' },
    format: { type: 'string', maxLength: 100 },
    decimalChar: { type: 'string', minLength: 1, maxLength: 1 },
    groupChar: { type: 'string', minLength: 1, maxLength: 1 },
    bareNumber: { type: 'boolean' },
    constraints: {
      type: 'object',
      additionalProperties: false,
      properties: {
        required: { type: 'boolean' },
        minimum: { type: ['number', 'string'] },
        maximum: { type: ['number', 'string'] },
        minLength: { type: 'integer', minimum: 0 },
        maxLength: { type: 'integer', minimum: 0 },
        pattern: { type: 'string', format: 'regex', maxLength: 1000 },
        enum: { type: 'array', items: { type: ['string', 'number', 'boolean'] }, minItems: 1 },
      },
    },
  },
}

const resource = {
  type: 'object',
  required: ['name', 'path', 'schema'],
  properties: {
    name: text,
    path: {
      type: ['string', 'array'],
      minLength: 1,
      minItems: 1,
      items: text,
      maxLength: 1000,
    },
    encoding: { type: 'string' },
    bytes: { type: 'integer', minimum: 0 },
    hash: { type: 'string', pattern: '^((md5|sha1|sha256|sha512):)?[0-9a-fA-F]{32,128}$' },
    dialect: {
      type: 'object',
      additionalProperties: false,
      properties: {
        $schema: { type: 'string' },
        delimiter: { type: 'string', minLength: 1, maxLength: 1 },
        quoteChar: { type: ['string', 'null'], minLength: 1, maxLength: 1 },
        doubleQuote: { type: 'boolean' },
        header: { type: 'boolean' },
        headerRows: {
          type: 'array',
          minItems: 1,
          maxItems: 1,
          items: { type: 'integer', minimum: 1 },
        },
        lineTerminator: { enum: ['\n', '\r\n', '\r'] },
        skipInitialSpace: { const: false },
      },
    },
    schema: {
      type: 'object',
      required: ['fields'],
      properties: {
        fields: { type: 'array', minItems: 1, maxItems: MOST_COLUMNS, items: field },
        fieldsMatch: { enum: ['exact', 'equal', 'subset', 'superset', 'partial'] },
        missingValues: { type: 'array', items: { type: 'string' } },
      },
    },
  },
}

/** JSON Schema of `datapackage.json`: the part of Data Package v2 that is read here, and `cd4ml`. */
export const contractSchema = {
  type: 'object',
  required: ['resources', 'cd4ml'],
  properties: {
    resources: { type: 'array', minItems: 1, items: resource },
    cd4ml: ownRules,
  },
}
