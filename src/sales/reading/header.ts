import type { Field } from '../contract/field.ts'
import { MOST_FIELDS } from '../contract/field.ts'
import type { Resource } from '../contract/resource.ts'
import { FileRefused } from './text-checks.ts'

/** A column of a file that the contract describes, and where it stands. */
export type Column<Role extends string> = {
  field: Field
  role: Role | undefined
  position: number
}

/**
 * Compares the header of a file with the fields of the contract as `fieldsMatch` asks, and finds the
 * columns. `headers` has that of each role; those of `needed` must not be missing, whatever
 * `fieldsMatch` says. Throws `FileRefused` naming the first column that is wrong.
 */
export function columnsOf<Role extends string>(
  header: string[],
  line: number | undefined,
  resource: Resource,
  headers: ReadonlyMap<Role, string>,
  needed: readonly NoInfer<Role>[],
): Column<Role>[] {
  const refuse = (rule: FileRefused['rule'], column?: string): never => {
    throw new FileRefused(rule, header.slice(0, 100).join(' | '), {
      ...(line !== undefined && { line }),
      ...(column && { column }),
    })
  }
  if (header.length > MOST_FIELDS) refuse('header-too-wide')
  const positions = new Map<string, number>()
  for (const [index, name] of header.entries()) {
    if (name.trim() === '') refuse('header-blank', `column ${index + 1}`)
    if (positions.has(name)) refuse('header-duplicate', name)
    positions.set(name, index)
  }
  const { fields, fieldsMatch } = resource
  const expected = new Set(fields.map(({ name }) => name))
  const mayMiss = fieldsMatch === 'superset' || fieldsMatch === 'partial'
  const missing = fields.find(
    ({ name, constraints }) => !positions.has(name) && (!mayMiss || constraints.required),
  )
  const unexpected = header.find((name) => !expected.has(name))
  if (missing) refuse('header-missing', missing.name)
  if (unexpected !== undefined && fieldsMatch !== 'subset' && fieldsMatch !== 'partial') {
    refuse('header-unexpected', unexpected)
  }
  if (fieldsMatch === 'exact') {
    const moved = fields.find(({ name }, index) => header[index] !== name)
    if (moved !== undefined) refuse('header-order', moved.name)
  }
  for (const role of needed) {
    const name = headers.get(role)
    if (name !== undefined && !positions.has(name)) refuse('header-missing', name)
  }
  const fieldOf = new Map(fields.map((field) => [field.name, field]))
  const used = [...headers].map(([role, name]) => ({ role, name }))
  const unused = fields.filter(({ name }) => !used.some((column) => column.name === name))
  const wanted = [...used, ...unused.map(({ name }) => ({ role: undefined, name }))]
  return wanted.flatMap(({ role, name }): Column<Role>[] => {
    const field = fieldOf.get(name)
    const position = positions.get(name)
    return field === undefined || position === undefined ? [] : [{ field, role, position }]
  })
}
