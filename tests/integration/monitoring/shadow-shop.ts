import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalJson } from '../../../src/base/canonical-json.ts'
import { git } from '../../../src/base/git.ts'
import { momentOf } from '../../../src/ledger/plausible.ts'
import type { RunRecord } from '../../../src/ledger/run-record.ts'
import { shadowFile } from '../../../src/ledger/shadow.ts'
import type { HealthRecord } from '../../../src/monitoring/health/health-record.ts'
import { healthKind } from '../../../src/monitoring/health/kept-health.ts'
import { asParent, digest, type Parent } from '../../../src/registry/manifest.ts'
import { readWorkingVersion } from '../../../src/registry/production.ts'
import { succeed } from '../../project.ts'
import { commitAll, initialise, put, temporaryFolder } from '../../repository.ts'
import { recipe } from '../../shop.ts'
import { healthRecord } from '../../unit/monitoring/health/examples.ts'
import { run } from '../../unit/reporting/examples.ts'
import { orderingShop } from '../ordering-shop.ts'

/** A shop with a version in production, and another model that was trained on the same sales. */
export type ShadowShop = { folder: string; production: Parent; challenger: Buffer }

export async function shadowShop(): Promise<ShadowShop> {
  const folder = await orderingShop()
  await put(folder, recipe('moving-average: { window: 5 }', { horizon: 5 }))
  await commitAll(folder, 'Look at fewer weeks')
  await succeed(folder, ['train'])
  const version = await readWorkingVersion(folder)
  if (!version) throw new Error('nothing is in production')
  const challenger = await readFile(join(folder, '.cd4ml/challenger/model.json'))
  return { folder, production: asParent(version.manifest), challenger }
}

/** The run of a retraining that could not tell this model from production. */
export function comparedRun(
  model: Uint8Array,
  { version, model: champion }: Parent,
  changes: Partial<RunRecord> = {},
): RunRecord {
  return run({
    model: 'moving-average (window 5)',
    verdict: 'not distinguishable',
    comparison: {
      decidedBy: 'weightedQuantileLoss',
      decision: 'keep',
      confidence: 0.95,
      challenger: { model: digest(model) },
      champion: { version, model: 'moving-average (window 8)', digest: champion },
    },
    ...changes,
  })
}

/** The files of a ledger that has these runs, and keeps these models. */
export function ledgerFiles(
  runs: readonly RunRecord[],
  models: readonly Uint8Array[],
): Record<string, string | Uint8Array> {
  const files = models.map(shadowFile)
  return {
    ...Object.fromEntries(runs.map((it) => [`runs/${it.id}.json`, canonicalJson(it)])),
    ...Object.fromEntries(files.map(({ path, bytes }) => [path, bytes])),
  }
}

/** A health record of version 1, beside which a model of this recipe has been tried for four weeks. */
export function shadowHealth(recipe: string): HealthRecord {
  return healthRecord({
    at: '2024-06-03T08:00:00.000Z',
    sales: { data: 'd'.repeat(40), through: '2024-06-02' },
    production: {
      version: 1,
      model: 'moving-average (window 1)',
      since: '2024-04-29T09:00:00.000Z',
      trainedThrough: '2024-04-28',
    },
    shadow: {
      outcome: 'judged',
      shadow: {
        model: 'a'.repeat(64),
        name: 'ridge (penalty 10)',
        recipe,
        run: '20240501T093000000Z-0a1b2c3d',
      },
      from: '2024-05-06',
      blocks: 4,
      untold: 0,
      e: 3.14,
      threshold: 20,
      difference: { estimate: -0.08, low: -0.14, high: 0.01 },
    },
  })
}

/** The file of such a record. */
export function healthFiles(record: HealthRecord): Record<string, string> {
  return { [healthKind.path(`${momentOf(record.at)}-0a1b2c3d`)]: canonicalJson(record) }
}

/** Puts the files on the branch of records, as a clone knows it that has just fetched; after `parent`. */
export async function fetchedLedger(
  clone: string,
  files: Record<string, string | Uint8Array>,
  parent?: string,
): Promise<void> {
  const elsewhere = await temporaryFolder()
  await initialise(elsewhere)
  if (parent !== undefined) {
    await git(elsewhere, ['fetch', '--quiet', clone, 'refs/remotes/origin/ledger'])
    await git(elsewhere, ['reset', '--quiet', '--hard', parent])
  }
  await put(elsewhere, files)
  await commitAll(elsewhere, 'Record 1 run')
  await git(clone, ['fetch', '--quiet', elsewhere, '+HEAD:refs/remotes/origin/ledger'])
}
