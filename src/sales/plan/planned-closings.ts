import type { Day } from '../../base/day.ts'
import { type Plan, type PlannedDays, revisionOf } from './plan.ts'

/**
 * Whether it is planned that all of these stores are closed on a day; where there are none, that
 * everything is. Of each store that counts which was known last, and of that, what names the store.
 */
export function plannedClosings(
  { rows }: Pick<Plan, 'rows'>,
  stores: Iterable<string>,
): (day: Day) => boolean {
  const all = [...stores]
  const ofStores = rows.filter(
    ({ closed, productId, category }) =>
      closed !== undefined && productId === undefined && category === undefined,
  )
  return (day) => {
    const onDay = ofStores
      .filter(({ from, to }) => from <= day && day <= to)
      .sort((a, b) => revisionOf(a) - revisionOf(b) || names(a) - names(b))
    const isClosed = (store: string | undefined) =>
      onDay.findLast(({ storeId }) => storeId === undefined || storeId === store)?.closed === true
    return all.length === 0 ? isClosed(undefined) : all.every(isClosed)
  }
}

function names({ storeId }: PlannedDays): number {
  return Number(storeId !== undefined)
}
