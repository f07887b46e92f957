import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { canonicalJson } from '../../base/canonical-json.ts'
import { UserError } from '../../base/errors.ts'
import type { Language } from '../../base/language.ts'
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
 * same folder, which is then left alone. Throws a `UserError` where another folder stands there.
 *
 * @param out - absolute path of the folder
 * @param language - of the pages at the top
 */
export async function dashboard(
  input: ProductionInput,
  { out, language }: { out: string; language: Language },
): Promise<DashboardWritten> {
  await requireOwn(out)
  const data = await gatherDashboard(input)
  const site = dashboardSite(data, { usual: language })
  await makeFolder(dirname(out))
  const beside = `${out}.${randomUUID()}.partial`
  try {
    const { digest, bytes } = await writeFiles(site, beside)
    const files = site.size
    if (digest === (await digestIn(out))) return { outcome: 'unchanged', data, files, bytes }
    await writeFile(join(beside, MARK), canonicalJson({ format: FORMAT, digest }))
    await replaceFolder(out, beside)
    return { outcome: 'written', data, files, bytes }
  } finally {
    await rm(beside, { recursive: true, force: true })
  }
}

/** Tells that a folder is a dashboard, and of what: SHA-256 of all its files. */
const MARK = 'dashboard.json'
const FORMAT = 'cd4ml-dashboard/1'

/** What somebody else keeps there is not written over. */
async function requireOwn(out: string): Promise<void> {
  const there = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    if (error.code === 'ENOTDIR') return [out]
    throw error
  })
  if (there.length === 0 || there.includes(MARK)) return
  throw new UserError('holds something that is no dashboard', {
    file: out,
    remedy: 'Name a folder that does not exist yet, or move what is there.',
  })
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
    hash.update(`${path}\0${content.length}\0`).update(content)
    bytes += content.length
    await writeFile(join(folder, path), content)
  }
  return { digest: hash.digest('hex'), bytes }
}

async function digestIn(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, MARK), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : /"digest":\s*"([0-9a-f]{64})"/.exec(text)?.[1]
}

async function replaceFolder(folder: string, by: string): Promise<void> {
  const before = `${folder}.${randomUUID()}.partial`
  await rename(folder, before).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  await rename(by, folder)
  await rm(before, { recursive: true, force: true })
}
