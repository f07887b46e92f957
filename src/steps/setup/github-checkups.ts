import type { Day } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import { ALERT_LABEL } from '../../github/alert.ts'
import type { GitHub } from '../../github/client.ts'
import { readEnvironment } from '../../github/environments.ts'
import { type RepositorySettings, readSettings } from '../../github/settings.ts'
import type { Source } from '../../sales/warehouse/source.ts'
import { PROMOTION_LABEL, ROLLBACK_LABEL } from '../promotion/promotion-request.ts'
import { branchCheckups } from './branch-checkups.ts'
import type { Checkup } from './checkup.ts'
import { done, hidden, toDo, unknown } from './checkup.ts'
import { WAREHOUSE_ENVIRONMENT, warehouseOnGitHub, warehouseUnnamed } from './warehouse-checkups.ts'
import { workflowCheckups } from './workflow-checkups.ts'

/**
 * What only GitHub can say, also of the source of the contract, where that could be read. Where GitHub
 * cannot be asked, that is the one checkup.
 */
export async function githubCheckups(
  github: GitHub | { problem: string; remedy: string },
  today: Day,
  contract?: { source?: Source | undefined },
): Promise<Checkup[]> {
  if ('problem' in github) {
    const { problem, remedy } = github
    return [unknown('access', problem, { remedy })]
  }
  try {
    const settings = await readSettings(github)
    const checkups = [...branchCheckups, ...workflowCheckups, issues, labels]
    const found = checkups.map((checkup) => checkup(settings, today))
    const source = contract?.source
    if (source === undefined) return contract ? [...found, ...warehouseUnnamed(settings)] : found
    const environment = await readEnvironment(github, WAREHOUSE_ENVIRONMENT)
    return [...found, warehouseOnGitHub(source, settings, environment)]
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const [detail] = error.message.split('\n')
    const remedy = `Pass a token that can read ${github.owner}/${github.repo}; that of an administrator sees everything: GITHUB_TOKEN=$(gh auth token) npx cd4ml doctor`
    return [toDo('access', detail, { remedy })]
  }
}

function issues({ issues, url }: RepositorySettings): Checkup {
  if (issues) return done('issues', 'on')
  return toDo('issues', 'off: what fails when nobody watches cannot be reported', {
    remedy: 'Turn them on under Settings > General > Features.',
    url: `${url}/settings`,
  })
}

function labels({ labels, url }: RepositorySettings): Checkup {
  const own = [PROMOTION_LABEL, ROLLBACK_LABEL, ALERT_LABEL].map(({ name }) => name)
  if (labels === 'unknown') {
    return hidden('labels', 'which there are', {
      remedy: 'Nothing, as a rule: they are made when they are first needed.',
      url: `${url}/labels`,
    })
  }
  const missing = own.filter((name) => !labels.includes(name))
  return done(
    'labels',
    missing.length === 0 ? own.join(', ') : `made when first needed: ${missing.join(', ')}`,
  )
}
