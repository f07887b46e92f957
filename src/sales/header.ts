import type { Contract, Resource } from './contract.ts'
import type { Role } from './roles.ts'
import { FileRefused } from './text-checks.ts'

/** Where each mapped role stands in a file. */
export type Positions = ReadonlyMap<Role, number>

/**
 * Compares the header of a file with the fields of the contract as `fieldsMatch` asks, and finds the
 * columns. Throws `FileRefused` naming the first column that is wrong.
 */
export function columnPositions(
  header: string[],
  line: number,
  resource: Resource,
  contract: Contract,
): Positions {
  const refuse = (rule: FileRefused['rule'], column: string): never => {
    throw new FileRefused(rule, header.join(' | '), { line, column })
  }
  const expected = resource.fields.map(({ name }) => name)
  for (const [index, name] of header.entries()) {
    if (name.trim() === '') refuse('header-blank', `column ${index + 1}`)
    if (header.indexOf(name) < index) refuse('header-duplicate', name)
  }
  const { fieldsMatch } = resource
  const missing = expected.filter((name) => !header.includes(name))
  const unexpected = header.filter((name) => !expected.includes(name))
  if (missing.length > 0 && fieldsMatch !== 'superset' && fieldsMatch !== 'partial') {
    refuse('header-missing', missing[0])
  }
  if (unexpected.length > 0 && fieldsMatch !== 'subset' && fieldsMatch !== 'partial') {
    refuse('header-unexpected', unexpected[0])
  }
  if (fieldsMatch === 'exact') {
    const moved = expected.find((name, index) => header[index] !== name)
    if (moved !== undefined) refuse('header-order', moved)
  }
  const positions = new Map<Role, number>()
  for (const [role, name] of contract.columns) {
    const position = header.indexOf(name)
    if (position >= 0) positions.set(role, position)
    else if (role === 'product' || role === 'saleDate') refuse('header-missing', name)
  }
  return positions
}
