import { createHash, type Hash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type Static, Type } from 'typebox'
import { canonicalJson } from '../../base/canonical-json.ts'
import { UserError, unlessMistaken } from '../../base/errors.ts'
import type { Language } from '../../base/language.ts'
import { checker, parseJson } from '../../base/schema.ts'
import { object } from '../../base/schema-parts.ts'
import { makeFolder } from '../../base/write-file.ts'
import type { DashboardData } from '../../monitoring/dashboard/dashboard-data.ts'
import { requireRepository } from '../../registry/repository.ts'
import { dashboardSite } from '../../reporting/site/site.ts'
import { gatherDashboard } from './gather-dashboard.ts'
import type { ProductionInput } from './read-production.ts'

export type DashboardWritten = {
  outcome: 'written' | 'unchanged'
  data: DashboardData
  files: number
  bytes: number
}

/**
 * Makes the dashboard as a folder of files: whole or not at all. The same records and sales give the
 * same folder, which is then left alone; what somebody else put beside the pages stays there. Throws
 * a `UserError` where another folder stands there, and where the project is no repository.
 *
 * @param out - absolute path of the folder, or of a link that leads to it
 * @param language - of the pages at the top
 */
export async function dashboard(
  input: ProductionInput,
  { out, language }: { out: string; language: Language },
): Promise<DashboardWritten> {
  await requireRepository(input.options.project)
  const folder = await realpath(out).catch(unlessMissing(out))
  const strangers = await strangersIn(folder)
  const data = await gatherDashboard(input)
  const site = dashboardSite(data, { usual: language })
  await makeFolder(dirname(folder))
  const beside = `${folder}.${randomUUID()}.partial`
  try {
    const { digest, bytes } = await writeFiles(site, beside)
    const written = { data, files: site.size, bytes }
    const leftovers = await leftoversOf(folder, beside)
    if (digest === (await digestOf(site.keys(), folder))) {
      await sweep(leftovers, folder)
      return { outcome: 'unchanged', ...written }
    }
    const entries = [...new Set([...site.keys()].map((path) => path.split('/')[0]))]
    await writeFile(
      join(beside, MARK),
      canonicalJson({ format: FORMAT, entries } satisfies Static<typeof Mark>),
    )
    await replaceFolder(folder, beside, strangers)
    await sweep(leftovers, folder)
    return { outcome: 'written', ...written }
  } finally {
    await rm(beside, { recursive: true, force: true })
  }
}

/** Tells that a folder is a dashboard, and which of its files and folders are of it. */
const MARK = 'dashboard.json'
const FORMAT = 'cd4ml-dashboard/1'
const Mark = object({
  format: Type.Literal(FORMAT),
  entries: Type.Array(Type.String()),
})
const checkMark = checker(Mark)

/** Names of what somebody else put beside the pages. What is no dashboard is not written over. */
async function strangersIn(folder: string): Promise<string[]> {
  const there = await readdir(folder).catch(unlessMissing<string[]>([]))
  if (there.length === 0) return []
  const mark = await markIn(folder)
  if (mark) return there.filter((name) => name !== MARK && !mark.entries.includes(name))
  throw new UserError('holds something that is no dashboard', {
    file: folder,
    remedy: 'Name a folder that does not exist yet, or move what is there.',
  })
}

/** Undefined where the folder is no dashboard: others have files of that name. */
async function markIn(folder: string): Promise<Static<typeof Mark> | undefined> {
  const file = join(folder, MARK)
  const text = await readFile(file, 'utf8').catch(unlessMissing(undefined))
  return text === undefined
    ? undefined
    : unlessMistaken(() => checkMark(parseJson(text, file), file))
}

async function writeFiles(
  site: ReadonlyMap<string, () => string>,
  folder: string,
): Promise<{ digest: string; bytes: number }> {
  const hash = createHash('sha256')
  const folders = new Set([...site.keys()].map((path) => dirname(join(folder, path))))
  for (const path of folders) await mkdir(path, { recursive: true })
  let bytes = 0
  for (const [path, make] of site) {
    const content = Buffer.from(make())
    addFile(hash, path, content)
    bytes += content.length
    await writeFile(join(folder, path), content)
  }
  return { digest: hash.digest('hex'), bytes }
}

/** Of the files of these paths as `writeFiles` has it; undefined where one is missing. */
async function digestOf(paths: Iterable<string>, folder: string): Promise<string | undefined> {
  const hash = createHash('sha256')
  for (const path of paths) {
    const content = await readFile(join(folder, path)).catch(unlessMissing(undefined))
    if (content === undefined) return undefined
    addFile(hash, path, content)
  }
  return hash.digest('hex')
}

function addFile(hash: Hash, path: string, content: Buffer): void {
  hash.update(`${path}\0${content.length}\0`).update(content)
}

async function replaceFolder(folder: string, by: string, strangers: string[]): Promise<void> {
  const before = `${folder}.${randomUUID()}.partial`
  await rename(folder, before).catch(unlessMissing(undefined))
  await rename(by, folder)
  for (const name of strangers) await rename(join(before, name), join(folder, name))
  await rm(before, { recursive: true, force: true })
}

/** Folders that runs have left beside this one which were killed, and not those of one under way. */
async function leftoversOf(folder: string, own: string): Promise<string[]> {
  const parent = dirname(folder)
  const old = (await stat(own)).mtimeMs - LONGEST_MS
  const found: string[] = []
  for (const name of await readdir(parent)) {
    if (!name.startsWith(`${basename(folder)}.`) || !PARTIAL.test(name)) continue
    const path = join(parent, name)
    const modified = (await stat(path).catch(unlessMissing(undefined)))?.mtimeMs
    if (modified !== undefined && modified < old) found.push(path)
  }
  return found
}

const PARTIAL = /\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.partial$/
/** Nobody writes a dashboard for longer. */
const LONGEST_MS = 3_600_000

/**
 * Takes them away, but for what somebody else had put there, which goes into the folder. What another
 * user left stays: the dashboard is whole without that.
 */
async function sweep(leftovers: readonly string[], folder: string): Promise<void> {
  for (const left of leftovers) await sweepOne(left, folder).catch(() => {})
}

async function sweepOne(left: string, folder: string): Promise<void> {
  if (await markIn(left)) {
    const there = new Set(await readdir(folder))
    const strangers = (await strangersIn(left)).filter((name) => !there.has(name))
    for (const name of strangers) await rename(join(left, name), join(folder, name))
  }
  await rm(left, { recursive: true, force: true })
}

/** What a catch clause of a file that may be missing makes of the error. */
function unlessMissing<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return instead
    throw error
  }
}
