import type { Campaign } from '../../evaluation/gate/campaign.ts'
import { projectLedger } from '../../ledger/folder-ledger.ts'
import { type Try, tryNumber } from '../../ledger/tries.ts'
import { digest, type Manifest } from '../../registry/manifest.ts'
import { readObjects } from '../../registry/objects.ts'
import { isRepository } from '../../registry/repository.ts'
import { ledgerCommit, ledgerRuns } from './clone-ledger.ts'

/**
 * Which try against what is in production a challenger is, by the ledger as it was last fetched;
 * undefined where it is none (`tryNumber`). Runs on this machine make the number larger, never
 * smaller, so that what the required check counts, which has the ledger alone, is at most this.
 */
export async function readCampaign(
  project: string,
  tried: Try,
  production: Manifest | undefined,
): Promise<Campaign | undefined> {
  const champion = production && (await tryOf(project, production))
  const ledger = await ledgerCommit(project)
  const recorded = ledger === undefined ? [] : await ledgerRuns(project, ledger)
  const { records: own } = await projectLedger(project).read({ kind: 'run' })
  const all = new Map([...recorded, ...own].map((run) => [run.id, run]))
  const numbers = [recorded, [...all.values()]].map((runs) => tryNumber(runs, tried, champion))
  const tries = Math.max(...numbers.map((number) => number ?? 0))
  return tries === 0 ? undefined : { tries, ...(ledger !== undefined && { ledger }) }
}

/**
 * The same by the ledger at one of its commits alone: as what a challenger must have been judged at
 * the least. Throws a `UserError` where this clone lacks the commit.
 */
export async function countTries(
  repo: string,
  ledger: string,
  tried: Try,
  production: Manifest | undefined,
): Promise<number | undefined> {
  const champion = production && (await tryOf(repo, production))
  return tryNumber(await ledgerRuns(repo, ledger), tried, champion)
}

/** What a version was, as a try. Its recipe is that of no other where this clone lacks the file. */
export async function tryOf(repo: string, { files, lineage }: Manifest): Promise<Try> {
  const known = await isRepository(repo)
  const [recipe] = known ? await readObjects(repo, [lineage.recipe.object]) : []
  return {
    model: files['model.json'],
    recipe: recipe ? digest(recipe) : '',
    code: lineage.code.object,
  }
}
