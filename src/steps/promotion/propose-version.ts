import { firstOf } from '../../base/first-of.ts'
import type { Evaluation } from '../../evaluation/gate/evaluation.ts'
import { findHold, holdText } from '../../registry/holds.ts'
import { changedFiles } from '../../registry/lineage.ts'
import {
  asParent,
  digest,
  isSameVersion,
  type Lineage,
  type Manifest,
  objectsOf,
  type Parent,
  versionName,
} from '../../registry/manifest.ts'
import { whereMerged } from '../../registry/merged-lineage.ts'
import { type PendingComparison, pendingVersion } from '../../registry/pending.ts'
import { readVersion, type Version } from '../../registry/production.ts'
import {
  PROMOTION_BRANCH,
  type Proposal,
  proposedVersion,
  writeProposal,
} from '../../registry/proposal.ts'
import { isAncestor, type Revision, resolveBase } from '../../registry/repository.ts'
import { pendingText } from '../../reporting/pending-text.ts'
import { reasonTexts, summaryText } from '../../reporting/verdict-text.ts'

export type ProposeVersionInput = {
  /** Top folder of the repository. */
  repo: string
  /** Branch that the promotion goes to; by default as `resolveBase` says. */
  base?: string
  /** What a challenger becomes; its parent is the champion that it was compared with. */
  version: Version
  evaluation: Evaluation
  /** How it stands against the version that waited when it was compared. */
  pending?: PendingComparison
  /** Puts the first version where nothing is in production, whatever the evaluation says. */
  baseline?: boolean
}

export type ProposeVersionResult =
  /** `replaces` is what is in production; absent where nothing is. */
  | (Proposal & { base: Revision; manifest: Manifest; replaces?: Version })
  | ProposalRefusal
  /** It may be promoted, but a rollback holds it back, and how, as a sentence. */
  | { outcome: 'held'; base: Revision; reason: string }

/** Why a challenger is not proposed, one sentence each with what to do; never empty. */
export type ProposalRefusal = {
  outcome: 'refused'
  base: Revision
  reasons: string[]
  /** Of an experiment: what alone it waits for. */
  until?: 'it is committed' | 'it is merged'
}

/**
 * Decides whether a version may go into production, and proposes it on the promotion branch. The same
 * version again changes nothing. Throws a `UserError` for what is no question of the challenger: no repository,
 * an unknown base, a production folder on the base that is not what cd4ml wrote.
 */
export async function proposeVersion(input: ProposeVersionInput): Promise<ProposeVersionResult> {
  const { repo, version, evaluation } = input
  const { manifest, files } = version
  const base = await resolveBase(repo, input.base)
  const inProduction = await readVersion(repo, base.commit)
  const champion = inProduction && asParent(inProduction.manifest)
  const uncommitted = await dirtyTree(repo, manifest.lineage)
  const merging = await notMerged(repo, manifest.lineage, base)
  const others = [
    ...(input.baseline ? notTheFirst(champion, base) : undecided(evaluation)),
    ...staleComparison(manifest.parent, champion, base),
    ...sameModel(files, champion),
    ...(merging.state === 'never merged' ? merging.problems : []),
  ]
  const pending = [...uncommitted, ...(merging.state === 'on a branch' ? [merging.problem] : [])]
  const reasons = [...others, ...pending]
  if (reasons.length > 0) {
    const until = uncommitted.length > 0 ? 'it is committed' : 'it is merged'
    return { outcome: 'refused', base, reasons, ...(others.length === 0 && { until }) }
  }
  const reason = await whyHeld(input, base, champion)
  if (reason !== undefined) return { outcome: 'held', base, reason }

  const proposal = await writeProposal(repo, base.commit, version, message(manifest, evaluation))
  return { ...proposal, base, manifest, ...(inProduction && { replaces: inProduction }) }
}

async function whyHeld(
  { repo, version, pending, baseline }: ProposeVersionInput,
  base: Revision,
  champion: Parent | undefined,
): Promise<string | undefined> {
  if (baseline) return undefined
  const { manifest } = version
  const hold = await findHold(repo, base.commit, {
    model: asParent(manifest).model,
    lineage: manifest.lineage,
  })
  if (hold) return holdText(hold)
  if (pending?.verdict === 'worse') {
    const found = await pendingVersion(repo, champion)
    if (isSameVersion(found && asParent(found.manifest), pending)) return pendingText(pending, 'en')
  }
  const waiting = await proposedVersion(repo)
  return waiting?.restores && isSameVersion(waiting.parent, champion)
    ? `The rollback to version ${waiting.restores.version} waits for review on ${PROMOTION_BRANCH}: merge it, or delete that branch.`
    : undefined
}

function undecided(evaluation: Evaluation): string[] {
  return evaluation.decision.decision === 'promote'
    ? []
    : [summaryText(evaluation, 'en'), ...reasonTexts(evaluation, 'en')]
}

function notTheFirst(champion: Parent | undefined, base: Revision): string[] {
  if (!champion) return []
  return [
    `A baseline can only be the first version, but ${base.name} has version ${champion.version} in production: promote a challenger that beats it.`,
  ]
}

function staleComparison(
  compared: Parent | undefined,
  champion: Parent | undefined,
  base: Revision,
): string[] {
  if (isSameVersion(compared, champion)) return []
  return [
    `The challenger was compared with ${versionName(compared)}, but ${base.name} has ${versionName(champion)} in production: compare it again.`,
  ]
}

function sameModel(files: ReadonlyMap<string, Uint8Array>, champion: Parent | undefined): string[] {
  const model = files.get('model.json')
  if (!champion || !model || digest(model) !== champion.model) return []
  return [
    `The challenger is byte for byte the model of version ${champion.version}, which is in production: there is nothing to promote.`,
  ]
}

async function dirtyTree(repo: string, lineage: Lineage): Promise<string[]> {
  const madeFrom = objectsOf(lineage).map(([, { path }]) => path)
  const files = new Set([
    ...(await changedFiles(repo, { within: [], untracked: false })),
    ...(await changedFiles(repo, { within: madeFrom })),
  ])
  const changed = [...files].filter((path) => !path.startsWith('.cd4ml/')).sort()
  if (changed.length === 0) return []
  return [
    `The working folder differs from the last commit in ${firstOf(changed)}: commit or undo that, then train and compare again.`,
  ]
}

type Merging =
  | { state: 'merged' }
  | { state: 'on a branch'; problem: string }
  | { state: 'never merged'; problems: string[] }

async function notMerged(repo: string, lineage: Lineage, base: Revision): Promise<Merging> {
  const standing = await whereMerged(repo, lineage, base)
  if (standing.state === 'merged' && standing.commit === lineage.commit) return { state: 'merged' }
  const commit = lineage.commit.slice(0, 12)
  if (!(await isAncestor(repo, lineage.commit, base.commit))) {
    const problem = `The challenger was trained on commit ${commit}, which is not in ${base.name}: merge your branch first, or pass --base.`
    return { state: 'on a branch', problem }
  }
  const problems =
    standing.state === 'not merged'
      ? standing.problems
      : [`${base.name} itself was never at commit ${commit}, on which the challenger was trained.`]
  return { state: 'never merged', problems }
}

function message(manifest: Manifest, evaluation: Evaluation): string {
  const { version, parent, trainedThrough, lineage } = manifest
  const before = parent ? `Replaces version ${parent.version}.` : 'The first version.'
  return [
    `Promote version ${version}: ${evaluation.challenger.model}`,
    summaryText(evaluation, 'en'),
    `${before} Trained through ${trainedThrough} on commit ${lineage.commit.slice(0, 12)}.`,
  ].join('\n\n')
}
