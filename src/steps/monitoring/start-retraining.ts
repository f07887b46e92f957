import type { GitHub } from '../../github/client.ts'
import { createOnce } from '../../github/create-once.ts'
import { ledgerFiles } from '../../github/ledger-branch.ts'
import { type ListedRun, newestRuns, startWorkflow } from '../../github/workflow-runs.ts'
import { readOne } from '../../ledger/ledger.ts'
import { RECORD_ID } from '../../ledger/run-record.ts'
import { isSameBlock } from '../../monitoring/health/alarm.ts'
import type { HealthRecord } from '../../monitoring/health/health-record.ts'
import { healthKind } from '../../monitoring/health/kept-health.ts'

export type Retraining =
  | { outcome: 'started' }
  /** Of the same version after the same block, by this run or an earlier one. */
  | { outcome: 'was started' }
  /** Another one runs or waits: the next look starts it, where there is still a need for it. */
  | { outcome: 'another runs' }

/**
 * Starts the workflow `retrain` for what a health record on the branch of records says: at most once
 * for each new block, and not while another retraining runs or waits. Which record one was started
 * for, its title says (`run-name` in retrain.yml).
 */
export async function startRetraining(
  github: GitHub,
  { id, record, now }: { id: string; record: HealthRecord; now: string },
): Promise<Retraining> {
  const runs = await newestRuns(github, RETRAIN)
  if (await wasStarted(github, runs, { id, record, now })) return { outcome: 'was started' }
  if (runs.some(({ isOver }) => !isOver)) return { outcome: 'another runs' }
  await createOnce(
    github,
    async () => (await newestRuns(github, RETRAIN)).find((run) => healthIdOf(run) === id),
    async () => {
      await startWorkflow(github, RETRAIN, { health: id })
      return { title: titleOf(id), isOver: false }
    },
  )
  return { outcome: 'started' }
}

const RETRAIN = 'retrain.yml'

async function wasStarted(
  github: GitHub,
  runs: ListedRun[],
  { id, record, now }: { id: string; record: HealthRecord; now: string },
): Promise<boolean> {
  const ids = new Set(runs.map(healthIdOf).filter((of) => of !== undefined))
  if (ids.has(id)) return true
  const ledger = await ledgerFiles(github)
  for (const other of [...ids].slice(0, MOST_READ)) {
    const read = await readOne(ledger, healthKind, { id: other, asOf: now })
    if (read && 'record' in read && isSameBlock(read.record, record)) return true
  }
  return false
}

/** The newest ones: none that is older can be of the same block. */
const MOST_READ = 10

const TITLE = 'Health record '

function titleOf(id: string): string {
  return `${TITLE}${id}`
}

function healthIdOf({ title }: ListedRun): string | undefined {
  if (!title.startsWith(TITLE)) return undefined
  const id = title.slice(TITLE.length)
  return RECORD_ID.test(id) ? id : undefined
}
