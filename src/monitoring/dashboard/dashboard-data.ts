import type { Interval } from '../../evaluation/gate/interval.ts'
import type { MetricName } from '../../evaluation/scoring/metrics.ts'
import type { Leaderboard } from '../../ledger/leaderboard.ts'
import type { PromotionEntry } from '../../registry/promotions.ts'
import type { HealthRecord } from '../health/health-record.ts'
import type { SeriesCourse } from './product-courses.ts'

/** All that the dashboard shows, as the ledger and the production branch have it. */
export type DashboardData = {
  /**
   * Of each time that a version was in production the newest record, the oldest first: their blocks
   * together are all that is known. Empty where nothing was monitored yet.
   */
  health: HealthRecord[]
  /** What was in production, newest first. */
  versions: VersionShown[]
  leaderboard: Leaderboard
  /** Of none where the sales cannot be used. */
  products: SeriesCourse[]
  /** Then health is as it was last recorded. */
  areSalesUnusable?: true
}

export type VersionShown = PromotionEntry & {
  /** Of the metric that decided, against what it was judged by; absent where that is not known. */
  gain?: {
    metric: MetricName
    difference: Interval
    against: 'champion' | 'seasonal naive'
  }
}
