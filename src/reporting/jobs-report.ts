import { firstOf } from '../base/first-of.ts'
import type { Language } from '../base/language.ts'
import { shortened, visibleText } from '../base/wording.ts'
import type { FitWork } from '../evaluation/search/fit-work.ts'
import {
  estimatedCosts,
  type JobCosts,
  type JobsTook,
  runnerSeconds,
} from '../evaluation/search/job-costs.ts'
import type { Table } from './evaluation-table.ts'
import { comparingTexts } from './texts/comparing.ts'
import { jobTexts } from './texts/jobs.ts'
import { numbersIn } from './texts/numbers.ts'

/** Fits that jobs are to share; `seconds` are those of one core, by estimate. */
type Planned = { seconds: number; shards: PlannedShard[] }
type PlannedShard = { seconds: number } & (
  | { kind: 'fits'; work: FitWork[] }
  | { kind: 'parts'; parts: { name: string }[]; searches: { origin: string }[] }
)

/** What each job would make, and what that comes to, in one sentence. */
export function plannedJobs(
  { seconds, shards }: Planned,
  language: Language,
): { sentence: string; table?: Table } {
  const say = jobTexts[language]
  const ofShards = shards.map((shard) => shard.seconds)
  const { alone, shared } = estimatedCosts(seconds, ofShards)
  if (seconds === 0) return { sentence: say.nothingToFit }
  if (!shared) return { sentence: say.alone(costsIn(alone, language)) }
  return {
    sentence: say.shared(shards.length, costsIn(shared, language), costsIn(alone, language)),
    table: {
      headers: say.planned,
      rows: shards.map((shard, index) => [
        String(index + 1),
        ...madeBy(shard, language),
        minutesIn(runnerSeconds(shard.seconds), language),
      ]),
    },
  }
}

/** What it makes, and at how many origins. */
function madeBy(shard: PlannedShard, language: Language): [string, string] {
  if (shard.kind === 'fits') {
    const origins = new Set(shard.work.map(({ origin }) => origin))
    return [fitsOf(shard.work, language), String(origins.size)]
  }
  const names = shard.parts.map(({ name }) =>
    shortened(visibleText(comparingTexts[language].partName(name)), NAME_LENGTH),
  )
  const origins = new Set(shard.searches.map(({ origin }) => origin))
  return [jobTexts[language].allOf(firstOf(names)), String(origins.size)]
}

const NAME_LENGTH = 40

/** What the jobs took, and whose fits the last one had to make again. */
export function measuredJobs(
  { planned, shards, first, last, costs }: JobsTook,
  language: Language,
): { sentences: string[]; table: Table } {
  const say = jobTexts[language]
  const { alone, shared = alone } = estimatedCosts(
    planned.seconds,
    planned.shards.map(({ seconds }) => seconds),
  )
  const handedOver = new Set(shards.map(({ shard }) => shard))
  const lost = planned.shards.flatMap((_, k) => (handedOver.has(k + 1) ? [] : [k + 1]))
  const minutes = (seconds: number) => minutesIn(seconds, language)
  return {
    sentences: [
      say.took(costsIn(costs, language), costsIn(shared, language)),
      ...(lost.length > 0 ? [say.lost(lost)] : []),
    ],
    table: {
      headers: say.measured,
      rows: [
        [say.first, '', '', minutes(first)],
        ...shards.map(({ shard, fits, estimate, seconds }) => [
          String(shard),
          String(fits),
          minutes(runnerSeconds(estimate)),
          minutes(seconds),
        ]),
        [say.last, '', '', minutes(last)],
      ],
    },
  }
}

function fitsOf(work: FitWork[], language: Language): string {
  const candidates = work.flatMap((it) => (it.kind === 'origin' ? it.candidates : []))
  const searches = work.filter(({ kind }) => kind === 'search')
  return [
    ...(candidates.length > 0 ? [String(candidates.length)] : []),
    ...(searches.length > 0 ? [jobTexts[language].searches(searches.length)] : []),
  ].join(', ')
}

function costsIn({ jobs, billedMinutes, wallSeconds }: JobCosts, language: Language) {
  const { minutes } = jobTexts[language]
  return {
    jobs,
    billed: minutes(numbersIn[language].integer(billedMinutes)),
    wall: minutesIn(wallSeconds, language),
  }
}

function minutesIn(seconds: number, language: Language): string {
  return jobTexts[language].minutes(numbersIn[language].units(seconds / 60))
}
