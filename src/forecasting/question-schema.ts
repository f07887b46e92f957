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

/** What of a plan a model can be asked about: that from which it has learnt what it does. */
export type PlanInputs = { price: boolean; display: boolean; kinds: readonly string[] }

/**
 * The questions that a model of these series takes: about a store as well where any has one, and, where
 * it takes a plan, what would be if something else were planned.
 */
export function questionSchema(
  series: readonly Partial<SeriesKey>[],
  plan?: PlanInputs,
): QuestionSchema {
  const hasStores = series.some(({ storeId }) => storeId !== undefined)
  return {
    $schema: QuestionSchema.properties.$schema.const,
    type: QuestionSchema.properties.type.const,
    properties: { product, ...(hasStores && { store }), from, to, month, ...planInputs(plan) },
    required: ['product'],
    additionalProperties: false,
    oneOf: [{ required: ['month'] }, { required: ['from', 'to'] }],
  }
}

/** The questions that any of several models takes; there is at least one. */
export function questionsOfAny(each: readonly QuestionSchema[]): QuestionSchema {
  const properties: QuestionSchema['properties'] = {}
  for (const [name, input] of each.flatMap((one) => Object.entries(one.properties))) {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined
    properties[name] = known ? eitherInput(known, input) : input
  }
  return { ...each[0], properties }
}

/** Of kinds that are listed, those of both. */
function eitherInput(known: Input, other: Input): Input {
  if (known.type !== 'string' || other.type !== 'string' || !known.enum || !other.enum) return known
  return { ...known, enum: [...new Set([...known.enum, ...other.enum])].sort() }
}

/** What a model that takes a plan can be asked about it: each where it has learnt what that does. */
export const planInputNames = ['price', 'discount', 'promotion', 'display', 'closed'] as const

/** Whether a model that can be asked this takes what is planned. */
export function takesPlan({ properties }: Pick<QuestionSchema, 'properties'>): boolean {
  return Object.hasOwn(properties, 'closed')
}

function planInputs(plan: PlanInputs | undefined): Record<string, Input> {
  if (!plan) return {}
  return {
    ...(plan.price && { price, discount }),
    ...(plan.kinds.length > 0 && { promotion: { ...promotion, enum: [...plan.kinds] } }),
    ...(plan.display && { display }),
    closed,
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

const price: Input = {
  type: 'number',
  exclusiveMinimum: 0,
  description: 'the price of a unit on these days',
  'x-title': { en: 'Price', 'pt-BR': 'Preço' },
  'x-description': {
    en: 'What if: the price of a unit on these days.',
    'pt-BR': 'E se: o preço de uma unidade nesses dias.',
  },
}

const discount: Input = {
  type: 'number',
  minimum: 0,
  exclusiveMaximum: 1,
  description: 'the share of the usual price that is off, such as 0.2 for 20%',
  'x-title': { en: 'Discount', 'pt-BR': 'Desconto' },
  'x-description': {
    en: 'What if: the share of the usual price that is off, such as 0.2 for 20%.',
    'pt-BR': 'E se: a parte do preço usual que é descontada, como 0,2 para 20%.',
  },
}

const promotion = {
  type: 'string',
  description: 'a kind of promotion that the model knows',
  'x-title': { en: 'Promotion', 'pt-BR': 'Promoção' },
  'x-description': {
    en: 'What if: the kind of promotion.',
    'pt-BR': 'E se: o tipo de promoção.',
  },
} as const

const display: Input = {
  type: 'boolean',
  description: 'whether it is on display on these days',
  'x-title': { en: 'On display', 'pt-BR': 'Em exposição' },
  'x-description': {
    en: 'What if: whether it stands where customers see it.',
    'pt-BR': 'E se: se fica onde os clientes o veem.',
  },
}

const closed: Input = {
  type: 'boolean',
  description: 'whether it is not sold on these days',
  'x-title': { en: 'Closed', 'pt-BR': 'Fechado' },
  'x-description': {
    en: 'What if: whether it is not sold on these days.',
    'pt-BR': 'E se: se não é vendido nesses dias.',
  },
}
