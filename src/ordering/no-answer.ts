import { isoFromDay } from '../base/day.ts'
import { UserError } from '../base/errors.ts'
import type { AskedDays } from './asked-days.ts'
import type { FoundSeries } from './series-index.ts'

/** Why a question has no answer. */
export type NoAnswer =
  | Exclude<FoundSeries, { outcome: 'found' }>
  | Exclude<AskedDays, { outcome: 'ahead' }>

/** The same for whoever asked at the command line. */
export function noAnswerError(noAnswer: NoAnswer): UserError {
  switch (noAnswer.outcome) {
    case 'unknown product':
      return new UserError(`product ${JSON.stringify(noAnswer.productId)} has never been sold`, {
        remedy: `Products are named as in the sales files, such as ${noAnswer.such.join(', ')}.`,
      })
    case 'unknown store': {
      const known = noAnswer.stores.map((store) => store ?? '(none)')
      return new UserError(
        `product ${noAnswer.productId} is not sold in store ${noAnswer.storeId}, but in ${known.join(', ')}`,
      )
    }
    case 'backward':
      return new UserError(
        `the days must run forward, but go from ${isoFromDay(noAnswer.from)} to ${isoFromDay(noAnswer.to)}`,
      )
    case 'over':
      return new UserError(
        `${isoFromDay(noAnswer.to)} is over: sales are known up to ${isoFromDay(noAnswer.knownThrough)}`,
        { remedy: 'Ask for later days, or give --as-of an earlier one to see what was forecast.' },
      )
    case 'too far':
      return new UserError(
        `${isoFromDay(noAnswer.to)} is ${noAnswer.periods} ${noAnswer.frequency}s ahead, but the model was evaluated ${noAnswer.horizon} ahead`,
        { remedy: 'Ask for an earlier day, or raise the horizon in the recipe and train again.' },
      )
  }
}
