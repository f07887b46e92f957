import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { unlessMistaken } from '../../base/errors.ts'
import { momentIn } from '../../base/project-settings.ts'
import { writeChunks } from '../../base/write-file.ts'
import type { Comparison } from '../../evaluation/gate/comparison.ts'
import type { Evaluation } from '../../evaluation/gate/evaluation.ts'
import { type Policy, readPolicy } from '../../evaluation/gate/policy.ts'
import type { History } from '../../evaluation/search/history.ts'
import type { Search } from '../../evaluation/search/search-result.ts'
import { runVerdict } from '../../ledger/run-record.ts'
import { type Ordering, readOrdering } from '../../ordering/buying-terms.ts'
import {
  type Challenger,
  PULL_REQUEST_TEXT,
  readChallenger,
  requireFresh,
  type TrainingRecord,
} from '../../registry/challenger.ts'
import { findHold, holdText } from '../../registry/holds.ts'
import { type Paths, readTracked } from '../../registry/lineage.ts'
import { asParent, type Lineage, ORDERING, POLICY } from '../../registry/manifest.ts'
import { objectAt } from '../../registry/objects.ts'
import { type PendingComparison, pendingVersion } from '../../registry/pending.ts'
import { requireRecordable } from '../../registry/recordable.ts'
import { isRepository, resolveBase } from '../../registry/repository.ts'
import { scoredRowsCsv } from '../../reporting/scored-rows.ts'
import type { ModelInputs } from '../data/inputs.ts'
import { readCampaign } from './campaign.ts'
import { type Champion, championFor } from './champion.ts'
import { type ComparisonRecord, writeComparison } from './comparison-record.ts'
import { judgeChallenger, salesRows } from './judge-challenger.ts'
import { type RunOrigin, recorded, searchedOf } from './recorded-run.ts'
import { readTriedShadow } from './tried-shadow.ts'

export type CompareInput = {
  inputs: ModelInputs
  /** Of the sales of the inputs. */
  history: History
  /** File of what a challenger must show, as an absolute path. */
  policy: string
  /** File of how the chain buys; without it, that of the project. */
  ordering?: string
  /** Branch that is in production; by default as `resolveBase` says. */
  base?: string
  /** Folder of the challenger. */
  out: string
  /** File for forecast and actual of every scored row, as CSV. */
  rows?: string
  origin?: RunOrigin
}

export type Compared = {
  evaluation: Evaluation
  /** What the search of the challenger tried. */
  search: Search
  /** Folder of the sales of the model in production, where it is no champion because they are others. */
  championOf?: string
  /** How it stands against the version that waits to follow what is in production. */
  pending?: PendingComparison
  /** Why a challenger like this is not proposed although it may be promoted, as a sentence. */
  held?: string
}

/**
 * Compares the challenger with what is in production, leaves what came out in its folder, and records
 * the run. Throws a `UserError` where it was trained on something else than these inputs.
 */
export async function compare(input: CompareInput): Promise<Compared> {
  const { inputs, out, rows, origin = {} } = input
  const rules = await readRules(input)
  const found = await championFor(inputs, input.base)
  const { evaluation, pending, training } = await recorded('compare', inputs, origin, async () => {
    const challenger = await readChallenger(out)
    const { training } = challenger
    await rm(join(out, PULL_REQUEST_TEXT), { force: true })
    requireFresh(training, inputs.fingerprint)
    const { record, backtested } = await judged(input, rules, found, challenger)
    await writeComparison(out, record)
    if (rows !== undefined) await writeChunks(rows, scoredRowsCsv(backtested))
    const { evaluation, pending } = record
    return {
      result: { evaluation, pending, training },
      outcome: {
        model: evaluation.challenger.model,
        searched: searchedOf(training),
        metrics: evaluation.challenger.metrics,
        ...runVerdict(evaluation, artifactOf(training), record.champion),
      },
    }
  })
  const held = await whyHeld(input, training)
  return {
    evaluation,
    search: training.search,
    ...(pending && { pending }),
    ...(found.state === 'of other sales' && { championOf: found.folder }),
    ...(held !== undefined && { held }),
  }
}

/** What a comparison is decided by. */
type Rules = { policy: Policy; ordering: Ordering }

async function readRules({ inputs: { project }, ...files }: CompareInput): Promise<Rules> {
  const { policy, ordering } = files
  await requireRecordable(project, { files: [policy, ordering ?? join(project, ORDERING)] })
  return { policy: await readPolicy(policy), ordering: await readOrdering(project, ordering) }
}

async function judged(
  input: CompareInput,
  rules: Rules,
  found: Champion,
  challenger: Challenger,
): Promise<{ record: ComparisonRecord; backtested: Comparison }> {
  const { inputs, history, origin } = input
  const { project, totals, plan, fingerprint } = inputs
  const production = found.state === 'in production' ? found.version : undefined
  const champion = production && asParent(production.manifest)
  const pending = (await isRepository(project)) && (await pendingVersion(project, champion))
  const tried = { ...artifactOf(challenger.training), recipe: fingerprint.recipe }
  // On other sales than those in production nothing can be promoted, however often it is tried.
  const campaign =
    found.state !== 'of other sales' && (await readCampaign(project, tried, production?.manifest))
  const at = origin?.at ?? (await momentIn(project))
  const shadow =
    champion &&
    (await unlessMistaken(() =>
      readTriedShadow(project, { recipe: fingerprint.recipe, production: champion }, at),
    ))
  const lineage = await lineageOf(input)
  const { record, backtested } = await judgeChallenger({
    challenger,
    totals,
    plan,
    history,
    ...rules,
    ...(inputs.report && { sales: salesRows(inputs.report) }),
    ...(production && { production }),
    ...(pending && { pending }),
    ...(campaign && { campaign }),
    ...(shadow && { shadow }),
  })
  return { record: { ...record, ...(lineage && { lineage }) }, backtested }
}

/** The SHA-256 of what was trained, and the git id of the code where that was committed. */
function artifactOf({ model, lineage }: TrainingRecord): { model: string; code?: string } {
  return { model, ...(lineage && { code: lineage.code.object }) }
}

async function whyHeld(
  { inputs, base }: CompareInput,
  { model, lineage }: TrainingRecord,
): Promise<string | undefined> {
  if (!lineage) return undefined
  const { commit } = await resolveBase(inputs.project, base)
  const hold = await findHold(inputs.project, commit, { model, lineage })
  return hold && holdText(hold)
}

/** All that the comparison follows from, where it is committed and stands where promotions look. */
async function lineageOf({
  inputs: { project, lineage },
  policy,
  ordering = join(project, ORDERING),
}: CompareInput): Promise<Lineage | undefined> {
  if (!lineage) return undefined
  const buysOnTerms =
    existsSync(ordering) || (await objectAt(project, lineage.commit, ORDERING)) !== undefined
  const paths: Paths<string> = { policy, ...(buysOnTerms && { ordering }) }
  const reading = await readTracked(project, paths)
  if (reading.state !== 'committed') return undefined
  const { policy: rules, ordering: terms } = reading.objects
  if (rules.path !== POLICY || (buysOnTerms && terms.path !== ORDERING)) return undefined
  return { ...lineage, policy: rules, ...(buysOnTerms && { ordering: terms }) }
}
