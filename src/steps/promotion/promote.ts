import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../../base/errors.ts'
import { languageOf } from '../../base/project-settings.ts'
import { writeWhole } from '../../base/write-file.ts'
import { artifactFrom } from '../../forecasting/model-in-parts.ts'
import type { HealthRecord } from '../../monitoring/health/health-record.ts'
import { PULL_REQUEST_TEXT, readTrained, type TrainingRecord } from '../../registry/challenger.ts'
import type { Replaced } from '../../registry/data-change.ts'
import { dataChange } from '../../registry/data-change.ts'
import { type Lineage, ORDERING, objectsOf, POLICY } from '../../registry/manifest.ts'
import { whereMerged } from '../../registry/merged-lineage.ts'
import { readObjects } from '../../registry/objects.ts'
import { contentOf, type Version } from '../../registry/production.ts'
import type { Review } from '../../registry/proposal.ts'
import { type Revision, resolveBase } from '../../registry/repository.ts'
import { pullRequestText } from '../../reporting/pull-request.ts'
import type { RequestText } from '../../reporting/request-text.ts'
import { type ComparisonRecord, readComparison } from '../model/comparison-record.ts'
import { makeVersion, toolchainOf } from '../model/make-version.ts'
import { branchName } from './base-branch.ts'
import {
  type ProposalRefusal,
  type ProposeVersionResult,
  proposeVersion,
} from './propose-version.ts'

export type PromoteInput = {
  /** Top folder of the repository. */
  repo: string
  /** Folder of the challenger. */
  out: string
  base?: string
  baseline?: boolean
  /** What it was started for; told where it is about the version that would be replaced. */
  health?: HealthRecord
  /** Where the pull request is to be reviewed; absent where none is opened. */
  review?: Review
}

export type PromoteResult =
  | (Exclude<ProposeVersionResult, NotProposed> & {
      /** Relative difference of the metric that decides; absent where it could not be computed. */
      effect?: number
      /** Of the pull request. */
      text: RequestText
      /** The file that holds it. */
      textFile: string
    })
  | Extract<ProposeVersionResult, NotProposed>

type NotProposed = { outcome: 'refused' | 'held' }

/** Makes a version of the challenger, proposes it, and writes the text of its pull request. */
export async function promote(input: PromoteInput): Promise<PromoteResult> {
  const { repo, out, base, baseline } = input
  const textFile = join(out, PULL_REQUEST_TEXT)
  // Where nothing is proposed, nobody is to read what an earlier challenger came to.
  await rm(textFile, { force: true })
  const challenger = await readTrained(out)
  const comparison = await readComparison(out, challenger.training.model)
  const { training } = challenger
  const { recipe } = challenger.kind === 'whole' ? challenger.model : challenger.parts.index
  const { evaluation } = comparison
  const target = await resolveBase(repo, base)
  const origin = originOf(training, comparison)
  if (origin.outcome === 'unknown') {
    const { reason, until } = origin
    return { outcome: 'refused', base: target, reasons: [reason], ...(until && { until }) }
  }
  const lineage = await asMerged(repo, origin.lineage, target)
  const result = await proposeVersion({
    repo,
    ...(base !== undefined && { base }),
    version: await makeVersion({
      challenger,
      comparison,
      lineage,
      toolchain: toolchainOf(await packageJsonAt(repo, lineage.commit), process.versions.node),
    }),
    evaluation,
    ...(comparison.pending && { pending: comparison.pending }),
    ...(baseline && { baseline }),
  })
  if (result.outcome === 'refused' || result.outcome === 'held') return result

  const champion = result.replaces && (await replaced(repo, result.replaces, lineage))
  const isReplaced = input.health?.production.version === champion?.manifest.version
  const health = isReplaced ? input.health : undefined
  const proposal = {
    manifest: result.manifest,
    recipe,
    evaluation,
    ...(champion && { champion }),
    search: training.search,
    base: branchName(result.base.name),
    ...(health && { health }),
    ...(input.review && { review: input.review }),
  }
  const text = pullRequestText(proposal, await languageOf(repo))
  await writeWhole(textFile, `# ${text.title}\n\n${text.body}`)
  const effect = evaluation.differences[evaluation.decidedBy]?.estimate
  return { ...result, ...(effect !== undefined && { effect }), text, textFile }
}

/** What it would replace, as the pull request shows it. */
async function replaced(repo: string, version: Version, lineage: Lineage): Promise<Replaced> {
  const { manifest } = version
  const artifact = artifactFrom(contentOf(version, 'model.json'), 'production/model.json')
  const { recipe } = artifact.kind === 'whole' ? artifact.model : artifact.index
  const data = await dataChange(repo, manifest.lineage, lineage)
  return { manifest, recipe, ...(data && { data }) }
}

type Known =
  | { outcome: 'known'; lineage: Lineage }
  | ({ outcome: 'unknown'; reason: string } & Pick<ProposalRefusal, 'until'>)

/** What the version was made from, or why it cannot be made again. */
function originOf(
  { lineage: trained }: TrainingRecord,
  { lineage: compared }: ComparisonRecord,
): Known {
  const unknown = (reason: string): Known => ({ outcome: 'unknown', reason })
  if (!trained) {
    const reason =
      'The challenger was trained on files that are not committed, so nobody could train it again: commit code, data, contract and recipe, then train and compare again.'
    return { outcome: 'unknown', reason, until: 'it is committed' }
  }
  if (!compared) {
    return unknown(
      `The challenger was not compared by the committed ${POLICY} and ${ORDERING}: commit all changes, then compare again without --policy and --ordering.`,
    )
  }
  const objects = new Map(objectsOf(compared))
  const other = objectsOf(trained).flatMap(([part, { object }]) =>
    objects.get(part)?.object === object ? [] : [part],
  )
  if (other.length > 0) {
    return unknown(
      `The challenger was compared with another ${other.join(', ')} than it was trained with: train and compare again.`,
    )
  }
  const { commit, trainedOn } = trained
  return { outcome: 'known', lineage: { ...compared, commit, trainedOn } }
}

/** With the commit of the base that has all of it, where it was trained on one that was squashed. */
async function asMerged(repo: string, lineage: Lineage, base: Revision): Promise<Lineage> {
  const standing = await whereMerged(repo, lineage, base)
  return standing.state === 'merged' ? { ...lineage, commit: standing.commit } : lineage
}

async function packageJsonAt(repo: string, commit: string): Promise<string> {
  const [content] = await readObjects(repo, [`${commit}:package.json`])
  if (content) return content.toString()
  throw new UserError(`is not in commit ${commit.slice(0, 12)}`, {
    file: 'package.json',
    remedy: 'Commit it, then train and compare again.',
  })
}
