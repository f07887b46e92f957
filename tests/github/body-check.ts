import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { Refusal } from './refusal.ts'

/** The fields of a request: every other one is refused, so that a misspelt name is seen. */
export type BodySchema = { required?: readonly string[]; properties: Record<string, object> }

export const TEXT = { type: 'string' }
export const NULLABLE_TEXT = { type: ['string', 'null'] }
export const FLAG = { type: 'boolean' }
export const INTEGER = { type: 'integer' }
export const TEXTS = { type: 'array', items: TEXT }
export const OBJECT = { type: 'object' }

/** Parses the bytes of a request. Throws GitHub's 400 for what is not a JSON object. */
export function parseBody(bytes: Buffer): Record<string, unknown> {
  if (bytes.length === 0) return {}
  let body: unknown
  try {
    body = JSON.parse(bytes.toString())
  } catch {
    throw new Refusal(400, 'Problems parsing JSON')
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Refusal(400, 'Body should be a JSON object')
  }
  return body as Record<string, unknown>
}

/** Throws GitHub's 422 that names the fields that are missing, unknown or of another type. */
export function checkBody(schema: BodySchema, body: unknown): void {
  const validate = compiled(schema)
  if (validate(body)) return
  const errors = validate.errors ?? []
  const missing = errors.filter(({ keyword }) => keyword === 'required')
  const wrong = errors.filter(({ keyword }) => keyword !== 'required')
  const lines = [
    ...(missing.length ? [missingFields(missing)] : []),
    ...wrong.map((error) => explain(error)),
  ]
  throw new Refusal(422, `Invalid request.\n\n${lines.join('\n')}`)
}

const ajv = new Ajv2020({ allErrors: true, verbose: true, allowUnionTypes: true })
const validators = new Map<BodySchema, ValidateFunction>()

function compiled(schema: BodySchema): ValidateFunction {
  const known = validators.get(schema)
  if (known) return known
  const validate = ajv.compile({ type: 'object', additionalProperties: false, ...schema })
  validators.set(schema, validate)
  return validate
}

function missingFields(errors: ErrorObject[]): string {
  const names = errors.map(({ params }) => `"${params.missingProperty}"`).join(', ')
  return `${names} ${errors.length === 1 ? "wasn't" : "weren't"} supplied.`
}

function explain({ keyword, params, instancePath, data }: ErrorObject): string {
  if (keyword === 'additionalProperties') {
    return `"${params.additionalProperty}" is not a permitted key.`
  }
  const shown = data === null ? 'nil' : JSON.stringify(data)
  const field = `For 'properties${instancePath}', ${shown}`
  if (keyword === 'enum')
    return `${field} is not a member of ${JSON.stringify(params.allowedValues)}.`
  return `${field} is not ${['integer', 'array', 'object'].includes(params.type) ? 'an' : 'a'} ${params.type}.`
}
