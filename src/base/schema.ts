import { inspect } from 'node:util'
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { type Static, type TSchema, Type } from 'typebox'
import { UserError } from './errors.ts'
import { object } from './schema-parts.ts'

/** Hands a value on, typed, or throws a `UserError`: "horizon: must be integer, but is "ten"". */
export type Checker<T> = (value: unknown, file: string) => T

/**
 * A function that returns its argument, typed, where the argument satisfies the schema, and throws a
 * `UserError` that names file and key where it does not. The schema is compiled when first used: most
 * commands need few of them.
 */
export function checker<Schema extends TSchema>(
  schema: Schema,
  remedy?: string,
): Checker<Static<Schema>> {
  let compiled: ValidateFunction<Static<Schema>> | undefined
  return (value, file) => {
    compiled ??= sharedAjv().compile<Static<Schema>>(schema)
    const validate = compiled
    if (validate(value)) return value
    const errors = (validate.errors ?? []).map(ofTag)
    const error = mostSpecific(errors)
    const key = error.instancePath.slice(1).replaceAll('/', '.')
    throw new UserError(explain(error, errors), {
      file,
      ...(key && { key }),
      ...(remedy && { remedy }),
    })
  }
}

/** What is wrong with a part of a value. */
export const FieldProblem = object({
  /** JSON pointer (RFC 6901) to the part, such as `/product`; empty for all of it. */
  field: Type.String(),
  /** What came, shortened; missing where nothing did. */
  came: Type.Optional(Type.String()),
  /** What was expected, as a sentence without its subject: `must be a string`. */
  expected: Type.String(),
})
export type FieldProblem = Static<typeof FieldProblem>

/** A value that satisfies a schema, or all that keeps it from that. */
export type Examined<T> =
  | { outcome: 'fits'; value: T }
  | { outcome: 'refused'; problems: FieldProblem[] }

/**
 * As `checker`, for one record of many: what is wrong is returned, all of it, instead of thrown.
 */
export function examiner<Schema extends TSchema>(
  schema: Schema,
): (value: unknown) => Examined<Static<Schema>> {
  let compiled: ValidateFunction<Static<Schema>> | undefined
  return (value) => {
    compiled ??= sharedAjv().compile<Static<Schema>>(schema)
    const validate = compiled
    if (validate(value)) return { outcome: 'fits', value }
    return { outcome: 'refused', problems: fieldProblems(validate.errors ?? []) }
  }
}

/** The errors of a validation by Ajv, which has to be verbose, as people are told of them. */
export function fieldProblems(all: readonly ErrorObject[]): FieldProblem[] {
  const errors = all.slice(0, MOST_PROBLEMS).map(ofTag)
  const telling = errors.filter(({ keyword }) => keyword !== 'anyOf' && keyword !== 'oneOf')
  const problems = (telling.length > 0 ? telling : errors).map((error) =>
    fieldProblem(error, errors),
  )
  // Of each field the last: that it is no date says more than that it has another pattern.
  return [...new Map(problems.map((problem) => [problem.field, problem])).values()]
}

const MOST_PROBLEMS = 20

function fieldProblem(error: ErrorObject, errors: ErrorObject[]): FieldProblem {
  const { keyword, params, instancePath } = error
  if (keyword === 'required') {
    const key = pointerPart(params.missingProperty)
    return { field: `${instancePath}/${key}`, expected: meaning(error, key) ?? 'must be there' }
  }
  if (keyword === 'additionalProperties') {
    const key: string = params.additionalProperty
    const known = Object.keys(error.parentSchema?.properties ?? {}).join(', ')
    return {
      field: `${instancePath}/${pointerPart(key)}`,
      came: shown(Object(error.data)[key]),
      expected: `must not be there; the keys are ${known}`,
    }
  }
  const said: string | undefined = error.parentSchema?.description
  return {
    field: instancePath,
    came: shown(error.data),
    expected:
      said && (keyword === 'pattern' || keyword === 'format')
        ? `must be ${said}`
        : expected(error, errors),
  }
}

/** What a key has to be, where the schema says so. */
function meaning({ parentSchema }: ErrorObject, key: string): string | undefined {
  const said: string | undefined = parentSchema?.properties?.[key]?.description
  return said && `must be ${said}`
}

/** A key as a part of a JSON pointer (RFC 6901), shortened. */
function pointerPart(key: string): string {
  return key.slice(0, 80).replaceAll('~', '~0').replaceAll('/', '~1')
}

/** Parses JSON text; a syntax error becomes a `UserError` that names the file. */
export function parseJson(text: string, file: string, remedy?: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const what = `is not valid JSON: ${(cause as Error).message}`
    throw new UserError(what, { file, ...(remedy && { remedy }), cause })
  }
}

/** One for all: it compiles the schema of schemas, which takes longer than most of them, once. */
function sharedAjv(): Ajv2020 {
  ajv ??= newAjv()
  return ajv
}

let ajv: Ajv2020 | undefined

function newAjv(): Ajv2020 {
  const instance = new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: true,
    allowUnionTypes: true,
    // Of a union by a property, the errors of the one member that the value says to be.
    discriminator: true,
    // Better code would take longer to make than most schemas, which are used once, take to check.
    code: { optimize: false },
  })
  addFormats.default(instance, { mode: 'full' })
  return instance
}

/** What is wrong with the property that tells the members of a union apart, said of it. */
function ofTag(error: ErrorObject): ErrorObject {
  if (error.keyword !== 'discriminator') return error
  const { tag, tagValue } = error.params
  const members: { properties: Record<string, { const?: string; enum?: string[] }> }[] =
    error.parentSchema?.oneOf
  const tags = members.map(({ properties }) => properties[tag])
  const allowedValues = tags.flatMap((is) => is.enum ?? is.const)
  return {
    ...error,
    keyword: 'enum',
    instancePath: `${error.instancePath}/${tag}`,
    params: { allowedValues },
    data: tagValue,
  }
}

function mostSpecific(errors: ErrorObject[]): ErrorObject {
  // Of another format, nothing else in it needs to be as here.
  const ofFormat = errors.filter(({ instancePath }) => instancePath === '/format')
  const rank = ({ instancePath, keyword }: ErrorObject) =>
    instancePath.length + (says[keyword] ?? 0)
  return (ofFormat.length > 0 ? ofFormat : errors).sort((a, b) => rank(b) - rank(a))[0]
}

/** The one value that may stand there says more than its type; that no member fits says nothing. */
const says: { [keyword: string]: number } = { const: 0.5, anyOf: -1, oneOf: -1 }

function explain(error: ErrorObject, errors: ErrorObject[]): string {
  return `${expected(error, errors)}, but is ${shown(error.data)}`
}

function expected(
  { keyword, params, message, instancePath }: ErrorObject,
  errors: ErrorObject[],
): string {
  if (keyword === 'type') {
    // Of a union, all that it may be.
    const types = errors.filter((it) => it.keyword === 'type' && it.instancePath === instancePath)
    return `must be ${[...new Set(types.map((it) => it.params.type))].join(' or ')}`
  }
  if (keyword === 'additionalProperties') {
    return `must not have the key ${JSON.stringify(params.additionalProperty)}`
  }
  if (keyword === 'enum') return `must be one of ${params.allowedValues.join(', ')}`
  if (keyword === 'const') return `must be ${JSON.stringify(params.allowedValue)}`
  return message ?? `must satisfy ${keyword}`
}

/** With depth in bounds: `JSON.stringify` alone does not survive lists within lists within lists. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  const text = typeof value === 'string' ? JSON.stringify(value) : inspect(value, SHOWN)
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

const SHOWN = {
  depth: 2,
  breakLength: Number.POSITIVE_INFINITY,
  maxArrayLength: 5,
  maxStringLength: 80,
}
