import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { unlessMistaken } from '../../base/errors.ts'
import { momentIn } from '../../base/project-settings.ts'
import { writeChunks, writeGradually } from '../../base/write-file.ts'
import type { Evaluation } from '../../evaluation/gate/evaluation.ts'
import { type Policy, readPolicy } from '../../evaluation/gate/policy.ts'
import type { Search } from '../../evaluation/search/search-result.ts'
import { runVerdict } from '../../ledger/run-record.ts'
import { type Ordering, readOrdering } from '../../ordering/buying-terms.ts'
import {
  PULL_REQUEST_TEXT,
  readTrained,
  requireFresh,
  type Trained,
  type TrainingRecord,
} from '../../registry/challenger.ts'
import { findHold, holdText } from '../../registry/holds.ts'
import { type Paths, readTracked } from '../../registry/lineage.ts'
import { asParent, type Lineage, ORDERING, POLICY } from '../../registry/manifest.ts'
import { objectAt } from '../../registry/objects.ts'
import { type PendingComparison, pendingVersion } from '../../registry/pending.ts'
import { requireRecordable } from '../../registry/recordable.ts'
import { isRepository, resolveBase } from '../../registry/repository.ts'
import { scoredRecords, scoredRowsCsv } from '../../reporting/scored-rows.ts'
import type { ModelInputs } from '../data/inputs.ts'
import { readCampaign } from './campaign.ts'
import { type Champion, championFor } from './champion.ts'
import { type ComparisonRecord, writeComparison } from './comparison-record.ts'
import { type JudgeInput, judgeChallenger, judgeParts, salesRows } from './judge-challenger.ts'
import { type RunOrigin, recorded, searchedOf } from './recorded-run.ts'
import { readTriedShadow } from './tried-shadow.ts'
import type { Histories } from './with-history.ts'

export type CompareInput = {
  inputs: ModelInputs
  /** Of the sales of the inputs. */
  histories: Histories
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
  const { inputs, out, origin = {} } = input
  const rules = await readRules(input)
  const found = await championFor(inputs, input.base)
  const { evaluation, pending, training } = await recorded('compare', inputs, origin, async () => {
    const challenger = await readTrained(out)
    const { training } = challenger
    await rm(join(out, PULL_REQUEST_TEXT), { force: true })
    requireFresh(training, inputs.fingerprint)
    const record = await judged(input, rules, found, challenger)
    await writeComparison(out, record)
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
  challenger: Trained,
): Promise<ComparisonRecord> {
  const { inputs, origin } = input
  const { project, plan, fingerprint } = inputs
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
  const record = await judgedBy(input, challenger, {
    plan,
    ...rules,
    ...(inputs.report && { rows: salesRows(inputs.report) }),
    ...(production && { production }),
    ...(pending && { pending }),
    ...(campaign && { campaign }),
    ...(shadow && { shadow }),
  })
  return { ...record, ...(lineage && { lineage }) }
}

async function judgedBy(
  { inputs, histories, rows }: CompareInput,
  challenger: Trained,
  judging: Omit<JudgeInput, 'challenger' | 'totals' | 'history' | 'histories'>,
): Promise<Omit<ComparisonRecord, 'lineage'>> {
  if (challenger.kind === 'parts' && inputs.parts) {
    const input = { ...judging, challenger, sales: inputs.parts, histories }
    if (rows === undefined) return await judgeParts(input)
    return await writeGradually(rows, (append) => {
      let written = 0
      return judgeParts({
        ...input,
        onPart: (backtested) =>
          append(written++ === 0 ? scoredRowsCsv(backtested) : scoredRecords(backtested)),
      })
    })
  }
  if (challenger.kind === 'parts') throw new Error('a recipe of one model was trained in parts')
  return await histories.whole(async ({ totals, history }) => {
    const { record, backtested } = await judgeChallenger({
      ...judging,
      challenger,
      totals,
      history,
      histories,
    })
    if (rows !== undefined) await writeChunks(rows, scoredRowsCsv(backtested))
    return record
  })
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
