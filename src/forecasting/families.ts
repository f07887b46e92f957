import { boostedTrees } from './boosted-trees.ts'
import { exponentialSmoothing } from './exponential-smoothing.ts'
import type { Family, FamilyName } from './family.ts'
import { movingAverage } from './moving-average.ts'
import { ridge } from './ridge.ts'
import { seasonalNaive } from './seasonal-naive.ts'
import { theta } from './theta.ts'

/** All families, the simplest first. */
export const families: Readonly<Record<FamilyName, Family>> = {
  'seasonal-naive': seasonalNaive,
  'moving-average': movingAverage,
  'exponential-smoothing': exponentialSmoothing,
  theta,
  ridge,
  'boosted-trees': boostedTrees,
}
