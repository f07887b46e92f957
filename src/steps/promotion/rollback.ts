import { UserError } from '../../base/errors.ts'
import {
  asParent,
  isReason,
  type Manifest,
  newManifest,
  REASON_LENGTH,
} from '../../registry/manifest.ts'
import { PRODUCTION, readVersion } from '../../registry/production.ts'
import {
  findVersion,
  type PromotionEntry,
  readPromotions,
  type Shipped,
} from '../../registry/promotions.ts'
import { type Proposal, writeProposal } from '../../registry/proposal.ts'
import { isShallow, type Revision, resolveBase } from '../../registry/repository.ts'

export type RollbackInput = {
  /** Top folder of the repository. */
  repo: string
  /** The number of the version whose model is to come back. */
  to: number
  /** Why, in one line, for those who review it. */
  reason: string
  /** Branch that is in production; by default as `resolveBase` says. */
  base?: string
}

export type RollbackResult = Proposal & {
  base: Revision
  manifest: Manifest
  /** Of the version that is in production now. */
  current: Manifest
  restores: { version: number; reason: string }
}

/**
 * Proposes the model of an earlier version again, as a new version on the promotion branch. The
 * same rollback again changes nothing. Throws a `UserError` where that version never was in
 * production, is there now, or cannot be trusted, and for a reason that is not a line of text.
 */
export async function rollback({ repo, to, reason, base }: RollbackInput): Promise<RollbackResult> {
  const why = checkedReason(reason)
  const target = await resolveBase(repo, base)
  const current = await readVersion(repo, target.commit)
  if (!current) {
    throw new UserError(`${target.name} has no version in production, so there is none to leave`, {
      file: PRODUCTION,
      remedy: 'Promote a first version.',
    })
  }
  const history = await readPromotions(repo, target.commit)
  const entry = findVersion(history, to)
  if (!entry) throw await unknownVersion(repo, to, history, target)
  const parent = asParent(current.manifest)
  if (asParent(entry.manifest).model === parent.model) {
    throw new UserError(
      `the model of version ${to} is in production, as version ${parent.version}`,
      {
        remedy: 'Choose a version with another model; cd4ml history lists them.',
      },
    )
  }
  const restored = await readVersion(repo, entry.commit)
  if (!restored) throw await unknownVersion(repo, to, history, target)

  const { lineage, trainedThrough, asOf, seed, toolchain } = restored.manifest
  const restores = { version: to, reason: why }
  const manifest = newManifest(restored.files, parent, {
    lineage,
    trainedThrough,
    ...(asOf && { asOf }),
    restores,
    seed,
    toolchain,
  })
  const version = { manifest, files: restored.files }
  const proposal = await writeProposal(repo, target.commit, version, message(manifest, entry, why))
  return { ...proposal, base: target, manifest, current: current.manifest, restores }
}

function checkedReason(reason: string): string {
  const trimmed = reason.trim()
  if (isReason(trimmed)) return trimmed
  throw new UserError(
    `the reason must be one line of 1 to ${REASON_LENGTH} characters, without control characters, but is ${JSON.stringify(trimmed.slice(0, 80))} (${trimmed.length} characters)`,
    { remedy: 'Say in one sentence why, such as --reason "Forecasts of fruit are far too high".' },
  )
}

async function unknownVersion(
  repo: string,
  to: number,
  history: PromotionEntry[],
  base: Revision,
): Promise<UserError> {
  const unshallow = (await isShallow(repo))
    ? ' This clone is shallow: git fetch --unshallow brings the older ones.'
    : ''
  return new UserError(`version ${to} was never in production on ${base.name}`, {
    remedy: `Choose one of these: ${known(history)}.${unshallow}`,
  })
}

function known(history: PromotionEntry[]): string {
  const versions = history.flatMap((entry) =>
    entry.found === 'version' ? [entry.manifest.version] : [],
  )
  return [...new Set(versions)].sort((a, b) => a - b).join(', ')
}

function message({ version }: Manifest, { manifest, model, since }: Shipped, why: string): string {
  const earlier = `version ${manifest.version}`
  return [
    `Roll back to ${earlier}: ${model}`,
    `Version ${version} is the model of ${earlier} again, byte for byte, in place of version ${version - 1}.`,
    `Reason: ${why}`,
    `The model was put into production on ${since.slice(0, 10)}, trained through ${manifest.trainedThrough}.`,
  ].join('\n\n')
}
