import { UserError } from '../../base/errors.ts'
import { number } from '../../base/schema-parts.ts'
import type { Loss } from './losses.ts'

/** Boosted trees as they are stored: all that prediction needs, in plain numbers. */
export type Trees = {
  loss: Loss
  /** Names of the columns, in the order in which nodes number them. */
  features: string[]
  /** By feature: by how much the splits by it lowered the loss, shares of 1. */
  importance: number[]
  /** What the leaves add to. */
  initial: number
  trees: Tree[]
}

/**
 * A tree. The inner nodes come before those below them; the first is the root. A child is another
 * inner node, or −1 − the number of a leaf. A tree without inner nodes has one leaf.
 */
export type Tree = {
  feature: number[]
  /** Values up to this one go left. */
  threshold: number[]
  /** 1 where missing values go left, otherwise 0. */
  missingLeft: number[]
  left: number[]
  right: number[]
  /** By leaf. */
  value: number[]
}

const REMEDY = 'Restore the file from git, or train the model again.'

const indices = { type: 'array', items: { type: 'integer' } }
const numbers = { type: 'array', items: { type: 'number' } }

const treeProperties = {
  feature: { ...indices, items: { type: 'integer', minimum: 0 } },
  threshold: numbers,
  missingLeft: { ...indices, items: { enum: [0, 1] } },
  left: indices,
  right: indices,
  value: { type: 'array', minItems: 1, items: number },
}

const properties = {
  loss: {
    anyOf: [
      objectOf({ tweedie: { type: 'number', exclusiveMinimum: 1, exclusiveMaximum: 2 } }),
      objectOf({ quantile: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 } }),
    ],
  },
  features: { type: 'array', items: { type: 'string' } },
  importance: { type: 'array', items: { type: 'number', minimum: 0, maximum: 1 } },
  initial: number,
  trees: { type: 'array', items: objectOf(treeProperties) },
}

/** JSON Schema of `Trees`. What it cannot say, `checkTrees` does. */
export const treesSchema = objectOf(properties)

/**
 * Throws a `UserError` where trees that satisfy the schema would lead prediction astray: to a node,
 * leaf or feature that does not exist, or in a circle.
 */
export function checkTrees({ features, importance, trees }: Trees, file: string): void {
  const refuse = (key: string, what: string) => {
    throw new UserError(what, { file, key, remedy: REMEDY })
  }
  if (importance.length !== features.length) refuse('importance', 'must have one share a feature')
  for (const [index, { feature, threshold, missingLeft, left, right, value }] of trees.entries()) {
    const key = `trees.${index}`
    const nodes = feature.length
    if ([threshold, missingLeft, left, right].some(({ length }) => length !== nodes)) {
      refuse(key, 'must have as many thresholds, directions and children as features')
    }
    if (value.length !== nodes + 1) refuse(`${key}.value`, 'must have one leaf more than nodes')
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

function objectOf(properties: Record<string, object>): object {
  return {
    type: 'object',
    required: Object.keys(properties),
    additionalProperties: false,
    properties,
  }
}
