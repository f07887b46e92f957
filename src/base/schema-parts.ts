import {
  type Static,
  type TObject,
  type TObjectOptions,
  type TProperties,
  type TSchema,
  Type,
} from 'typebox'

// Parts of schemas that several files have in common, as far as TypeBox does not have them.

/** An object that has these keys and no others. */
export function object<Properties extends TProperties>(
  properties: Properties,
  options?: TObjectOptions,
): TObject<Properties> {
  return Type.Object(properties, { additionalProperties: false, ...options })
}

/** An object of which these keys are read; others may stand beside them, and mean nothing here. */
export function openObject<Properties extends TProperties>(
  properties: Properties,
): TObject<Properties> {
  return Type.Object(properties)
}

/** The same object, each key of which may be missing. */
export function partial<Properties extends TProperties>(schema: TObject<Properties>) {
  return object(Type.Partial(schema).properties)
}

/** These keys of an object, beside which others may stand that mean nothing here. */
export function partOf<Properties extends TProperties, Key extends keyof Properties & string>(
  schema: TObject<Properties>,
  keys: Key[],
) {
  type Whole = Static<TObject<Properties>>
  return Type.Unsafe<Pick<Whole, Key & keyof Whole>>(Type.Pick(schema, keys))
}

/**
 * An object with values of one kind, whatever its keys. TypeBox's own record says it by a pattern
 * that a key with a line end does not match: its value would go unchecked.
 */
export function record<Value extends TSchema>(values: Value, options?: TObjectOptions) {
  const schema = { type: 'object', additionalProperties: values, ...options }
  return Type.Unsafe<Record<string, Static<Value>>>(schema)
}

/** An object that may have each of these keys, with the values that go with it, and no others. */
export function partialRecord<const Name extends string, Value extends TSchema>(
  names: readonly Name[],
  valueFor: (name: Name) => Value,
  options?: TObjectOptions,
) {
  const properties = Object.fromEntries(names.map((name) => [name, Type.Optional(valueFor(name))]))
  return Type.Unsafe<{ [name in Name]?: Static<Value> }>(object(properties, options))
}

/** A key of this object. */
export function keyOf<Key extends string>(of: Readonly<Record<Key, unknown>>) {
  return Type.Unsafe<Key>(Type.Enum(Object.keys(of)))
}

/** What this schema says, or nothing: in YAML, a key without a value. */
export function nullable<Schema extends TSchema>(schema: Schema) {
  return Type.Union([schema, Type.Null()])
}

/**
 * One of several objects that this property tells apart: what is wrong is said of the one meant. As a
 * member of another union, it also has the value by which that one tells it apart.
 */
export function union<Members extends TSchema[]>(
  propertyName: string,
  members: [...Members],
  properties?: TProperties,
) {
  return Type.Unsafe<Static<Members[number]>>({
    type: 'object',
    discriminator: { propertyName },
    oneOf: members,
    ...(properties && { properties, required: Object.keys(properties) }),
  })
}

/** What the schema with this `$id` says, so that a document says it once. */
export function reference<Schema extends TSchema>(id: string) {
  return Type.Unsafe<Static<Schema>>({ $ref: `${id}#` })
}

export type Json = number | string | boolean | null | Json[] | { [key: string]: Json }

/** Whatever JSON can hold: somebody else knows what it has to be. */
export const json = Type.Unsafe<Json>({})

export const isoDay = Type.String({ format: 'date', description: 'a day, such as 2026-12-24' })

/** How many of something. */
export const count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

/** Whatever job it comes from, it can be shown, added up and sorted. */
export const number = Type.Number({ minimum: -1e15, maximum: 1e15 })

/** A fraction of a whole: 0.05 is 5%. */
export const share = Type.Number({ minimum: 0, maximum: 1 })

/** In hexadecimal. */
export const sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })

/** Of git, in a repository of SHA-1 or of SHA-256. */
export const objectId = Type.String({ pattern: '^([0-9a-f]{40}|[0-9a-f]{64})$' })
