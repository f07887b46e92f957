import { readFile } from 'node:fs/promises'
import { type Day, dayFromIso } from '../../base/day.ts'
import { quoted, UserError } from '../../base/errors.ts'
import { checker, parseJson } from '../../base/schema.ts'
import { refuseUnsupportedKeys } from './contract-keys.ts'
import {
  type FieldsMatch,
  type WeekLabel,
  WrittenContract,
  type WrittenResource,
} from './contract-schema.ts'
import { checkSigns, constraintCheck, type Dialect, type Field } from './field.ts'
import { type Role, roles, typesOfRole } from './roles.ts'

/** Files of one layout. */
export type Resource = {
  name: string
  /** Relative to the data folder; the last segment may hold `*`. */
  paths: string[]
  /** The files that `path` lists for other tools, where they are found by patterns. */
  listed: string[] | undefined
  encoding: 'utf-8' | 'windows-1252'
  dialect: Dialect
  fields: Field[]
  fieldsMatch: FieldsMatch
  missingValues: string[]
  bytes: number | undefined
  /** `sha256:…`; without an algorithm it is MD5, as the standard says. */
  hash: string | undefined
}

/** The contract as plain data, defaults filled in. */
export type Contract = {
  file: string
  /** Whether it describes the sales that the template ships, not anybody's own. */
  isSample: boolean
  resources: Resource[]
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
  const raw = checkContract(parseJson(await contractText(file), file), file)
  refuseUnsupportedKeys(raw, file)
  const { resources, cd4ml } = raw
  const contract: Contract = {
    file,
    isSample: cd4ml.sample ?? false,
    resources: resources.map((resource, index) =>
      toResource(resource, cd4ml.files, `resources.${index}`, file),
    ),
    columns: byRole(cd4ml.columns),
    categories: cd4ml.categories && spellings(cd4ml.categories, file),
    sentinels: cellsByRole(cd4ml.sentinels),
    leftOut: cellsByRole(cd4ml.leftOut),
    overlaps: cd4ml.overlaps ?? 'refuse',
    maxQuarantinedShare: cd4ml.maxQuarantinedShare ?? 0.05,
    costAbovePrice: cd4ml.costAbovePrice ?? 10,
    weeklyTotals: cd4ml.weeklyTotals,
    plausibleDays: plausibleDays(cd4ml.plausibleDays, file),
    maxBytes: cd4ml.maxBytes ?? 4 * 1024 ** 3,
    maxAgeDays: cd4ml.freshness?.maxAgeDays,
    maxVolumeChange: cd4ml.volume?.maxChangeFromMedian ?? 0.5,
    maxMissingRise: cd4ml.missing?.maxShareRise ?? 0.05,
    maxPriceChange: cd4ml.priceJump?.maxChange ?? 0.5,
  }
  checkResourceNames(Object.keys(cd4ml.files ?? {}), contract)
  checkMapped(contract.sentinels, 'cd4ml.sentinels', contract)
  checkMapped(contract.leftOut, 'cd4ml.leftOut', contract)
  for (const [index, resource] of contract.resources.entries()) {
    checkColumns(contract, resource, `resources.${index}.schema.fields`)
  }
  return contract
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

function checkResourceNames(names: string[], { resources, file }: Contract): void {
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

function toResource(
  raw: WrittenResource,
  patterns: { [resource: string]: string[] } = {},
  key: string,
  file: string,
): Resource {
  const { dialect = {}, schema } = raw
  const written = typeof raw.path === 'string' ? [raw.path] : raw.path
  const found = Object.hasOwn(patterns, raw.name) ? patterns[raw.name] : undefined
  const paths = found ?? written
  for (const path of new Set([...written, ...paths])) checkPath(path, `${key}.path`, file)
  if (
    (raw.bytes !== undefined || raw.hash !== undefined) &&
    (paths.length > 1 || isGlob(paths[0]))
  ) {
    throw new UserError('bytes and hash describe one file, but path names several', {
      file,
      key: `${key}.path`,
    })
  }
  const read: Dialect = {
    delimiter: dialect.delimiter ?? ',',
    quoteChar: dialect.quoteChar === null ? undefined : (dialect.quoteChar ?? '"'),
    doubleQuote: dialect.doubleQuote ?? true,
    header: dialect.header ?? true,
    headerRow: dialect.headerRows?.[0] ?? 1,
  }
  checkDialect(read, `${key}.dialect`, file)
  return {
    name: raw.name,
    paths,
    listed: found && written,
    encoding: encodingOf(raw.encoding ?? 'utf-8', `${key}.encoding`, file),
    dialect: read,
    fields: schema.fields.map((field, index) => {
      checkSigns(field, read, { file, key: `${key}.schema.fields.${index}` })
      return {
        name: field.name,
        type: field.type ?? 'any',
        format: field.format ?? 'default',
        decimalChar: field.decimalChar ?? '.',
        groupChar: field.groupChar,
        bareNumber: field.bareNumber ?? true,
        constraints: field.constraints ?? {},
      }
    }),
    fieldsMatch: schema.fieldsMatch ?? 'exact',
    missingValues: schema.missingValues ?? [''],
    bytes: raw.bytes,
    hash: raw.hash,
  }
}

function checkDialect({ delimiter, quoteChar }: Dialect, key: string, file: string): void {
  const isUnusable = (char: string | undefined) =>
    char !== undefined && /[\p{L}\p{N}\r\n]/u.test(char)
  if (delimiter !== quoteChar && !isUnusable(delimiter) && !isUnusable(quoteChar)) return
  throw new UserError('delimiter and quoteChar must differ, and be no letter, digit or line end', {
    file,
    key,
    remedy: 'Write the delimiter that parts the cells, such as ";".',
  })
}

function checkPath(path: string, key: string, file: string): void {
  const [last, ...folders] = path.split('/').reverse()
  const remedy = 'Write a path relative to the data folder, such as sales/*.csv.'
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) {
    throw new UserError(`${quoted(path)} is on another machine`, {
      file,
      key,
      remedy: 'Download the file into the data folder and write its path there.',
    })
  }
  if (path.includes('\\') || path.startsWith('/') || folders.includes('..') || last === '..') {
    throw new UserError(`${quoted(path)} leads out of the data folder`, { file, key, remedy })
  }
  if (folders.some(isGlob)) {
    throw new UserError(`${quoted(path)} has a * in a folder's name`, { file, key, remedy })
  }
}

export function isGlob(segment: string): boolean {
  return segment.includes('*')
}

// Latin-1 is read as its superset windows-1252, as browsers do: what differs are control characters.
function encodingOf(label: string, key: string, file: string): Resource['encoding'] {
  const name = label.toLowerCase().replace(/[^a-z0-9]/g, '')
  if (name === 'utf8') return 'utf-8'
  if (['iso88591', 'latin1', 'windows1252', 'cp1252'].includes(name)) return 'windows-1252'
  throw new UserError(`the encoding ${quoted(label)} is not known`, {
    file,
    key,
    remedy: 'Use utf-8, iso-8859-1 or windows-1252.',
  })
}

function checkColumns(contract: Contract, { fields }: Resource, key: string): void {
  const { file } = contract
  const indexOf = new Map<string, number>()
  for (const [index, field] of fields.entries()) {
    if (indexOf.has(field.name)) {
      throw new UserError(`the field ${quoted(field.name)} is listed twice`, { file, key })
    }
    indexOf.set(field.name, index)
  }
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
  for (const [index, field] of fields.entries()) {
    constraintCheck(field, { file, key: `${key}.${index}` })
  }
}
