import type { PlannedDays } from './plan.ts'

/** What a row is to those that were known on the same day about the same products. */
export type AgainstOthers = 'plan-contradictory' | 'plan-repeated'

/**
 * The rows that say again what an earlier one says, and those that say something else of a day than
 * another one that was known on the same day about the same product, category and store: which of
 * them holds, nobody could tell. Those known later replace earlier ones, and speak against nothing.
 */
export function againstEachOther<Row extends PlannedDays>(
  rows: readonly Row[],
): Map<Row, AgainstOthers> {
  const found = new Map<Row, AgainstOthers>()
  const seen = new Set<string>()
  const once = rows.filter((row) => {
    const text = rowText(row)
    const isRepeated = seen.has(text)
    if (isRepeated) found.set(row, 'plan-repeated')
    seen.add(text)
    return !isRepeated
  })
  for (const alike of Map.groupBy(once, targetText).values()) {
    for (const sayOf of sayings) {
      for (const row of contradictory(alike, sayOf)) found.set(row, 'plan-contradictory')
    }
  }
  return found
}

/** What of a row can contradict another one; undefined where it says nothing of it. */
const sayings: ((row: PlannedDays) => string | undefined)[] = [
  ({ price, discount }) =>
    price === undefined && discount === undefined ? undefined : `${price} ${discount}`,
  ({ promotion }) => promotion,
  ({ display }) => display?.toString(),
  ({ closed }) => closed?.toString(),
]

/** Of rows that hang together by their days, all where not all say the same. */
function contradictory<Row extends PlannedDays>(
  rows: Row[],
  sayOf: (row: PlannedDays) => string | undefined,
): Row[] {
  const saying = rows.filter((row) => sayOf(row) !== undefined).sort((a, b) => a.from - b.from)
  const found: Row[] = []
  for (let from = 0; from < saying.length; ) {
    let end = from + 1
    let { to } = saying[from]
    for (; end < saying.length && saying[end].from <= to; end++) to = Math.max(to, saying[end].to)
    const together = saying.slice(from, end)
    if (new Set(together.map(sayOf)).size > 1) found.push(...together)
    from = end
  }
  return found
}

function targetText({ productId, category, storeId, knownOn }: PlannedDays): string {
  return JSON.stringify([knownOn, productId ?? null, category ?? null, storeId ?? null])
}

function rowText(row: PlannedDays): string {
  const { from, to, price, discount, promotion, display, closed } = row
  return JSON.stringify([targetText(row), from, to, price, discount, promotion, display, closed])
}
