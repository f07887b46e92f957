import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalJson } from '../canonical-json.ts'
import { modelFrom } from '../forecasting/model-file.ts'
import { type Challenger, readChallenger } from '../registry/challenger.ts'
import { dataChange } from '../registry/data-change.ts'
import type { Lineage, Manifest } from '../registry/manifest.ts'
import { contentOf, readVersion, type Version } from '../registry/production.ts'
import { resolveBase } from '../registry/repository.ts'
import type { Replaced } from '../reporting/changes-section.ts'
import { pullRequestText, type RequestText } from '../reporting/pull-request.ts'
import type { Review } from '../reporting/review-notes.ts'
import { writeWhole } from '../write-file.ts'
import { branchName } from './base-branch.ts'
import { type ComparisonRecord, readComparison } from './comparison-record.ts'
import { type PromoteResult, promote } from './promote.ts'

export type ProposeInput = {
  /** Top folder of the repository. */
  repo: string
  /** Folder of the challenger. */
  out: string
  base?: string
  baseline?: boolean
  /** Where the pull request is to be reviewed; absent where none is opened. */
  review?: Review
}

export type ProposedChallenger =
  | (Exclude<PromoteResult, { outcome: 'refused' }> & {
      /** Relative difference of the metric that decides; absent where it could not be computed. */
      effect?: number
      /** Of the pull request. */
      text: RequestText
      /** The file that holds it. */
      textFile: string
    })
  | Extract<PromoteResult, { outcome: 'refused' }>

/** Makes a version of the challenger, proposes it, and writes the text of its pull request. */
export async function proposeChallenger(input: ProposeInput): Promise<ProposedChallenger> {
  const { repo, out, base, baseline } = input
  const challenger = await readChallenger(out)
  const comparison = await readComparison(out, challenger.training.model)
  const { model, training } = challenger
  const { evaluation } = comparison
  const { lineage, fingerprint, search } = training
  if (!lineage) return uncommitted(repo, base)

  const toolchain = await toolchainOf(repo)
  const result = await promote({
    repo,
    ...(base !== undefined && { base }),
    challengerFiles: await versionFiles(challenger, comparison, toolchain),
    evaluation,
    ...(comparison.champion && { comparedWith: comparison.champion }),
    lineage,
    trainedThrough: model.trainedThrough,
    ...(fingerprint.asOf && { asOf: fingerprint.asOf }),
    seed: model.recipe.seed,
    toolchain,
    ...(baseline && { baseline }),
  })
  if (result.outcome === 'refused') return result

  const inProduction = await readVersion(repo, result.base.commit)
  const champion = inProduction && (await replaced(repo, inProduction, lineage))
  const text = pullRequestText({
    manifest: result.manifest,
    recipe: model.recipe,
    evaluation,
    ...(champion && { champion }),
    search,
    base: branchName(result.base.name),
    ...(input.review && { review: input.review }),
  })
  const textFile = join(out, 'pull-request.md')
  await writeWhole(textFile, `# ${text.title}\n\n${text.body}`)
  const effect = evaluation.differences[evaluation.decidedBy]?.estimate
  return { ...result, ...(effect !== undefined && { effect }), text, textFile }
}

/** What it would replace, as the pull request shows it. */
async function replaced(repo: string, version: Version, lineage: Lineage): Promise<Replaced> {
  const { manifest } = version
  const { recipe } = modelFrom(contentOf(version, 'model.json'), 'production/model.json')
  const data = await dataChange(repo, manifest.lineage, lineage)
  return { manifest, recipe, ...(data && { data }) }
}

async function uncommitted(repo: string, base: string | undefined): Promise<ProposedChallenger> {
  return {
    outcome: 'refused',
    base: await resolveBase(repo, base),
    reasons: [
      'The challenger was trained on files that are not committed, so nobody could train it again: commit code, data, contract and recipe, then train and compare again.',
    ],
  }
}

async function versionFiles(
  { bytes, model, training }: Challenger,
  { evaluation, champion }: ComparisonRecord,
  toolchain: Manifest['toolchain'],
): Promise<Map<string, Uint8Array>> {
  // Drawing charts takes libraries that are slow to load, and no other command needs them.
  const { modelCard } = await import('../reporting/model-card.ts')
  if (!training.lineage) throw new Error('a version needs a lineage')
  const card = modelCard({
    version: (champion?.version ?? 0) + 1,
    origin: {
      lineage: training.lineage,
      trainedThrough: model.trainedThrough,
      ...(training.fingerprint.asOf && { asOf: training.fingerprint.asOf }),
      seed: model.recipe.seed,
      toolchain,
    },
    ...(champion && { parent: champion }),
    model,
    evaluation,
    search: training.search,
  })
  return new Map([
    ['model.json', bytes],
    ['evaluation.json', Buffer.from(canonicalJson(evaluation))],
    ['README.md', Buffer.from(card.readme)],
    ...[...card.charts].map(([name, svg]) => [name, Buffer.from(svg)] as const),
  ])
}

async function toolchainOf(repo: string): Promise<Manifest['toolchain']> {
  const manifest = JSON.parse(await readFile(join(repo, 'package.json'), 'utf8'))
  return { node: process.versions.node, cd4ml: String(manifest.version) }
}
