import type { Evaluation } from '../evaluation/gate/evaluation.ts'
import type { Search } from '../evaluation/search/search-result.ts'
import type { ValidationReport } from '../sales/checks/validation-report.ts'
import type { PendingComparison } from './pending.ts'

/** How far validating, training and comparing came; what is absent did not come about. */
export type Experiment = {
  validation?: ValidationReport
  /** What the search of the challenger tried. */
  search?: Search
  evaluation?: Evaluation
  /** How the challenger stands against a version that waits to go into production. */
  pending?: PendingComparison
  /** Why it went no further, as a sentence. */
  problem?: string
}
