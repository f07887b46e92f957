import { counted } from '../../base/wording.ts'
import type { RepositorySettings } from '../../github/settings.ts'
import { LEDGER_BRANCH } from '../../ledger/leaderboard.ts'
import type { Checkup } from './checkup.ts'
import { done, hidden, toDo } from './checkup.ts'

/** The names under which the workflows report to branch protection. */
export const REQUIRED_CHECKS = ['ci', 'experiment', 'promotion']

/** Who may change what on GitHub, and by which way. */
export const branchCheckups: ((settings: RepositorySettings) => Checkup)[] = [
  defaultBranch,
  pullRequests,
  requiredChecks,
  ownersReview,
  waysToMerge,
  owners,
  ledger,
  ledgerRules,
]

function defaultBranch({ defaultBranch, url }: RepositorySettings): Checkup {
  const name = 'default branch'
  if (defaultBranch === 'main') return done(name, 'main')
  return toDo(name, `it is ${defaultBranch}, but the workflows work on main`, {
    remedy: 'Rename it to main under Settings > General > Default branch.',
    url: `${url}/settings`,
  })
}

function pullRequests({ protection, url }: RepositorySettings): Checkup {
  const name = 'changes of main'
  const place = {
    remedy: 'Make a branch ruleset for main: require a pull request before merging, 1 approval.',
    url: `${url}/settings/rules`,
  }
  if (protection === 'unknown') return hidden(name, 'whether they need a pull request', place)
  if (!protection.pullRequest) return toDo(name, 'they need no pull request', place)
  return protection.approvals > 0
    ? done(name, `they need a pull request with ${counted(protection.approvals, 'approval')}`)
    : toDo(name, "they need a pull request, but nobody's approval", place)
}

function requiredChecks({ protection, url }: RepositorySettings): Checkup {
  const name = 'required checks'
  const place = {
    remedy: `Require the status checks ${REQUIRED_CHECKS.join(', ')} in the ruleset for main. GitHub offers those that have run once: open a pull request first.`,
    url: `${url}/settings/rules`,
  }
  if (protection === 'unknown') return hidden(name, 'which there are', place)
  const missing = REQUIRED_CHECKS.filter((check) => !protection.checks.includes(check))
  return missing.length === 0
    ? done(name, REQUIRED_CHECKS.join(', '))
    : toDo(name, `not required to pass: ${missing.join(', ')}`, place)
}

function ownersReview({ protection, url }: RepositorySettings): Checkup {
  const name = 'review by code owners'
  const place = {
    remedy: 'Tick "Require review from Code Owners" in the ruleset for main.',
    url: `${url}/settings/rules`,
  }
  if (protection === 'unknown') return hidden(name, 'whether it is required', place)
  return protection.codeOwners ? done(name, 'required') : toDo(name, 'not required', place)
}

/** Whatever main itself was at counts as reviewed: also what a pull request brought and took back. */
function waysToMerge({ rebaseMerges, url }: RepositorySettings): Checkup {
  const name = 'ways to merge'
  const place = {
    remedy: 'Untick "Allow rebase merging" under Settings > General > Pull Requests.',
    url: `${url}/settings`,
  }
  if (rebaseMerges === 'unknown') return hidden(name, 'which there are', place)
  return rebaseMerges
    ? toDo(name, 'rebasing puts commits on main that no review has seen alone', place)
    : done(name, 'a pull request comes to main as one commit')
}

function owners({ codeOwnersErrors: errors, url }: RepositorySettings): Checkup {
  const name = 'code owners on main'
  const place = {
    remedy: 'Correct .github/CODEOWNERS, and give the owners write access to the repository.',
    url: `${url}/blob/main/.github/CODEOWNERS`,
  }
  return errors.length === 0
    ? done(name, 'they exist and have access')
    : toDo(name, errors.join('; '), place)
}

function ledger({ ledger, url }: RepositorySettings): Checkup {
  if (ledger.exists) return done('ledger', `the branch ${LEDGER_BRANCH} is there`)
  return toDo('ledger', `there is no branch ${LEDGER_BRANCH} yet`, {
    remedy: 'The first run makes it: Actions > retrain > Run workflow.',
    url: `${url}/actions/workflows/retrain.yml`,
  })
}

function ledgerRules({ ledger: { isAppendOnly }, url }: RepositorySettings): Checkup {
  const name = 'rules of the ledger'
  const place = {
    remedy: `Make a branch ruleset for ${LEDGER_BRANCH}: restrict deletions, block force pushes.`,
    url: `${url}/settings/rules`,
  }
  if (isAppendOnly === 'unknown') return hidden(name, 'whether records can be lost', place)
  return isAppendOnly
    ? done(name, 'no record can be lost')
    : toDo(name, 'the branch may be deleted or rewritten', place)
}
