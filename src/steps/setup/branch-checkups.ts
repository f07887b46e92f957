import { counted } from '../../base/wording.ts'
import type { RepositorySettings } from '../../github/settings.ts'
import { LEDGER_BRANCH } from '../../ledger/leaderboard.ts'
import type { Checkup } from './checkup.ts'
import { done, hidden, notInThePlan, toDo } from './checkup.ts'

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
  newSales,
]

function defaultBranch({ defaultBranch, url }: RepositorySettings): Checkup {
  const name = 'default branch'
  if (defaultBranch === 'main') return done(name, 'main')
  return toDo(name, `it is ${defaultBranch}, but the workflows work on main`, {
    remedy: 'Rename it to main under Settings > General > Default branch.',
    url: `${url}/settings`,
  })
}

function pullRequests({ protection, variables, url }: RepositorySettings): Checkup {
  const name = 'changes of main'
  const place = {
    remedy: 'Make a branch ruleset for main: require a pull request before merging, 1 approval.',
    url: `${url}/settings/rules`,
  }
  if (protection === 'not in the plan') return notInThePlan(name)
  if (protection === 'unknown') return hidden(name, 'whether they need a pull request', place)
  if (!protection.pullRequest) return toDo(name, 'they need no pull request', place)
  if (protection.codeOwners && mergesSales(variables)) {
    return done(name, 'they need a pull request, and the approval of whoever owns what they change')
  }
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
  if (protection === 'not in the plan') return notInThePlan(name)
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
  if (protection === 'not in the plan') return notInThePlan(name)
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

/** `true` where new sales may merge themselves. */
const MERGE_SALES = 'CD4ML_MERGE_SALES'

function mergesSales(variables: RepositorySettings['variables']): boolean {
  return variables !== 'unknown' && variables.includes(MERGE_SALES)
}

/** What keeps the pull requests of new sales from merging themselves, one thing at a time. */
function newSales(settings: RepositorySettings): Checkup {
  const { autoMerge, protection, variables, codeOwners = '', url } = settings
  const name = 'new sales'
  if (variables === 'unknown') {
    return hidden(name, 'whether they merge themselves', {
      remedy: `They do where the variable ${MERGE_SALES} is true: docs/your-own-data.md, "Every night".`,
      url: `${url}/settings/variables/actions`,
    })
  }
  if (!mergesSales(variables)) return done(name, 'a person merges them')
  if (autoMerge === false) {
    return toDo(name, 'they may not merge themselves', {
      remedy: 'Tick "Allow auto-merge" under Settings > General > Pull Requests.',
      url: `${url}/settings`,
    })
  }
  if (!variables.includes('CD4ML_APP_CLIENT_ID')) {
    return toDo(name, 'the checks of their pull requests wait for a person', {
      remedy:
        'Set up a GitHub App, so that they start by themselves: docs/github.md, "A GitHub App".',
      url: `${url}/settings/variables/actions`,
    })
  }
  if (typeof protection === 'object' && protection.approvals > 0) {
    return toDo(name, 'the rules of main ask for an approval of every pull request', {
      remedy:
        'Set the required approvals in the ruleset for main to 0, and tick "Require review from Code Owners": what has an owner is still reviewed.',
      url: `${url}/settings/rules`,
    })
  }
  if (typeof protection === 'object' && protection.codeOwners && !isSalesUnowned(codeOwners)) {
    return toDo(name, 'the sales have code owners, whose review is required', {
      remedy:
        'Add the line /data/sales/ without an owner to .github/CODEOWNERS, below that of /data/.',
      url: `${url}/blob/main/.github/CODEOWNERS`,
    })
  }
  return done(name, 'they merge themselves when the required checks have passed')
}

/** The last line that matches a file decides, and a line may name nobody. */
function isSalesUnowned(codeOwners: string): boolean {
  const lines = codeOwners.split('\n').map((line) => line.replace(/#.*/, '').trim())
  const last = lines.findLast((line) => /^(\*|\/?data\/(sales\/)?\**)(\s|$)/.test(line))
  return last === undefined || !/\s/.test(last)
}
