import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { canonicalJson } from '../../base/canonical-json.ts'
import { unlessMistaken } from '../../base/errors.ts'
import { handedOver } from '../../base/handed-over.ts'
import { checker, parseJson } from '../../base/schema.ts'
import { count, number, object } from '../../base/schema-parts.ts'
import { writeWhole } from '../../base/write-file.ts'
import { billedMinutes, type JobsTook } from '../../evaluation/search/job-costs.ts'
import type { JobPlan } from './job-plan.ts'

const moment = Type.String({ format: 'date-time', maxLength: 40 })

/** What a job of a workflow took, as it has measured it. */
const JobRecord = object({
  format: Type.Literal('cd4ml-job/1'),
  /** From 1 on; 0 is the job that planned. */
  shard: count,
  startedAt: moment,
  endedAt: moment,
  /** How many it has made. */
  fits: count,
  /** Of its shard, in seconds of one core of the reference machine. */
  estimate: number,
})
export type JobRecord = Static<typeof JobRecord>

export async function writeJobRecord(
  folder: string,
  record: Omit<JobRecord, 'format'>,
): Promise<void> {
  const file = join(folder, nameOf(record.shard))
  await writeWhole(file, canonicalJson({ format: 'cd4ml-job/1', ...record }))
}

/**
 * What the jobs of a plan took, up to now in the last of them, which began at `startedAt`. Of a job
 * that has left no record, or one that is none, nothing is known.
 */
export async function jobsTook(
  { seconds, shards }: JobPlan,
  where: { project: string; folder: string },
  last: { startedAt: string; now: string },
): Promise<JobsTook> {
  const records = await Promise.all(
    Array.from({ length: shards.length + 1 }, (_, shard) => readRecord(where, shard)),
  )
  const known = records.flatMap((record) => record ?? [])
  const lastSeconds = secondsBetween(last.startedAt, last.now)
  const [first] = records
  const begun = [last.startedAt, ...known.map(({ startedAt }) => startedAt)].map(Date.parse)
  const took = known.map(({ startedAt, endedAt }) => secondsBetween(startedAt, endedAt))
  return {
    planned: { seconds, shards },
    shards: known
      .filter(({ shard }) => shard > 0)
      .map(({ shard, fits, estimate, startedAt, endedAt }) => ({
        shard,
        fits,
        estimate,
        seconds: secondsBetween(startedAt, endedAt),
      })),
    first: first ? secondsBetween(first.startedAt, first.endedAt) : 0,
    last: lastSeconds,
    costs: {
      jobs: known.length + 1,
      billedMinutes: billedMinutes([...took, lastSeconds]),
      wallSeconds: (Date.parse(last.now) - Math.min(...begun)) / 1000,
    },
  }
}

async function readRecord(
  { project, folder }: { project: string; folder: string },
  shard: number,
): Promise<JobRecord | undefined> {
  const file = nameOf(shard)
  return await unlessMistaken(async () => {
    const bytes = await handedOver(project, folder).read(file, MOST_BYTES)
    const record = checkRecord(parseJson(bytes.toString(), file), file)
    const isTimed = [record.startedAt, record.endedAt].every((it) =>
      Number.isFinite(Date.parse(it)),
    )
    return record.shard === shard && isTimed ? record : undefined
  })
}

const MOST_BYTES = 10_000

function nameOf(shard: number): string {
  return `job-${shard}.json`
}

/** Clocks of two machines may differ by a little. */
function secondsBetween(start: string, end: string): number {
  return Math.max(0, (Date.parse(end) - Date.parse(start)) / 1000)
}

const checkRecord = checker(JobRecord)
