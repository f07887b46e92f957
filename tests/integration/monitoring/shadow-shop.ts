import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalJson } from '../../../src/base/canonical-json.ts'
import { git } from '../../../src/base/git.ts'
import type { RunRecord } from '../../../src/ledger/run-record.ts'
import { shadowFile } from '../../../src/ledger/shadow.ts'
import { asParent, digest, type Parent } from '../../../src/registry/manifest.ts'
import { readWorkingVersion } from '../../../src/registry/production.ts'
import { succeed } from '../../project.ts'
import { commitAll, initialise, put, temporaryFolder } from '../../repository.ts'
import { recipe } from '../../shop.ts'
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

/** Puts the files on the branch of records, as a clone knows it that has just fetched. */
export async function fetchedLedger(
  clone: string,
  files: Record<string, string | Uint8Array>,
): Promise<void> {
  const elsewhere = await temporaryFolder()
  await initialise(elsewhere)
  await put(elsewhere, files)
  await commitAll(elsewhere, 'Record 1 run')
  await git(clone, ['fetch', '--quiet', elsewhere, '+HEAD:refs/remotes/origin/ledger'])
}
