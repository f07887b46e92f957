import type { Day } from '../base/day.ts'
import { UserError } from '../base/errors.ts'
import { type Input, planInputNames, type QuestionSchema } from '../forecasting/question-schema.ts'
import type { PlannedDays } from '../sales/plan/plan.ts'
import type { ProductQuestion } from './series-index.ts'

/** What would be planned of a product on some days, in the place of what is. */
export type WhatIf = Pick<PlannedDays, 'price' | 'discount' | 'promotion' | 'display' | 'closed'>

/** Of the inputs that a question has, those that are about a plan; undefined where none is. */
export function whatIfOf(
  inputs: { readonly [K in keyof WhatIf]?: unknown } = {},
): WhatIf | undefined {
  const { price, discount, promotion, display, closed } = inputs
  const asked: WhatIf = {
    ...(typeof price === 'number' && { price }),
    ...(typeof discount === 'number' && { discount }),
    ...(typeof promotion === 'string' && { promotion }),
    ...(typeof display === 'boolean' && { display }),
    ...(typeof closed === 'boolean' && { closed }),
  }
  return Object.keys(asked).length > 0 ? asked : undefined
}

/**
 * The row of a plan that says so, known in the morning of `today`; it replaces all other rows.
 * Throws a `UserError` where the model takes no such input.
 */
export function plannedIf(
  asked: WhatIf,
  { productId, storeId, from, to }: ProductQuestion & { from: Day; to: Day },
  { inputs, today }: { inputs: QuestionSchema; today: Day },
): PlannedDays {
  for (const [key, value] of Object.entries(asked)) refuseUntaken(key, value, inputs)
  if (asked.price !== undefined && asked.discount !== undefined) {
    throw new UserError('there must be a price or a discount, but there are both', {
      key: 'discount',
    })
  }
  return {
    productId,
    ...(storeId !== undefined && { storeId }),
    from,
    to,
    knownOn: Math.min(from, today),
    revision: Number.MAX_SAFE_INTEGER,
    ...asked,
  }
}

function refuseUntaken(key: string, value: unknown, { properties }: QuestionSchema): void {
  const input: Input | undefined = Object.hasOwn(properties, key) ? properties[key] : undefined
  if (input === undefined) {
    const taken = planInputNames.filter((name) => Object.hasOwn(properties, name))
    throw new UserError(`the model takes no ${key}: no plan that it was trained on has one`, {
      key,
      remedy:
        taken.length > 0
          ? `It takes ${taken.join(', ')}.`
          : 'It was trained without a plan: give it one (docs/your-own-data.md), then train it.',
    })
  }
  if (input.type !== 'string' || input.enum?.includes(String(value)) !== false) return
  throw new UserError(
    `must be a kind of promotion that the model knows, but is ${JSON.stringify(value)}`,
    { key, remedy: `It knows ${input.enum.join(', ')}.` },
  )
}
