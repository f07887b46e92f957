import { UserError } from '../base/errors.ts'
import { checker, parseJson } from '../base/schema.ts'
import { partOf } from '../base/schema-parts.ts'
import { Evaluation } from '../evaluation/gate/evaluation.ts'
import type { MetricName } from '../evaluation/scoring/metrics.ts'
import { checkManifest, isSameVersion, type Manifest } from '../registry/manifest.ts'
import { PRODUCTION } from '../registry/production.ts'
import type { GitHub } from './client.ts'
import { statusOf } from './failure.ts'
import { type FileChange, readFileAt } from './git-data.ts'

/** A pull request that was closed unmerged, and the commit that it proposed. */
export type Refused = { number: number; commit: string }

/**
 * Why what was refused is not to be asked again, as a sentence; undefined where it is: a better
 * challenger than the refused one by the same metric against the same version in production, or
 * another question altogether. What cannot be read is not shown to be worse: it stays refused.
 */
export async function whyStillRefused(
  github: GitHub,
  refused: Refused,
  { files, effect }: { files: ReadonlyMap<string, FileChange>; effect: number | undefined },
): Promise<string | undefined> {
  if (effect === undefined) return undefined
  const now = readClaim((path) => files.get(path))
  const then = await refusedClaim(github, refused)
  if (!then) {
    return `It was closed without being merged, and what it proposed cannot be read any more, so that nothing can be shown to be better. ${REOPEN}`
  }
  const isSameQuestion =
    isSameVersion(now.parent, then.parent) && now.metric === then.metric && !then.isRollback
  if (!isSameQuestion || effect < then.effect) return undefined
  return `It was closed without being merged, and what is proposed now is not better: ${now.metric} ${toHundredths(effect)} against ${toHundredths(then.effect)}, by the same version in production. ${REOPEN}`
}

/**
 * Whether a proposed commit is a rollback of what is in production, and what is requested is none:
 * a person has asked for it, and a retraining must not write over it.
 */
export async function isWaitingRollback(
  github: GitHub,
  commit: string,
  { files }: { files: ReadonlyMap<string, FileChange> },
): Promise<boolean> {
  const requested = manifestFrom(files.get(MANIFEST))
  if (requested.restores) return false
  const proposed = await unlessUnreadable(async () =>
    manifestFrom(await readFileAt(github, commit, MANIFEST)),
  )
  return proposed?.restores !== undefined && isSameVersion(proposed.parent, requested.parent)
}

const REOPEN = 'To have it after all, reopen the pull request.'
const MANIFEST = `${PRODUCTION}/manifest.json`
const EVALUATION = `${PRODUCTION}/evaluation.json`

/** What a version says of itself: by which metric it is how much better than what. */
type Claim = {
  parent: Manifest['parent']
  isRollback: boolean
  metric: MetricName
  /** Relative; below 0 is better. */
  effect: number
}

/** Undefined where the commit or its files are gone, or are not what cd4ml wrote. */
async function refusedClaim(github: GitHub, { commit }: Refused): Promise<Claim | undefined> {
  return await unlessUnreadable(async () => {
    const [manifest, evaluation] = await Promise.all(
      [MANIFEST, EVALUATION].map((path) => readFileAt(github, commit, path)),
    )
    return readClaim((path) => (path === MANIFEST ? manifest : evaluation))
  })
}

async function unlessUnreadable<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    const status = statusOf(error)
    const isUnreadable = status === undefined ? error instanceof UserError : status === 404
    if (isUnreadable) return undefined
    throw error
  }
}

/** Throws a `UserError` where the files are not those of a version that was compared. */
function readClaim(file: (path: string) => FileChange | undefined): Claim {
  const manifest = manifestFrom(file(MANIFEST))
  const { decidedBy, differences } = checkEvaluation(
    parseJson(textOf(EVALUATION, file(EVALUATION)), EVALUATION),
    EVALUATION,
  )
  const difference = differences[decidedBy]
  if (!difference) throw new UserError('is missing', { file: EVALUATION, key: decidedBy })
  return {
    parent: manifest.parent,
    isRollback: manifest.restores !== undefined,
    metric: decidedBy,
    effect: difference.estimate,
  }
}

function manifestFrom(content: FileChange | undefined): Manifest {
  return checkManifest(parseJson(textOf(MANIFEST, content), MANIFEST), MANIFEST)
}

function textOf(path: string, content: FileChange | undefined): string {
  if (content === undefined || content === 'deleted') {
    throw new UserError('is missing', { file: path })
  }
  return Buffer.from(content).toString()
}

const checkEvaluation = checker(partOf(Evaluation, ['decidedBy', 'differences']))

function toHundredths(share: number): string {
  return `${(100 * share).toFixed(2)}%`
}
