import { type Day, dayFromIso } from '../../base/day.ts'
import type { RepositorySettings } from '../../github/settings.ts'
import { LEDGER_BRANCH } from '../../ledger/leaderboard.ts'
import type { Checkup } from './checkup.ts'
import { done, hidden, toDo } from './checkup.ts'

/** Whether workflows run, may do what they have to, and have done it. */
export const workflowCheckups: ((settings: RepositorySettings, today: Day) => Checkup)[] = [
  server,
  actions,
  pullRequestsOfWorkflows,
  workflowToken,
  app,
  service,
  dashboard,
  workflows,
  monitoring,
  retraining,
]

function server({ isEnterpriseServer, url }: RepositorySettings): Checkup {
  const name = 'server'
  if (!isEnterpriseServer) return done(name, "GitHub's own")
  return toDo(
    name,
    'it is GitHub Enterprise Server, which the artifacts between jobs do not work on',
    {
      remedy:
        'Use a repository on github.com or ghe.com; the command line works anywhere: docs/github.md, "GitHub Enterprise Server".',
      url,
    },
  )
}

function actions({ actions, archived, url }: RepositorySettings): Checkup {
  const name = 'actions'
  if (archived) {
    return toDo(name, 'the repository is archived: nothing runs and nothing can be merged', {
      remedy: 'Unarchive it under Settings > General > Danger Zone.',
      url: `${url}/settings`,
    })
  }
  const place = {
    remedy: 'Allow them under Settings > Actions > General > Actions permissions.',
    url: `${url}/settings/actions`,
  }
  if (actions === 'unknown') return hidden(name, 'whether workflows may run', place)
  return actions ? done(name, 'workflows may run') : toDo(name, 'workflows may not run', place)
}

function pullRequestsOfWorkflows({ workflowToken, variables, url }: RepositorySettings): Checkup {
  const name = 'pull requests by workflows'
  const place = {
    remedy:
      'Tick "Allow GitHub Actions to create and approve pull requests" under Settings > Actions > General > Workflow permissions.',
    url: `${url}/settings/actions`,
  }
  if (variables !== 'unknown' && variables.includes(APP_VARIABLE)) {
    return done(name, 'the GitHub App opens them')
  }
  if (workflowToken === 'unknown') return hidden(name, 'whether workflows may open them', place)
  return workflowToken.mayOpenPullRequests
    ? done(name, 'allowed')
    : toDo(name, 'not allowed: no promotion can be proposed', place)
}

function workflowToken({ workflowToken, url }: RepositorySettings): Checkup {
  const name = 'token of workflows'
  const place = {
    remedy:
      'Choose "Read repository contents and packages permissions" under Settings > Actions > General > Workflow permissions.',
    url: `${url}/settings/actions`,
  }
  if (workflowToken === 'unknown') return hidden(name, 'what it may do', place)
  return workflowToken.permissions === 'read'
    ? done(name, 'can only read, unless a job asks for more')
    : toDo(name, 'it can write in every workflow that does not say otherwise', place)
}

const APP_VARIABLE = 'CD4ML_APP_CLIENT_ID'
const APP_SECRET = 'CD4ML_APP_PRIVATE_KEY'

function app({ variables, secrets, url }: RepositorySettings): Checkup {
  const name = 'GitHub App'
  const page = `${url}/settings/secrets/actions`
  if (variables === 'unknown' || secrets === 'unknown') {
    return hidden(name, 'whether there is one', {
      remedy: `If there is, the variable ${APP_VARIABLE} and the secret ${APP_SECRET} must both be set.`,
      url: page,
    })
  }
  const [hasVariable, hasSecret] = [variables.includes(APP_VARIABLE), secrets.includes(APP_SECRET)]
  if (hasVariable && hasSecret) return done(name, 'checks of promotions start by themselves')
  if (!hasVariable && !hasSecret) {
    return done(name, 'none: a person lets the checks of each promotion run')
  }
  const [there, missing] = hasVariable
    ? [`the variable ${APP_VARIABLE}`, `secret ${APP_SECRET}`]
    : [`the secret ${APP_SECRET}`, `variable ${APP_VARIABLE}`]
  return toDo(name, `there is ${there} alone`, {
    remedy: `Add the ${missing}, or remove the other: docs/github.md, "A GitHub App".`,
    url: hasVariable ? page : `${url}/settings/variables/actions`,
  })
}

const SERVICE = 'CD4ML_SERVICE'

/** GitHub shows a variable to workflows, and a secret only where one asks for it. */
function service({ variables, secrets, workflows, url }: RepositorySettings): Checkup {
  const name = 'service'
  const page = `${url}/settings/variables/actions`
  if (variables === 'unknown') {
    return hidden(name, 'whether there is one', {
      remedy: `If there is, the variable ${SERVICE} must be its address: docs/github.md, "The service".`,
      url: page,
    })
  }
  if (!variables.includes(SERVICE)) {
    const alone = [
      ...(variables.includes(`${SERVICE}_AUDIENCE`) ? [`the variable ${SERVICE}_AUDIENCE`] : []),
      ...(secrets !== 'unknown' && secrets.includes(SERVICE) ? [`the secret ${SERVICE}`] : []),
    ]
    if (alone.length === 0) return done(name, 'none: nothing is collected')
    return toDo(name, `there is ${alone.join(' and ')}, but no variable ${SERVICE}`, {
      remedy: `Make the address of the service a variable ${SERVICE}, or remove the other.`,
      url: page,
    })
  }
  const collect =
    workflows === 'unknown' ? undefined : workflows.find(({ path }) => fileOf(path) === COLLECT)
  const last = collect?.lastRun
  // Before there was a service, there was nothing to do.
  if (!last?.conclusion || ['success', 'skipped'].includes(last.conclusion)) {
    return done(name, 'what it records is collected every day')
  }
  return toDo(name, `collecting ended with ${last.conclusion} on ${last.at.slice(0, 10)}`, {
    remedy: 'Its page says why.',
    url: last.url,
  })
}

const COLLECT = 'collect.yml'

const PAGES = 'CD4ML_PAGES'
const PAGE_SEEN = `Where the variable ${PAGES} is true, everybody may see it: docs/dashboard.md, "On GitHub Pages".`

function dashboard({ isPrivate, pages, variables, url }: RepositorySettings): Checkup {
  const name = 'dashboard'
  if (variables === 'unknown') {
    return hidden(name, 'whether it has a page', {
      remedy: PAGE_SEEN,
      url: `${url}/settings/variables/actions`,
    })
  }
  if (!variables.includes(PAGES)) return done(name, 'kept with the runs that make it')
  const page = `${url}/settings/pages`
  if (pages === 'unknown')
    return hidden(name, 'who sees its page', { remedy: PAGE_SEEN, url: page })
  if (pages === 'off') {
    return toDo(name, `there is the variable ${PAGES}, but GitHub Pages is off`, {
      remedy: 'Choose "GitHub Actions" under Settings > Pages > Build and deployment > Source.',
      url: page,
    })
  }
  if (isPrivate && pages.isPublic) {
    return toDo(name, 'the repository is private, but everybody may see its page', {
      remedy: `Restrict the page to the repository under Settings > Pages, which takes GitHub Enterprise Cloud, or remove the variable ${PAGES} and unpublish the page.`,
      url: page,
    })
  }
  return done(name, 'on GitHub Pages')
}

function workflows({ workflows, url }: RepositorySettings): Checkup {
  const name = 'workflows'
  if (workflows === 'unknown' || workflows.length === 0) {
    const detail = 'which are switched on'
    const page = { remedy: 'See that none is disabled under Actions.', url: `${url}/actions` }
    if (workflows === 'unknown') return hidden(name, detail, page)
    return toDo(name, 'GitHub knows none', { ...page, remedy: 'Push .github/workflows to main.' })
  }
  const off = workflows.filter(({ state }) => state !== 'active')
  if (off.length === 0) return done(name, `all ${workflows.length} are on`)
  const reasons = off.map(({ path, state }) => {
    return `${fileOf(path)} (${state === 'disabled_inactivity' ? 'no commit for 60 days' : state})`
  })
  return toDo(name, `switched off: ${reasons.join(', ')}`, {
    remedy: 'Open the workflow under Actions, and press "Enable workflow".',
    url: `${url}/actions/workflows/${fileOf(off[0].path)}`,
  })
}

/** The model in production is looked at after every forecast. That workflows are on, another says. */
function monitoring({ workflows, ledger, url }: RepositorySettings): Checkup {
  const name = 'monitoring'
  if (workflows === 'unknown') {
    return hidden(name, 'whether the model in production is looked at', {
      remedy: 'See that forecast, monitor and retrain are there and on under Actions.',
      url: `${url}/actions`,
    })
  }
  const found = (file: string) => workflows.find(({ path }) => fileOf(path) === file)
  if (found(FORECAST) && !found(MONITOR)) {
    return toDo(name, `there is no ${MONITOR}: nobody looks at the model in production`, {
      remedy: `Take it over from the template, with the job in ${FORECAST} that calls it.`,
      url: `${url}/actions`,
    })
  }
  return done(
    name,
    ledger.exists ? 'after every forecast' : `begins with the first forecasts on ${LEDGER_BRANCH}`,
  )
}

const FORECAST = 'forecast.yml'
const MONITOR = 'monitor.yml'

function retraining({ workflows, url }: RepositorySettings, today: Day): Checkup {
  const name = 'last retraining'
  const start = {
    remedy: 'Start one: Actions > retrain > Run workflow.',
    url: `${url}/actions/workflows/${RETRAIN}`,
  }
  if (workflows === 'unknown') return hidden(name, 'when it was', start)
  const lastRun = workflows.find(({ path }) => fileOf(path) === RETRAIN)?.lastRun
  if (!lastRun) return toDo(name, 'there was none', start)
  const on = lastRun.at.slice(0, 10)
  if (lastRun.conclusion === undefined) return done(name, `running since ${on}`)
  if (lastRun.conclusion !== 'success') {
    return toDo(name, `it ended with ${lastRun.conclusion} on ${on}`, {
      remedy: 'Its page says why.',
      url: lastRun.url,
    })
  }
  return today - (dayFromIso(on) ?? today) > OVERDUE_DAYS
    ? toDo(name, `it was on ${on}, more than ${OVERDUE_DAYS} days ago`, start)
    : done(name, `on ${on}`)
}

function fileOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

const RETRAIN = 'retrain.yml'

/** As the workflow `overdue` has it where nobody says otherwise. */
const OVERDUE_DAYS = 14
