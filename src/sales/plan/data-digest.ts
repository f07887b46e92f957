import { createHash } from 'node:crypto'
import { canonicalJson } from '../../base/canonical-json.ts'
import type { DailyTotals } from '../totals/daily-totals.ts'
import { totalsDigest } from '../totals/totals-digest.ts'
import { noPlan, type Plan } from './plan.ts'

/**
 * SHA-256, in hex, of all that models can learn from: the sales and what was planned. Where nothing
 * is, it is that of the sales alone.
 */
export function dataDigest(totals: DailyTotals, plan: Plan): string {
  const sales = totalsDigest(totals)
  if (plan.rows.length === 0 && plan.prices === noPlan.prices) return sales
  return createHash('sha256').update(sales).update(canonicalJson(plan)).digest('hex')
}
