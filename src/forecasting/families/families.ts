import { closedOnHolidays } from '../closed-holidays.ts'
import { planned } from '../planned-family.ts'
import { plausible } from '../plausible.ts'
import { boostedTrees } from './boosted-trees.ts'
import { exponentialSmoothing } from './exponential-smoothing.ts'
import type { Family, FamilyName } from './family.ts'
import { movingAverage } from './moving-average.ts'
import { ridge } from './ridge.ts'
import { seasonalNaive } from './seasonal-naive.ts'
import { theta } from './theta.ts'

/** All families, the simplest first. */
export const families: Readonly<Record<FamilyName, Family>> = {
  'seasonal-naive': deployed(seasonalNaive),
  'moving-average': deployed(movingAverage),
  'exponential-smoothing': deployed(exponentialSmoothing),
  theta: deployed(theta),
  ridge: deployed(ridge),
  'boosted-trees': deployed(boostedTrees),
}

/**
 * A family learns and forecasts usual demand. It is handed a panel without holidays on which the chain
 * is closed, of that one without what plans did, and of that one as if all launches had settled; what
 * it forecasts is put right in the reverse order.
 */
function deployed(family: Family): Family {
  return closedOnHolidays(planned(plausible(family)))
}
