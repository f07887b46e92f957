import type { Evaluation } from '../evaluation/evaluation.ts'
import { changedFiles } from '../registry/lineage.ts'
import {
  asParent,
  digest,
  isSameVersion,
  type Lineage,
  type Manifest,
  newManifest,
  type Parent,
  versionName,
} from '../registry/manifest.ts'
import { readVersion } from '../registry/production.ts'
import { type Proposal, propose } from '../registry/proposal.ts'
import { isAncestor, type Revision, resolveBase } from '../registry/repository.ts'
import { lineageProblems } from '../registry/workspace.ts'

export type PromoteInput = {
  /** Top folder of the repository. */
  repo: string
  /** Branch that the promotion goes to; by default as `resolveBase` says. */
  base?: string
  /** `model.json`, `evaluation.json`, `README.md` and `charts/*.svg`, by path. */
  challengerFiles: ReadonlyMap<string, Uint8Array>
  evaluation: Evaluation
  /** The champion that the evaluation compared the challenger with; absent where there was none. */
  comparedWith?: Parent
  lineage: Lineage
  trainedThrough: string
  asOf?: string
  seed: number
  toolchain: Manifest['toolchain']
  /** Puts the first version where nothing is in production, whatever the evaluation says. */
  baseline?: boolean
}

export type PromoteResult =
  | (Proposal & { base: Revision; manifest: Manifest })
  /** Why not, one sentence each with what to do; never empty. */
  | { outcome: 'refused'; base: Revision; reasons: string[] }

/**
 * Proposes the challenger as the next version, on the promotion branch. The same result again
 * changes nothing. Throws a `UserError` for what is no question of the challenger: no repository,
 * an unknown base, a production folder on the base that is not what cd4ml wrote.
 */
export async function promote(input: PromoteInput): Promise<PromoteResult> {
  const { repo, challengerFiles, evaluation, lineage, trainedThrough, asOf, seed, toolchain } =
    input
  const base = await resolveBase(repo, input.base)
  const inProduction = await readVersion(repo, base.commit)
  const champion = inProduction && asParent(inProduction.manifest)
  const reasons = [
    ...(input.baseline ? notTheFirst(champion, base) : undecided(evaluation)),
    ...staleComparison(input.comparedWith, champion, base),
    ...sameModel(challengerFiles, champion),
    ...(await dirtyTree(repo, lineage)),
    ...(await notMerged(repo, lineage, base)),
  ]
  if (reasons.length > 0) return { outcome: 'refused', base, reasons }

  const manifest = newManifest(challengerFiles, champion, {
    lineage,
    trainedThrough,
    ...(asOf && { asOf }),
    seed,
    toolchain,
  })
  const version = { manifest, files: new Map(challengerFiles) }
  const proposal = await propose(repo, base.commit, version, message(manifest, evaluation))
  return { ...proposal, base, manifest }
}

function undecided({ decision }: Evaluation): string[] {
  return decision.decision === 'promote' ? [] : [decision.summary, ...decision.reasons]
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

async function dirtyTree(
  repo: string,
  { code, data, contract, recipe }: Lineage,
): Promise<string[]> {
  const learntFrom = [code, data, contract, recipe].map(({ path }) => path)
  const files = new Set([
    ...(await changedFiles(repo, { within: [], untracked: false })),
    ...(await changedFiles(repo, { within: learntFrom })),
  ])
  const changed = [...files].filter((path) => !path.startsWith('.cd4ml/')).sort()
  if (changed.length === 0) return []
  const shown = changed.slice(0, SHOWN).join(', ')
  const more = changed.length > SHOWN ? ` and ${changed.length - SHOWN} more` : ''
  return [
    `The working folder differs from the last commit in ${shown}${more}: commit or undo that, then train and compare again.`,
  ]
}

const SHOWN = 10

async function notMerged(repo: string, lineage: Lineage, base: Revision): Promise<string[]> {
  if (!(await isAncestor(repo, lineage.commit, base.commit))) {
    return [
      `The challenger was trained on commit ${lineage.commit.slice(0, 12)}, which is not in ${base.name}: merge your branch first, or pass --base.`,
    ]
  }
  return await lineageProblems(repo, lineage, base.commit)
}

function message(manifest: Manifest, { challenger, decision }: Evaluation): string {
  const { version, parent, trainedThrough, lineage } = manifest
  const before = parent ? `Replaces version ${parent.version}.` : 'The first version.'
  return [
    `Promote version ${version}: ${challenger.model}`,
    decision.summary,
    `${before} Trained through ${trainedThrough} on commit ${lineage.commit.slice(0, 12)}.`,
  ].join('\n\n')
}
