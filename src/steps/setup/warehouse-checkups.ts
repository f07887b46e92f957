import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UserError } from '../../base/errors.ts'
import type { readEnvironment } from '../../github/environments.ts'
import type { RepositorySettings } from '../../github/settings.ts'
import { readyToAsk } from '../../sales/warehouse/ready.ts'
import type { Source } from '../../sales/warehouse/source.ts'
import { type Checkup, done, hidden, toDo } from './checkup.ts'

/** Whether the source of a contract can be asked from this folder, and by the workflow. */
export async function warehouseHere(
  source: Source,
  options: { project: string; contract: string; environment: NodeJS.ProcessEnv },
): Promise<Checkup> {
  const { project, contract, environment } = options
  const whom = await readyToAsk(source, { folder: dirname(contract), project, environment })
  const workflow = await readFile(join(project, INGEST), 'utf8').catch(() => undefined)
  if (workflow === undefined) {
    throw new UserError(`there is no ${INGEST}, which asks every night`, {
      remedy: 'Take it over from the template, or run npx cd4ml ingest where you run it now.',
    })
  }
  const { engine } = source
  if (engine.kind === 'postgresql' && !passes(workflow, engine.connection)) {
    throw new UserError(`${INGEST} does not pass on ${engine.connection}`, {
      remedy: `Add it to the env of the step that asks: ${engine.connection}: \${{ secrets.${engine.connection} }}`,
    })
  }
  return done('warehouse', whom)
}

const INGEST = '.github/workflows/ingest.yml'

function passes(workflow: string, variable: string): boolean {
  return new RegExp(`^\\s*${variable}:\\s*\\S`, 'm').test(workflow)
}

/** The environment whose secrets the workflow asks for. */
export const WAREHOUSE_ENVIRONMENT = 'warehouse'
const NIGHTLY = 'CD4ML_INGEST'

/** Whether GitHub lets the workflow ask, and nobody else. */
export function warehouseOnGitHub(
  source: Source,
  { variables, workflows, url }: RepositorySettings,
  environment: Awaited<ReturnType<typeof readEnvironment>>,
): Checkup {
  const name = 'warehouse'
  const place = { url: `${url}/settings/environments` }
  if (environment === 'unknown') {
    return hidden(name, `the environment ${WAREHOUSE_ENVIRONMENT}`, {
      ...place,
      remedy: `See that its secrets are for main alone: docs/warehouse.md, "Every night".`,
    })
  }
  if (environment === 'not in the plan') {
    return toDo(name, 'the plan has no environments for private repositories', {
      ...place,
      remedy:
        'Take a paid plan; until then run npx cd4ml ingest where the credentials are, and push what it writes as a branch: docs/your-own-data.md, "Every night".',
    })
  }
  if (environment === 'none') {
    return toDo(name, `there is no environment ${WAREHOUSE_ENVIRONMENT}`, {
      ...place,
      remedy: `Make one under Settings > Environments, for the branch main alone, with what the query needs as its secrets: docs/warehouse.md, "Every night".`,
    })
  }
  const { branches, secrets } = environment
  if (branches === 'all' || (Array.isArray(branches) && branches.join() !== 'main')) {
    return toDo(name, `other branches than main get the secrets of ${WAREHOUSE_ENVIRONMENT}`, {
      ...place,
      remedy: 'Choose "Deployment branches: selected", and main alone.',
    })
  }
  const { engine } = source
  if (engine.kind === 'postgresql' && !secrets.includes(engine.connection.toUpperCase())) {
    return toDo(name, `${WAREHOUSE_ENVIRONMENT} has no secret ${engine.connection}`, {
      ...place,
      remedy: 'Add it: the connection string, of a role that may read and no more.',
    })
  }
  const last =
    workflows === 'unknown' ? undefined : workflows.find(({ path }) => path === INGEST)?.lastRun
  if (last?.conclusion && !['success', 'skipped'].includes(last.conclusion)) {
    return toDo(name, `asking ended with ${last.conclusion} on ${last.at.slice(0, 10)}`, {
      remedy: 'Its page says why.',
      url: last.url,
    })
  }
  if (variables === 'unknown' || variables.includes(NIGHTLY)) {
    return done(name, `asked every night, where the variable ${NIGHTLY} is true`)
  }
  return done(name, `asked by hand: without the variable ${NIGHTLY}, not every night`)
}

/** Of a contract without a source: whether the workflow asks every night all the same, and fails. */
export function warehouseUnnamed({ variables, url }: RepositorySettings): Checkup[] {
  if (variables === 'unknown' || !variables.includes(NIGHTLY)) return []
  return [
    toDo('warehouse', `the variable ${NIGHTLY} is set, but the contract does not say whom to ask`, {
      remedy:
        'Write cd4ml.source into data/datapackage.json, as docs/warehouse.md shows, or remove the variable.',
      url: `${url}/settings/variables/actions`,
    }),
  ]
}
