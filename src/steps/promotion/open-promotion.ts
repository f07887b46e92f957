import { join } from 'node:path'
import { requirePlainFiles } from '../../base/handed-over.ts'
import type { GitHub } from '../../github/client.ts'
import { ledgerFiles } from '../../github/ledger-branch.ts'
import { keepPromotion, type PromotionOutcome } from '../../github/promotion-pull-request.ts'
import { type Kept, type LeftOut, readOne } from '../../ledger/ledger.ts'
import type { HealthRecord } from '../../monitoring/health/health-record.ts'
import { healthKind } from '../../monitoring/health/kept-health.ts'
import type { Manifest } from '../../registry/manifest.ts'
import type { Review } from '../../registry/proposal.ts'
import type { RequestText } from '../../reporting/request-text.ts'
import { fetchedBranch } from './base-branch.ts'
import { promote } from './promote.ts'
import { PROMOTION_LABEL, promotionRequest } from './promotion-request.ts'

export type OpenPromotionInput = {
  /** Top folder of the clone, with its whole history. */
  repo: string
  /** Folder of the challenger. */
  out: string
  /** Name of the branch on GitHub that it is proposed to, such as `main`. */
  base: string
  /** Id of the health record in the ledger that this was started for; absent where nobody asked. */
  health?: string
  review: Review
}

export type OpenedPromotion =
  | { outcome: 'refused'; reasons: string[] }
  /** A rollback holds it back. */
  | { outcome: 'held'; reason: string }
  | (PromotionOutcome & {
      manifest: Manifest
      text: RequestText
      /** Why the text does not say what this was started for, though a record was named. */
      untold?: string
    })

/**
 * Proposes the challenger with a pull request on GitHub. The version is made in this clone, by the
 * same step as on anybody's machine; GitHub then has to come to the same tree. The same challenger
 * again changes nothing. Throws a `UserError` where what was taken over of it is a link or too large.
 */
export async function openPromotion(
  github: GitHub,
  { repo, out, base, health, review }: OpenPromotionInput,
): Promise<OpenedPromotion> {
  const files = ['model.json', 'training.json', 'comparison.json'].map((name) => join(out, name))
  await requirePlainFiles(repo, files, MOST_BYTES)
  const why = health === undefined ? undefined : await healthNamed(github, health)
  const proposed = await promote({
    repo,
    out,
    base: await fetchedBranch(repo, base),
    ...(why && 'record' in why && { health: why.record }),
    review,
  })
  if (proposed.outcome === 'refused') return { outcome: 'refused', reasons: proposed.reasons }
  if (proposed.outcome === 'held') return { outcome: 'held', reason: proposed.reason }
  const { manifest, effect, text } = proposed
  const request = await promotionRequest(repo, proposed, text, {
    labels: [PROMOTION_LABEL],
    effect,
  })
  const untold = why && 'problem' in why && { untold: `${why.file}: ${why.problem}` }
  return { ...(await keepPromotion(github, request)), manifest, text, ...untold }
}

/** The health record of this id on the branch of records, or why there is none to rely on. */
async function healthNamed(github: GitHub, id: string): Promise<Kept<HealthRecord> | LeftOut> {
  const asOf = new Date().toISOString()
  const read = await readOne(await ledgerFiles(github), healthKind, { id, asOf })
  return read ?? { file: healthKind.path(id), problem: 'is not in the ledger' }
}

/** GitHub takes no larger file into a repository. */
const MOST_BYTES = 100 * 1024 ** 2
