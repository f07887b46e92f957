import { planned } from '../planned-family.ts'
import { plausible } from '../plausible.ts'
import { boostedTrees } from './boosted-trees.ts'
import { exponentialSmoothing } from './exponential-smoothing.ts'
import type { Family, FamilyName } from './family.ts'
import { movingAverage } from './moving-average.ts'
import { ridge } from './ridge.ts'
import { seasonalNaive } from './seasonal-naive.ts'
import { theta } from './theta.ts'

/** All families, the simplest first; whatever they forecast is `plausible`. */
export const families: Readonly<Record<FamilyName, Family>> = {
  'seasonal-naive': planned(plausible(seasonalNaive)),
  'moving-average': planned(plausible(movingAverage)),
  'exponential-smoothing': planned(plausible(exponentialSmoothing)),
  theta: planned(plausible(theta)),
  ridge: planned(plausible(ridge)),
  'boosted-trees': planned(plausible(boostedTrees)),
}
