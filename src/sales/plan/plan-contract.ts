import { quoted, UserError } from '../../base/errors.ts'
import type { PlanRules } from '../contract/contract-schema.ts'
import type { Resource } from '../contract/resource.ts'
import type { Role } from '../contract/roles.ts'
import { type PlanRole, plannedRoles, planRoles, typesOfPlanRole } from './plan-roles.ts'

/** Name of the resource. */
export const PLAN = 'plan'

/** How the files of the plan are to be read. */
export type PlanContract = {
  resource: Resource
  /** The header of each role that is mapped. */
  columns: ReadonlyMap<PlanRole, string>
  /** How long before its first day a row was known; undefined where a column says when. */
  knownDaysBefore: number | undefined
  /** How discounts without a sign are written: 20 or 0.2; undefined where nothing says so. */
  discounts: 'percent' | 'share' | undefined
}

/**
 * What a contract says of the plan; undefined where there is none. Throws a `UserError` where it
 * leaves open since when a plan was known, or asks for what would be ignored. `salesColumns` are the
 * roles of the sales.
 */
export function planContract(
  rules: PlanRules | undefined,
  resource: Resource | undefined,
  salesColumns: ReadonlyMap<Role, string>,
  file: string,
): PlanContract | undefined {
  const { columns, knownDaysBefore, discounts, plannedPrices } = rules ?? {}
  const refuse = (what: string, key: string, remedy: string) =>
    new UserError(what, { file, key, remedy })
  if (plannedPrices === 'actual' && !salesColumns.has('price') && !salesColumns.has('value')) {
    throw refuse(
      'the sales have no price to learn from',
      'cd4ml.plan.plannedPrices',
      'Write into cd4ml.columns which column is the price, or remove it.',
    )
  }
  if (resource === undefined) {
    if (columns ?? knownDaysBefore ?? discounts) {
      throw refuse(
        'there is no resource that it could be about',
        'cd4ml.plan',
        `Add a resource named ${quoted(PLAN)} to resources; plannedPrices alone needs none.`,
      )
    }
    return undefined
  }
  if (columns === undefined) {
    throw refuse(
      `does not say what the columns of the resource ${quoted(PLAN)} mean`,
      'cd4ml.plan.columns',
      `Write the header of each of ${planRoles.join(', ')} that it has.`,
    )
  }
  const mapped = new Map(
    planRoles.flatMap((role) => {
      const header = columns[role]
      return header === undefined ? [] : [[role, header] as const]
    }),
  )
  if (!plannedRoles.some((role) => mapped.has(role))) {
    throw refuse(
      'names nothing that is planned',
      'cd4ml.plan.columns',
      `Write which column is ${plannedRoles.join(', ')}: at least one of them.`,
    )
  }
  checkKnown(mapped, knownDaysBefore, file)
  if (discounts !== undefined && !mapped.has('discount')) {
    throw refuse(
      'is about discount, which no column is: it would be ignored',
      'cd4ml.plan.discounts',
      'Remove it, or write into cd4ml.plan.columns which column is discount.',
    )
  }
  for (const role of ['store', 'category'] as const) {
    if (!mapped.has(role) || salesColumns.has(role)) continue
    throw refuse(
      `is about single ${role === 'store' ? 'stores' : 'categories'}, which the sales do not tell apart`,
      `cd4ml.plan.columns.${role}`,
      `Write into cd4ml.columns which column of the sales is the ${role}, or remove it here.`,
    )
  }
  const plan = { resource, columns: mapped, knownDaysBefore, discounts }
  checkColumns(plan, file)
  return plan
}

function checkKnown(
  columns: ReadonlyMap<PlanRole, string>,
  knownDaysBefore: number | undefined,
  file: string,
): void {
  if (columns.has('knownOn') !== (knownDaysBefore !== undefined)) return
  const isSaidTwice = knownDaysBefore !== undefined
  throw new UserError(
    isSaidTwice
      ? 'says twice when a plan was known'
      : 'does not say when a plan was known, and nobody could tell what a forecast may use of it',
    {
      file,
      key: 'cd4ml.plan',
      remedy: isSaidTwice
        ? 'Remove knownDaysBefore, or columns.knownOn: the column says it of each row.'
        : 'Write as columns.knownOn which column says on which day each row was decided; where there is none, as knownDaysBefore how many days before the first day of a row it is known at the latest, such as 14.',
    },
  )
}

function checkColumns({ columns, resource }: PlanContract, file: string): void {
  const { fields, position } = resource
  const key = `resources.${position}.schema.fields`
  for (const [role, header] of columns) {
    const index = fields.findIndex(({ name }) => name === header)
    if (index < 0) {
      throw new UserError(
        `has no field ${quoted(header)}, which cd4ml.plan.columns.${role} names`,
        {
          file,
          key,
          remedy: `The fields are ${fields.map(({ name }) => quoted(name)).join(', ')}.`,
        },
      )
    }
    const { type } = fields[index]
    if (typesOfPlanRole[role].includes(type)) continue
    throw new UserError(
      `${quoted(header)} is used as ${role} of the plan and must be of type ${typesOfPlanRole[role].join(' or ')}, but is ${quoted(type)}`,
      { file, key: `${key}.${index}.type` },
    )
  }
}
