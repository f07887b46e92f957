import { type PromotionEntry, readPromotions, type Span } from '../../registry/promotions.ts'
import { isShallow, type Revision, resolveBase } from '../../registry/repository.ts'

export type PromotionHistory = {
  base: Revision
  /** What was in production, newest first. */
  periods: Period[]
  /** `cut off`: a shallow clone; the oldest period may have begun earlier, after others. */
  extent: 'whole' | 'cut off'
}

export type Period = Span &
  (
    | {
        found: 'version'
        version: number
        /** Such as `ridge (penalty 10)`. */
        model: string
        trainedThrough: string
        restores?: { version: number; reason: string }
      }
    | { found: 'nothing' }
    | { found: 'unreadable'; problem: string }
  )

/** Which version was in production on a branch, and when. */
export async function history({
  repo,
  base,
}: {
  repo: string
  base?: string
}): Promise<PromotionHistory> {
  const revision = await resolveBase(repo, base)
  const entries = await readPromotions(repo, revision.commit)
  const extent = (await isShallow(repo)) ? 'cut off' : 'whole'
  return { base: revision, periods: entries.map(period), extent }
}

function period(entry: PromotionEntry): Period {
  if (entry.found !== 'version') return entry
  const { manifest, ...rest } = entry
  const { version, trainedThrough, restores } = manifest
  return { ...rest, version, trainedThrough, ...(restores && { restores }) }
}
