import { type Static, Type } from 'typebox'
import { UserError } from '../base/errors.ts'
import { object, record, union } from '../base/schema-parts.ts'
import { linearPattern } from '../sales/contract/linear-pattern.ts'
import type { SeriesKey } from '../sales/totals/daily-totals.ts'

/** A name or a sentence of people, in both languages: keywords that begin with x say nothing to others. */
const inBothLanguages = object({
  en: Type.String({ maxLength: 500 }),
  'pt-BR': Type.String({ maxLength: 500 }),
})

const said = {
  /** What it has to be, after "must be": for messages. */
  description: Type.Optional(Type.String({ maxLength: 500 })),
  'x-title': Type.Optional(inBothLanguages),
  'x-description': Type.Optional(inBothLanguages),
}

const bound = Type.Optional(Type.Number())
const length = Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 }))

const numeric = {
  ...said,
  minimum: bound,
  maximum: bound,
  exclusiveMinimum: bound,
  exclusiveMaximum: bound,
}

const textInput = object({
  type: Type.Literal('string'),
  ...said,
  format: Type.Optional(Type.Literal('date')),
  pattern: Type.Optional(Type.String({ maxLength: 200 })),
  minLength: length,
  maxLength: length,
  enum: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { minItems: 1, maxItems: 200 })),
})

/**
 * JSON Schema of one input: these keywords and no others, so that a schema from elsewhere can be
 * compiled, and a form be made of it. Its patterns are matched in linear time.
 */
const Input = union('type', [
  textInput,
  object({ type: Type.Literal('number'), ...numeric }),
  object({ type: Type.Literal('integer'), ...numeric }),
  object({ type: Type.Literal('boolean'), ...said }),
])
export type Input = Static<typeof Input>

const MOST_INPUTS = 40
const NAME = '^[a-z][A-Za-z0-9]{0,39}$'
const names = Type.Array(Type.String({ pattern: NAME }), {
  maxItems: MOST_INPUTS,
  uniqueItems: true,
})

/** JSON Schema (2020-12) of one question that a model can be asked. */
export const QuestionSchema = object({
  $schema: Type.Literal('https://json-schema.org/draft/2020-12/schema'),
  type: Type.Literal('object'),
  properties: record(Input, {
    propertyNames: { pattern: NAME },
    maxProperties: MOST_INPUTS,
    // What every model is asked; the rest is its own.
    properties: {
      product: textInput,
      store: textInput,
      from: textInput,
      to: textInput,
      month: textInput,
    },
    required: ['product', 'from', 'to'],
  }),
  required: names,
  additionalProperties: Type.Literal(false),
  /** Which inputs can stand for each other: the days themselves, or their month. */
  oneOf: Type.Optional(Type.Array(object({ required: names }), { minItems: 1, maxItems: 10 })),
})
export type QuestionSchema = Static<typeof QuestionSchema>

/** The questions that a model of these series takes: about a store as well where any has one. */
export function questionSchema(series: readonly Partial<SeriesKey>[]): QuestionSchema {
  const hasStores = series.some(({ storeId }) => storeId !== undefined)
  return {
    $schema: QuestionSchema.properties.$schema.const,
    type: QuestionSchema.properties.type.const,
    properties: { product, ...(hasStores && { store }), from, to, month },
    required: ['product'],
    additionalProperties: false,
    oneOf: [{ required: ['month'] }, { required: ['from', 'to'] }],
  }
}

/**
 * Throws a `UserError` where questions could not be checked by a schema, though it has the form of
 * one: it asks for what it does not describe, or by a pattern that may take forever.
 */
export function refuseUnusable({ properties, required, oneOf = [] }: QuestionSchema, file: string) {
  const asked = [...required, ...oneOf.flatMap((alternative) => alternative.required)]
  const unknown = asked.find((name) => !Object.hasOwn(properties, name))
  if (unknown !== undefined) {
    throw new UserError(`must describe ${unknown}, which it requires`, { file, key: 'inputs' })
  }
  for (const [name, input] of Object.entries(properties)) {
    if (input.type !== 'string' || input.pattern === undefined) continue
    linearPattern(input.pattern, { file, key: `inputs.properties.${name}.pattern` })
  }
}

const text = { type: 'string', minLength: 1, maxLength: 200 } as const

const product: Input = {
  ...text,
  description: 'the id of a product, as in the sales files',
  'x-title': { en: 'Product', 'pt-BR': 'Produto' },
  'x-description': {
    en: 'Its id, as in the sales files.',
    'pt-BR': 'O código, como nos arquivos de vendas.',
  },
}

const store: Input = {
  ...text,
  description: 'the id of a store, as in the sales files',
  'x-title': { en: 'Store', 'pt-BR': 'Loja' },
  'x-description': {
    en: 'Needed where the product is sold in several.',
    'pt-BR': 'Necessária quando o produto é vendido em várias.',
  },
}

const day = { type: 'string', format: 'date' } as const

const from: Input = {
  ...day,
  description: 'a day, such as 2026-12-01',
  'x-title': { en: 'From', 'pt-BR': 'De' },
  'x-description': {
    en: 'The first day, such as 2026-12-01.',
    'pt-BR': 'O primeiro dia, como 2026-12-01.',
  },
}

const to: Input = {
  ...day,
  description: 'a day, such as 2026-12-24',
  'x-title': { en: 'To', 'pt-BR': 'Até' },
  'x-description': {
    en: 'The last day, such as 2026-12-24.',
    'pt-BR': 'O último dia, como 2026-12-24.',
  },
}

const month: Input = {
  type: 'string',
  pattern: '^[0-9]{4}-(0[1-9]|1[0-2])$',
  description: 'a month, such as 2026-12',
  'x-title': { en: 'Month', 'pt-BR': 'Mês' },
  'x-description': {
    en: 'Instead of days: a month, such as 2026-12.',
    'pt-BR': 'Em vez de dias: um mês, como 2026-12.',
  },
}
