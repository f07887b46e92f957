import { UserError } from '../base/errors.ts'
import { LEDGER_BRANCH } from '../ledger/leaderboard.ts'

/** For whoever asks for what the branch of records has, in a clone that does not know it. */
export function noLedgerBranch(): UserError {
  return new UserError(`there is no branch ${LEDGER_BRANCH} in this clone`, {
    remedy: `Run git fetch origin ${LEDGER_BRANCH}. The workflow forecast begins it with the first forecasts that it publishes, or collect with the first events of a service.`,
  })
}
