import { isoFromDay } from '../base/day.ts'
import { UserError } from '../base/errors.ts'
import type { AskedDays } from './asked-days.ts'
import type { FoundSeries } from './series-index.ts'

/** Why a question has no answer. */
export type Refusal =
  | Exclude<FoundSeries, { outcome: 'found' }>
  | Exclude<AskedDays, { outcome: 'ahead' }>

/** The same for whoever asked at the command line. */
export function refusalError(refusal: Refusal): UserError {
  switch (refusal.outcome) {
    case 'unknown product':
      return new UserError(`product ${JSON.stringify(refusal.productId)} has never been sold`, {
        remedy: `Products are named as in the sales files, such as ${refusal.such.join(', ')}.`,
      })
    case 'unknown store': {
      const known = refusal.stores.map((store) => store ?? '(none)')
      return new UserError(
        `product ${refusal.productId} is not sold in store ${refusal.storeId}, but in ${known.join(', ')}`,
      )
    }
    case 'backward':
      return new UserError(
        `the days must run forward, but go from ${isoFromDay(refusal.from)} to ${isoFromDay(refusal.to)}`,
      )
    case 'over':
      return new UserError(
        `${isoFromDay(refusal.to)} is over: sales are known up to ${isoFromDay(refusal.knownThrough)}`,
        { remedy: 'Ask for later days, or give --as-of an earlier one to see what was forecast.' },
      )
    case 'too far':
      return new UserError(
        `${isoFromDay(refusal.to)} is ${refusal.periods} ${refusal.frequency}s ahead, but the model was evaluated ${refusal.horizon} ahead`,
        { remedy: 'Ask for an earlier day, or raise the horizon in the recipe and train again.' },
      )
  }
}
