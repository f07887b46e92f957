import { languageOf } from '../../base/project-settings.ts'
import type { GitHub } from '../../github/client.ts'
import { keepPromotion, type PromotionOutcome } from '../../github/promotion-pull-request.ts'
import type { Manifest } from '../../registry/manifest.ts'
import type { Review } from '../../registry/proposal.ts'
import type { RequestText } from '../../reporting/request-text.ts'
import { rollbackText } from '../../reporting/rollback-request.ts'
import { branchName, fetchedBranch } from './base-branch.ts'
import { promotionRequest, ROLLBACK_LABEL } from './promotion-request.ts'
import { type RollbackInput, rollback } from './rollback.ts'

export type OpenRollbackInput = Required<RollbackInput> & { review: Review }

/**
 * Proposes the model of an earlier version again with a pull request on GitHub. A person asks for
 * it, so that a promotion which was refused before does not hold it back.
 */
export async function openRollback(
  github: GitHub,
  { repo, to, reason, base, review }: OpenRollbackInput,
): Promise<PromotionOutcome & { manifest: Manifest; text: RequestText }> {
  const proposed = await rollback({ repo, to, reason, base: await fetchedBranch(repo, base) })
  const text = rollbackText(
    { ...proposed, base: branchName(proposed.base.name), review },
    await languageOf(repo),
  )
  const request = await promotionRequest(repo, proposed, text, {
    labels: [ROLLBACK_LABEL],
    effect: undefined,
  })
  return { ...(await keepPromotion(github, request)), manifest: proposed.manifest, text }
}
