import { resolve } from 'node:path'
import { connect } from '../../src/github/client.ts'
import { openPromotion } from '../../src/steps/promotion/open-promotion.ts'
import { actionOf } from '../../src/workflow/action.ts'
import { optional, path, recordName, revision, token } from '../../src/workflow/inputs.ts'
import { held, notProposed, proposed, reviewOf } from '../../src/workflow/proposed.ts'

const inputs = {
  token,
  'workflow-token': token,
  out: path,
  base: revision,
  health: optional(recordName),
}

export const run = actionOf({ title: 'Propose the challenger', inputs }, async (action) => {
  const { project, inputs } = action
  const promotion = await openPromotion(connect({ ...action, token: inputs.token }), {
    repo: project,
    out: resolve(project, inputs.out),
    base: inputs.base,
    ...(inputs.health !== undefined && { health: inputs.health }),
    review: reviewOf(action, inputs),
  })
  const language = await action.language()
  if (promotion.outcome === 'refused') return notProposed(promotion.reasons, language)
  return promotion.outcome === 'held'
    ? held(promotion.reason, language)
    : proposed(promotion, language)
})
