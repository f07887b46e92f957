import { quoted, UserError } from '../../base/errors.ts'
import { isRounded, roundedWhy } from '../guess/column-kinds.ts'
import type { ColumnGuess } from '../guess/guess-columns.ts'
import { type Role, typesOfRole } from './roles.ts'

/** What somebody says about roles: the column of one, or that there is none. */
export type KnownRoles = { columns: ReadonlyMap<Role, string>; unset: ReadonlySet<Role> }

/** Throws a `UserError` where the column that is to have the role is not there, or holds something else. */
export function checkKnown(columns: ColumnGuess[], role: Role, name: string): void {
  const column = columns.find((candidate) => candidate.name === name)
  const key = `--column ${role}`
  if (!column) {
    const names = columns.map((candidate) => quoted(candidate.name)).join(', ')
    throw new UserError(`there is no column ${quoted(name)}`, {
      key,
      remedy: `The columns are ${names}.`,
    })
  }
  if ((role === 'product' || role === 'store') && isRounded(column)) {
    throw new UserError(roundedWhy(column), { key })
  }
  const { type } = column.reading
  if (typesOfRole[role].includes('string') || typesOfRole[role].includes(type)) return
  throw new UserError(
    `must be a ${typesOfRole[role].join(' or ')}, but ${quoted(name)} holds cells such as ${quoted(column.example ?? '')}`,
    { key, remedy: 'Name another column, or have the cells written in one format.' },
  )
}
