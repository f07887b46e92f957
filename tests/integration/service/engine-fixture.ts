import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { onTestFinished } from 'vitest'
import { dayFromIso } from '../../../src/base/day.ts'
import { digest, newManifest } from '../../../src/registry/manifest.ts'
import {
  PRODUCTION,
  readWorkingVersion,
  type Version,
  versionBytes,
} from '../../../src/registry/production.ts'
import { folderSource } from '../../../src/service/engine/folder-source.ts'
import { openEngine } from '../../../src/service/engine/open-engine.ts'
import type { ProductionSource } from '../../../src/service/engine/production-source.ts'
import { mergeProposal, newProject, succeed } from '../../project.ts'
import { put } from '../../repository.ts'
import { OPENING, productIds, recipe, type Sale, salesOf, stockedFiles } from '../../shop.ts'

const WEEKS = 30

/** The last day of the shop's sales, a Sunday, and the one on which these tests are made. */
export const LAST_DAY = OPENING + 7 * WEEKS - 1
export const TODAY = dayFromIso('2024-07-29')!

/** What four products sold on each day. */
export const SALES = salesOf({ products: productIds(4), frequency: 'day', periods: 7 * WEEKS })

/** A shop with this family in production, as version 1; with `partition: store`, by store. */
export async function shopWith(
  families: string,
  files: Record<string, string> = stockedFiles(SALES, LAST_DAY),
  partition = '',
): Promise<string> {
  const { 'recipe.yml': written } = recipe(families, { horizon: 5 })
  const shop = await newProject({
    ...files,
    'recipe.yml': `${written}${partition}\n`,
    'ordering.yml': 'defaults: { leadTime: 2, reviewPeriod: 7, pack: 10 }\n',
  })
  for (const command of [['train'], ['compare'], ['promote', '--baseline']]) {
    await succeed(shop, command)
  }
  await mergeProposal(shop)
  return shop
}

/** The same sales, each in one of two stores. */
export function inStores(sales: Sale[]): Sale[] {
  return sales.flatMap((sale) =>
    ['north', 'south'].map((store, i) => ({ ...sale, store, units: sale.units + 7 * i })),
  )
}

/** The version in production of a project. */
export async function versionIn(project: string): Promise<Version> {
  const version = await readWorkingVersion(project)
  if (!version) throw new Error('nothing is in production')
  return version
}

/** The same model under another number, as a promotion or a rollback would give it. */
export function renumbered({ manifest, files }: Version, number: number): Version {
  const { lineage, trainedThrough, seed, toolchain } = manifest
  const parent = number > 1 ? { version: number - 1, model: digest(Buffer.from('any')) } : undefined
  return {
    files,
    manifest: newManifest(files, parent, { lineage, trainedThrough, seed, toolchain }),
  }
}

/** Puts a version in the place of the one in production, as a pull does. */
export async function putInProduction(project: string, version: Version): Promise<void> {
  await rm(join(project, PRODUCTION), { recursive: true, force: true })
  const files = [...versionBytes(version)]
  await put(project, Object.fromEntries(files.map(([name, it]) => [`${PRODUCTION}/${name}`, it])))
}

/**
 * An engine of a test, which looks when the test says so, with what it has logged and the threads
 * that it has started.
 */
export async function engineOf(from: string | ProductionSource) {
  const logged: string[] = []
  const threads: Worker[] = []
  const started = (worker: Worker) => threads.push(worker)
  process.on('worker', started)
  const say = (about: object, message: string) =>
    logged.push([message, 'err' in about && String(about.err)].filter(Boolean).join(': '))
  const source = typeof from === 'string' ? folderSource(from, async () => TODAY) : from
  const engine = await openEngine({
    source: { ...source, everyMs: 3_600_000 },
    log: { info: say, warn: say },
  })
  onTestFinished(async () => {
    await engine.close()
    process.off('worker', started)
  })
  return { engine, logged, threads }
}

/** Ends a thread as a crash would. */
export async function kill(thread: Worker): Promise<void> {
  const ended = once(thread, 'exit')
  await thread.terminate()
  await ended
}
