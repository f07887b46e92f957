import type { VersionBasis } from '../../ledger/shadow.ts'
import type { KeptShadow } from '../../steps/forecasts/find-shadow.ts'
import type { ProductionPlace } from './load-production.ts'

/** Where the version in production and the sales come from. */
export type ProductionSource = {
  /** What stands there now. Throws a `UserError` where it cannot be reached; `signal` ends the wait. */
  look(signal: AbortSignal): Promise<FoundProduction>
  /** How long to wait from one look to the next. */
  everyMs: number
}

export type FoundProduction = {
  /** The same as long as nothing has changed. */
  state: string
  /** The folder to load it from. */
  place(): Promise<ProductionPlace>
  /** What is to be tried beside this version; undefined where nothing is. May reject. */
  shadow(production: VersionBasis): Promise<KeptShadow | undefined>
  /** The folder is not needed any more. */
  release(): Promise<void>
}
