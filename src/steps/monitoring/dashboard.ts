import { createHash, type Hash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Static, Type } from 'typebox'
import { canonicalJson } from '../../base/canonical-json.ts'
import { UserError, unlessMistaken } from '../../base/errors.ts'
import type { Language } from '../../base/language.ts'
import { checker, parseJson } from '../../base/schema.ts'
import { object } from '../../base/schema-parts.ts'
import { makeFolder } from '../../base/write-file.ts'
import type { DashboardData } from '../../monitoring/dashboard/dashboard-data.ts'
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
 * a `UserError` where another folder stands there.
 *
 * @param out - absolute path of the folder, or of a link that leads to it
 * @param language - of the pages at the top
 */
export async function dashboard(
  input: ProductionInput,
  { out, language }: { out: string; language: Language },
): Promise<DashboardWritten> {
  const folder = await realpath(out).catch(unlessMissing(out))
  const strangers = await strangersIn(folder)
  const data = await gatherDashboard(input)
  const site = dashboardSite(data, { usual: language })
  await makeFolder(dirname(folder))
  const beside = `${folder}.${randomUUID()}.partial`
  try {
    const { digest, bytes } = await writeFiles(site, beside)
    const files = site.size
    if (digest === (await digestOf(site.keys(), folder))) {
      return { outcome: 'unchanged', data, files, bytes }
    }
    const entries = [...new Set([...site.keys()].map((path) => path.split('/')[0]))]
    await writeFile(
      join(beside, MARK),
      canonicalJson({ format: FORMAT, entries } satisfies Static<typeof Mark>),
    )
    await replaceFolder(folder, beside, strangers)
    return { outcome: 'written', data, files, bytes }
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

/** What a catch clause of a file that may be missing makes of the error. */
function unlessMissing<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return instead
    throw error
  }
}
