import { type Static, Type } from 'typebox'
import { UserError } from '../../base/errors.ts'
import { number, object, share } from '../../base/schema-parts.ts'
import { TRAIN_AGAIN } from '../train-again.ts'

/**
 * What the trees are to make small. With the Tweedie loss, of the given variance power, they add up
 * to the logarithm of the prediction.
 */
export const Loss = Type.Union([
  object({ tweedie: Type.Number({ exclusiveMinimum: 1, exclusiveMaximum: 2 }) }),
  object({ quantile: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }) }),
])
export type Loss = Static<typeof Loss>

const numbers = Type.Array(Type.Number())

/**
 * A tree. The inner nodes come before those below them; the first is the root. A child is another
 * inner node, or −1 − the number of a leaf. A tree without inner nodes has one leaf.
 */
const Tree = object({
  feature: Type.Array(Type.Integer({ minimum: 0 })),
  /** Values up to this one go left. */
  threshold: numbers,
  /** 1 where missing values go left, otherwise 0. */
  missingLeft: Type.Array(Type.Integer({ enum: [0, 1] })),
  left: Type.Array(Type.Integer()),
  right: Type.Array(Type.Integer()),
  /** By leaf. */
  value: Type.Array(number, { minItems: 1 }),
  /** By quantile and leaf. */
  quantiles: Type.Optional(Type.Array(Type.Array(number))),
})
export type Tree = Static<typeof Tree>

/**
 * Boosted trees as they are stored: all that prediction needs, in plain numbers. What the schema
 * cannot say, `checkTrees` does.
 */
export const Trees = object({
  loss: Loss,
  /** Names of the columns, in the order in which nodes number them. */
  features: Type.Array(Type.String()),
  /** By feature: by how much the splits by it lowered the loss, shares of 1. */
  importance: Type.Array(share),
  /** What the leaves add to. */
  initial: number,
  /** What the trees tell beside that: the levels, and what the leaves add to. */
  quantiles: Type.Optional(Type.Array(object({ level: share, initial: number }))),
  trees: Type.Array(Tree),
})
export type Trees = Static<typeof Trees>

/**
 * Throws a `UserError` where trees that satisfy the schema would lead prediction astray: to a node,
 * leaf or feature that does not exist, or in a circle.
 */
export function checkTrees(all: Trees, file: string): void {
  const { features, importance, trees, quantiles: told = [] } = all
  const refuse = (key: string, what: string) => {
    throw new UserError(what, { file, key, remedy: TRAIN_AGAIN })
  }
  if (importance.length !== features.length) refuse('importance', 'must have one share a feature')
  for (const [index, tree] of trees.entries()) {
    const { feature, threshold, missingLeft, left, right, value, quantiles = [] } = tree
    const key = `trees.${index}`
    const nodes = feature.length
    if ([threshold, missingLeft, left, right].some(({ length }) => length !== nodes)) {
      refuse(key, 'must have as many thresholds, directions and children as features')
    }
    if (value.length !== nodes + 1) refuse(`${key}.value`, 'must have one leaf more than nodes')
    if (quantiles.length !== told.length || quantiles.some((it) => it.length !== value.length)) {
      refuse(`${key}.quantiles`, 'must have as many values as there are leaves, for each quantile')
    }
    if (feature.some((it) => it >= features.length)) {
      refuse(`${key}.feature`, 'must be the number of a feature')
    }
    // As children come after their parents, every way down ends.
    const isChild = (child: number, node: number) =>
      child >= 0 ? node < child && child < nodes : child >= -value.length
    if (!left.every(isChild) || !right.every(isChild)) {
      refuse(key, 'must have children that are later nodes or leaves of its own')
    }
  }
}
