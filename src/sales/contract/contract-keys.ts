import { UserError } from '../../base/errors.ts'

type Keyed = { [key: string]: unknown }

/**
 * Throws `UserError` for the first key of the standard, or of nobody's, that asks for something that
 * is not done: what is written in a contract holds, or the contract is refused. What only describes
 * the data for people may stand there.
 */
export function refuseUnsupportedKeys(
  contract: Keyed & { resources: (Keyed & { schema: Keyed & { fields: Keyed[] } })[] },
  file: string,
): void {
  check(
    contract,
    '',
    [...described, 'profile', 'version', 'created', 'keywords', 'image'],
    ['resources', 'cd4ml'],
  )
  for (const [index, resource] of contract.resources.entries()) {
    const key = `resources.${index}`
    check(
      resource,
      key,
      [...described, 'profile', 'type'],
      ['format', 'mediatype', 'path', 'encoding', 'bytes', 'hash', 'dialect', 'schema'],
    )
    check(resource.schema, `${key}.schema`, described, ['fields', 'fieldsMatch', 'missingValues'])
    for (const [column, field] of resource.schema.fields.entries()) {
      check(
        field,
        `${key}.schema.fields.${column}`,
        [...described, 'example', 'rdfType'],
        ['type', 'format', 'decimalChar', 'groupChar', 'bareNumber', 'constraints'],
      )
    }
  }

  function check(part: Keyed, place: string, forPeople: readonly string[], held: string[]): void {
    const known = new Set([...forPeople, ...held])
    const other = Object.keys(part).find((key) => !known.has(key))
    if (other === undefined) return
    throw new UserError('is not supported: what it asks for would be ignored', {
      file,
      key: [place, other].filter(Boolean).join('.'),
      remedy: remedies[other] ?? 'Remove it.',
    })
  }
}

const described = [
  '$schema',
  'name',
  'id',
  'title',
  'description',
  'homepage',
  'sources',
  'licenses',
  'contributors',
]

const remedies: { [key: string]: string | undefined } = {
  primaryKey: 'Remove it, and rows that were delivered twice before the files come here.',
  uniqueKeys: 'Remove it, and rows that were delivered twice before the files come here.',
  foreignKeys: 'Remove it; constraints.enum lists the values that a field may have.',
  compression: 'Remove it: a file whose name ends in .gz is unpacked.',
  data: 'Write the rows to a file, and its path here.',
  missingValues: "Write it beside the schema's fields: it holds for all of them.",
  categories: 'Write constraints.enum, or cd4ml.categories.',
  trueValues: 'Remove it: true and false are read as the standard writes them by default.',
  falseValues: 'Remove it: true and false are read as the standard writes them by default.',
}
