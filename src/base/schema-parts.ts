// Parts of JSON Schemas that several files have in common.

/** An object that has these keys, perhaps those, and no others. */
export function object(
  required: Record<string, object>,
  optional: Record<string, object> = {},
): object {
  return {
    type: 'object',
    required: Object.keys(required),
    additionalProperties: false,
    properties: { ...required, ...optional },
  }
}

/** One of several objects that this property tells apart, as in the discriminated union of the type. */
export function union(propertyName: string, members: object[]): object {
  return { type: 'object', discriminator: { propertyName }, oneOf: members }
}

export const isoDay = { type: 'string', format: 'date' }

/** How many of something. */
export const count = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }

/** Whatever job it comes from, it can be shown, added up and sorted. */
export const number = { type: 'number', minimum: -1e15, maximum: 1e15 }

/** In hexadecimal. */
export const sha256 = { type: 'string', pattern: '^[0-9a-f]{64}$' }

/** Of git, in a repository of SHA-1 or of SHA-256. */
export const objectId = { type: 'string', pattern: '^([0-9a-f]{40}|[0-9a-f]{64})$' }
