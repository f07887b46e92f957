import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { fieldProblems } from '../../base/schema.ts'
import { HttpError } from '../http/problem.ts'

/**
 * Checks the parts of requests by the schemas of their routes. Numbers are read from text in
 * addresses, and nowhere else.
 */
export function requestChecks(): FastifySchemaCompiler<TSchema> {
  const [asWritten, fromText] = [checks(false), checks(true)]
  return ({ schema, httpPart }) => {
    const validate = (httpPart === 'body' ? asWritten : fromText).compile(schema)
    return (value) => {
      if (validate(value)) return true
      const errors = fieldProblems(validate.errors ?? [])
      return { error: new HttpError(400, 'The request says something that cannot be.', { errors }) }
    }
  }
}

/** The same where bodies are read as records, which are checked one by one where they are understood. */
export function addressChecks(): FastifySchemaCompiler<TSchema> {
  const check = requestChecks()
  return (part) => (part.httpPart === 'body' ? () => true : check(part))
}

function checks(coerceTypes: boolean): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: true,
    allowUnionTypes: true,
    useDefaults: true,
    coerceTypes,
    // Otherwise the Infinity that a text is read as would pass every limit.
    strictNumbers: !coerceTypes,
  })
  addFormats.default(ajv, { mode: 'full' })
  return ajv
}
