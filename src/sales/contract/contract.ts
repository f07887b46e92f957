import { readFile } from 'node:fs/promises'
import { type Day, dayFromIso } from '../../base/day.ts'
import { quoted, UserError } from '../../base/errors.ts'
import { isTimeZone } from '../../base/project-settings.ts'
import { checker, parseJson } from '../../base/schema.ts'
import { PLAN, type PlanContract, planContract } from '../plan/plan-contract.ts'
import { refuseWrittenSecret, type Source, sourceFrom } from '../warehouse/source.ts'
import { refuseUnsupportedKeys } from './contract-keys.ts'
import { type WeekLabel, WrittenContract } from './contract-schema.ts'
import { constraintCheck } from './field.ts'
import { type Resource, resourceFrom } from './resource.ts'
import { instead, type Role, roles, typesOfRole } from './roles.ts'

/** The contract as plain data, defaults filled in. */
export type Contract = {
  file: string
  /** Whether it describes the sales that the template ships, not anybody's own. */
  isSample: boolean
  /** Of the sales. */
  resources: Resource[]
  /** Of what was decided and reported, in `decisions/`; undefined where nothing says how that is written. */
  decisions: Resource | undefined
  /** Of what is planned ahead; undefined where there is no plan. */
  plan: PlanContract | undefined
  /** Where the sales are asked for; undefined where files are brought. */
  source: Source | undefined
  /** Whether models learn from the prices that were planned, or from those that came. */
  plannedPrices: 'planned' | 'actual'
  /** The header of each role; a role that is not mapped is switched off. */
  columns: ReadonlyMap<Role, string>
  /** Every known spelling → category; undefined where categories are not listed. */
  categories: ReadonlyMap<string, string> | undefined
  sentinels: ReadonlyMap<Role, ReadonlySet<string>>
  /** What is no product, or no store, though its column says so. */
  leftOut: ReadonlyMap<Role, ReadonlySet<string>>
  /** Whether two files with the same sales are refused, or both counted. */
  overlaps: 'refuse' | 'count'
  maxQuarantinedShare: number
  costAbovePrice: number
  /** Where sales are totals of weeks: by which of its days a week is dated. */
  weeklyTotals: WeekLabel | undefined
  /** The days, inclusive, that a date of a sale or purchase may be. */
  plausibleDays: { from: Day; to: Day }
  /** Whose days count where Parquet holds instants; undefined where nobody said. */
  timeZone: string | undefined
  maxBytes: number
  maxAgeDays: number | undefined
  maxVolumeChange: number
  maxMissingRise: number
  maxPriceChange: number
}

/**
 * Reads the data contract, a `datapackage.json`. Throws `UserError` naming file and key where it is
 * missing, is no JSON, breaks the schema, or asks for something that would be ignored.
 */
export async function readContract(file: string): Promise<Contract> {
  return contractFrom(await contractText(file), file)
}

/** The contract in the text of `file`. Throws as `readContract` does. */
export function contractFrom(text: string, file: string): Contract {
  const parsed = parseJson(text, file)
  refuseWrittenSecret(parsed, file)
  const raw = checkContract(parsed, file)
  refuseUnsupportedKeys(raw, file)
  const { cd4ml } = raw
  const resources = raw.resources.map((resource, index) =>
    resourceFrom(resource, cd4ml.files, index, file),
  )
  const columns = byRole(cd4ml.columns)
  const named = (name: string) => resources.find((resource) => resource.name === name)
  const contract: Contract = {
    file,
    isSample: cd4ml.sample ?? false,
    resources: resources.filter(({ name }) => name !== DECISIONS && name !== PLAN),
    decisions: named(DECISIONS),
    plan: planContract(cd4ml.plan, named(PLAN), columns, file),
    plannedPrices: cd4ml.plan?.plannedPrices ?? 'planned',
    source: undefined,
    columns,
    categories: cd4ml.categories && spellings(cd4ml.categories, file),
    sentinels: cellsByRole(cd4ml.sentinels),
    leftOut: cellsByRole(cd4ml.leftOut),
    overlaps: cd4ml.overlaps ?? 'refuse',
    maxQuarantinedShare: cd4ml.maxQuarantinedShare ?? 0.05,
    costAbovePrice: cd4ml.costAbovePrice ?? 10,
    weeklyTotals: cd4ml.weeklyTotals,
    plausibleDays: plausibleDays(cd4ml.plausibleDays, file),
    timeZone: timeZoneOf(cd4ml.timeZone, resources, file),
    maxBytes: cd4ml.maxBytes ?? 4 * 1024 ** 3,
    maxAgeDays: cd4ml.freshness?.maxAgeDays,
    maxVolumeChange: cd4ml.volume?.maxChangeFromMedian ?? 0.5,
    maxMissingRise: cd4ml.missing?.maxShareRise ?? 0.05,
    maxPriceChange: cd4ml.priceJump?.maxChange ?? 0.5,
  }
  checkResources(contract)
  checkSaidOnce(contract)
  checkResourceNames(Object.keys(cd4ml.files ?? {}), resources, file)
  checkMapped(contract.sentinels, 'cd4ml.sentinels', contract)
  checkMapped(contract.leftOut, 'cd4ml.leftOut', contract)
  for (const resource of contract.resources) {
    checkFields(resource, file)
    checkColumns(contract, resource, `resources.${resource.position}.schema.fields`)
  }
  const source = cd4ml.source && sourceFrom(cd4ml.source, contract.resources, columns, file)
  return { ...contract, source }
}

const checkContract = checker(WrittenContract)

async function contractText(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '')
  } catch (cause) {
    throw new UserError('the data contract cannot be read', {
      file,
      remedy: `Write one, or name another file with --contract. (${(cause as Error).message})`,
      cause,
    })
  }
}

/**
 * Of a shop's own time, and no further than anybody plans: a year such as 0202 would make a history
 * of 1,800 years.
 */
const usualDays = { from: '1990-01-01', to: '2100-12-31' }

function plausibleDays(days: { from?: string; to?: string } = {}, file: string) {
  const { from, to } = { ...usualDays, ...days }
  const first = dayFromIso(from)
  const last = dayFromIso(to)
  if (first !== undefined && last !== undefined && first <= last) return { from: first, to: last }
  throw new UserError(`there is no day from ${from} to ${to}`, {
    file,
    key: 'cd4ml.plausibleDays',
    remedy: 'Write days such as 2015-01-01, the earlier one as "from".',
  })
}

function timeZoneOf(
  timeZone: string | undefined,
  resources: Resource[],
  file: string,
): string | undefined {
  if (timeZone === undefined) return undefined
  const refuse = (what: string, remedy: string) =>
    new UserError(what, { file, key: 'cd4ml.timeZone', remedy })
  if (!isTimeZone(timeZone)) {
    throw refuse(
      `must be the name of a time zone, but is ${quoted(timeZone)}`,
      'Such as America/Sao_Paulo, Europe/Lisbon or UTC.',
    )
  }
  if (resources.some(({ format }) => format === 'parquet')) return timeZone
  throw refuse(
    'is for instants in Parquet, and no resource is: it would be ignored',
    'Remove it: in CSV a day is a day as it is written.',
  )
}

function byRole<T>(values: { [role in Role]?: T }): Map<Role, T> {
  return new Map(
    roles.flatMap((role) => {
      const value = values[role]
      return value === undefined ? [] : [[role, value] as const]
    }),
  )
}

function cellsByRole(cells: { [role in Role]?: string[] } = {}) {
  return new Map([...byRole(cells)].map(([role, texts]) => [role, new Set(texts)]))
}

function spellings(categories: { [category: string]: string[] }, file: string) {
  const canonical = new Map<string, string>()
  for (const [category, others] of Object.entries(categories)) {
    for (const spelling of [category, ...others]) {
      const known = canonical.get(spelling)
      if (known !== undefined) {
        throw new UserError(
          `${quoted(spelling)} means both ${quoted(known)} and ${quoted(category)}`,
          {
            file,
            key: 'cd4ml.categories',
            remedy: 'List each spelling once.',
          },
        )
      }
      canonical.set(spelling, category)
    }
  }
  return canonical
}

/** Name of the resource, and of the folder in which its files stand apart from the sales. */
export const DECISIONS = 'decisions'

function checkResources({ resources, decisions, plan, file }: Contract): void {
  if (resources.length === 0) {
    throw new UserError('names no sales', {
      file,
      key: 'resources',
      remedy: `Add a resource for them: ${DECISIONS} is what was decided on orders, ${PLAN} what is planned ahead.`,
    })
  }
  if (plan !== undefined) checkFields(plan.resource, file)
  if (decisions === undefined) return
  checkFields(decisions, file)
  if (decisions.format === 'parquet') {
    throw new UserError('decisions are read from CSV', {
      file,
      key: `resources.${decisions.position}`,
      remedy: 'Write them as CSV.',
    })
  }
  const wrong = decisions.paths.find((path) => !path.startsWith(`${DECISIONS}/`))
  if (wrong === undefined) return
  throw new UserError(`${quoted(wrong)} is not in the folder ${DECISIONS}/`, {
    file,
    key: `resources.${decisions.position}.path`,
    remedy: `Keep decisions apart from the sales: ${DECISIONS}/*.csv.`,
  })
}

function checkSaidOnce({ columns, file }: Contract): void {
  for (const [role, other] of Object.entries(instead) as [Role, Role][]) {
    if (!columns.has(role) || !columns.has(other)) continue
    throw new UserError(`${role} and ${other} say the same thing twice`, {
      file,
      key: 'cd4ml.columns',
      remedy: `Remove one of the two: ${other} is of a row's total, ${role} of a unit.`,
    })
  }
}

function checkResourceNames(names: string[], resources: Resource[], file: string): void {
  const known = resources.map(({ name }) => name)
  const other = names.find((name) => !known.includes(name))
  if (other === undefined) return
  throw new UserError(`there is no resource ${quoted(other)}`, {
    file,
    key: 'cd4ml.files',
    remedy: `The resources are ${known.map(quoted).join(', ')}.`,
  })
}

function checkMapped(cells: ReadonlyMap<Role, unknown>, key: string, contract: Contract): void {
  const role = [...cells.keys()].find((role) => !contract.columns.has(role))
  if (role === undefined) return
  throw new UserError(`is about ${role}, which no column is: it would be ignored`, {
    file: contract.file,
    key: `${key}.${role}`,
    remedy: `Remove it, or write into cd4ml.columns which column is ${role}.`,
  })
}

function checkColumns(contract: Contract, { fields }: Resource, key: string): void {
  const { file } = contract
  const indexOf = new Map(fields.map(({ name }, index) => [name, index]))
  for (const [role, header] of contract.columns) {
    const index = indexOf.get(header)
    if (index === undefined) {
      throw new UserError(`has no field ${quoted(header)}, which cd4ml.columns.${role} names`, {
        file,
        key,
        remedy: `The fields are ${fields.map(({ name }) => quoted(name)).join(', ')}.`,
      })
    }
    const { type } = fields[index]
    if (!typesOfRole[role].includes(type)) {
      throw new UserError(
        `${quoted(header)} is used as ${role} and must be of type ${typesOfRole[role].join(' or ')}, but is ${quoted(type)}`,
        { file, key: `${key}.${index}.type` },
      )
    }
  }
}

/** By themselves, whatever they are used for. */
function checkFields({ fields, position }: Resource, file: string): void {
  const key = `resources.${position}.schema.fields`
  const names = new Set<string>()
  for (const [index, field] of fields.entries()) {
    if (names.has(field.name)) {
      throw new UserError(`the field ${quoted(field.name)} is listed twice`, { file, key })
    }
    names.add(field.name)
    constraintCheck(field, { file, key: `${key}.${index}` })
  }
}
