import { createHash } from 'node:crypto'
import { bytesOf } from '../../base/number-array.ts'
import { type DailyTotals, textsInOrder } from './daily-totals.ts'

/**
 * SHA-256, in hex, of all that models can learn: equal totals, equal data, whatever files they came
 * in. Texts that no entry refers to do not count, since totals cut at a day still list those of later
 * days; nor does of what chain they are a part.
 */
export function totalsDigest(totals: DailyTotals): string {
  const used = { ...totals, ...textsInOrder(totals, totals) }
  const { series, names, categories, columns, chain: _, ...arrays } = used
  const hash = createHash('sha256')
  hash.update(JSON.stringify([series, names, categories, columns]))
  // By name alone: without a comparison, sorting would write every array out as text.
  const byName = Object.entries(arrays).sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [name, array] of byName) hash.update(name).update(bytesOf(array))
  return hash.digest('hex')
}
