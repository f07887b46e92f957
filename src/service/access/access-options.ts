import type { LedgerDatabase } from '../../ledger/sql/database.ts'
import type { ServiceSettings } from '../engine/service-settings.ts'
import type { OpenIdProvider } from './openid.ts'
import type { TrustedWorkflows } from './workflow-token.ts'

export type AccessOptions = AccessSettings & {
  database: LedgerDatabase
  now: () => Date
  /** As they are now: the language is that of those whose browser asks for none of ours. */
  settings: () => Pick<ServiceSettings, 'language'>
}

/** What a chain can choose. */
export type AccessSettings = {
  /** Where buyers have accounts, which let them in. */
  provider?: OpenIdProvider
  /** Without it, no workflow is trusted. */
  workflows?: TrustedWorkflows
  /** Origins whose pages may show ours in a frame, such as `https://stock.example`. */
  embedIn?: readonly string[]
  /** What one system may ask in a minute. */
  requestsAMinute?: number
}
