import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { alignedColumns } from '../src/reporting/aligned-columns.ts'
import { cd4mlServer, type ServedCd4ml } from './service/cd4ml.ts'
import { type Load, load, type Request } from './service/load.ts'
import { mlflowServer } from './service/mlflow.ts'
import { shadowedSample } from './service/shadowed-sample.ts'
import { underAttack } from './service/under-attack.ts'

/**
 * What the service takes, on the sample data with its ledger in SQLite. The exit code is 1 where
 * anything is missed that is wanted:
 *
 * - single forecasts at 16 connections, each recorded before it is answered, against `mlflow models
 *   serve` with two workers, which writes nothing down, in turns;
 * - the same where another model is tried beside production, against without it, in turns;
 * - a list of 10,000 questions;
 * - memory over 100,000 requests;
 * - how long clients wait while somebody else attacks, against how long they wait otherwise.
 */
export async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'cd4ml-benchmark-'))
  try {
    const server = await cd4mlServer(folder)
    try {
      const questions = await questionsTo(server)
      await beside(folder, server, questions)
      await withShadow(folder, server, questions)
      await longList(server, questions)
      await flatMemory(server, questions)
      await attacked(server, questions)
    } finally {
      await server.stop()
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

type Question = { product: string; from: string; to: string }

/** On other days each, so that no two of them are the same question. */
async function questionsTo({ url, headers }: ServedCd4ml): Promise<Question[]> {
  const answer = await fetch(`${url}/v1/products`, { headers })
  const { products } = (await answer.json()) as { products: { product: string }[] }
  const ids: string[] = products.map(({ product }) => product)
  return Array.from({ length: LIST }, (_, index) => {
    const days = Math.floor(index / ids.length)
    const from = Date.parse('2026-11-01') + (days % 60) * DAY
    const to = from + Math.floor(days / 60) * DAY
    return { product: ids[index % ids.length], from: iso(from), to: iso(to) }
  })
}

const LIST = 10_000
const DAY = 86_400_000

function iso(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

async function beside(folder: string, server: ServedCd4ml, questions: Question[]): Promise<void> {
  const theirs = await mlflowServer(folder).catch((error: Error) => {
    console.log(`mlflow could not be installed or started: ${error.message.slice(0, 500)}`)
    process.exitCode = 1
  })
  if (!theirs) return
  try {
    const ask = {
      ours: (seconds: number) =>
        load(server, questions.map(ofOurs), { connections: CONNECTIONS, seconds }),
      theirs: (seconds: number) =>
        load(
          { url: theirs.url, headers: { 'content-type': 'application/json' } },
          questions.map(ofTheirs),
          { connections: CONNECTIONS, seconds },
        ),
    }
    await ask.ours(WARM_UP)
    await ask.theirs(WARM_UP)
    const [our, their]: Load[][] = [[], []]
    for (let round = 0; round < ROUNDS; round++) {
      our.push(await ask.ours(SECONDS))
      their.push(await ask.theirs(SECONDS))
    }
    report(middle(our), middle(their))
  } finally {
    await theirs.stop()
  }
}

/** Each forecast is made by both then, on the two cores that also ask. */
async function withShadow(
  folder: string,
  alone: ServedCd4ml,
  questions: Question[],
): Promise<void> {
  const project = await shadowedSample(join(folder, 'shadowed'))
  const both = await cd4mlServer(project, [], project)
  try {
    await shadowRuns(both)
    const ask = (server: ServedCd4ml) =>
      load(server, questions.map(ofOurs), { connections: CONNECTIONS, seconds: SECONDS })
    const [without, beside]: Load[][] = [[], []]
    for (let round = 0; round < ROUNDS; round++) {
      without.push(await ask(alone))
      beside.push(await ask(both))
    }
    const [own, shadowed] = [middle(without), middle(beside)]
    await shadowRuns(both)
    const rate = shadowed.perSecond / own.perSecond
    const told = `${shadowed.perSecond.toFixed(0)} requests/s, p99 ${shadowed.p99.toFixed(1)} ms`
    console.log(`With a shadow: ${told}; without: p99 ${own.p99.toFixed(1)} ms`)
    hold(`${rate.toFixed(2)} × the requests a second without a shadow, 0.4 × wanted`, rate >= 0.4)
  } finally {
    await both.stop()
  }
}

/** Loads beside production; throws where it has been given up. */
async function shadowRuns({ url, headers }: ServedCd4ml): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const answer = await fetch(`${url}/metrics`, { headers })
    if (/^cd4ml_shadow_info\{/m.test(await answer.text())) return
    await setTimeout(100)
  }
  throw new Error('no shadow runs')
}

const CONNECTIONS = 16
const WARM_UP = 3
const SECONDS = 6
const ROUNDS = 3

const ofOurs = (question: Question): Request => ({
  method: 'POST',
  path: '/v1/forecasts',
  body: JSON.stringify(question),
})

const ofTheirs = (question: Question): Request => ({
  method: 'POST',
  path: '/invocations',
  body: JSON.stringify({ dataframe_records: [question] }),
})

/** The round in the middle, by its requests a second. */
function middle(rounds: Load[]): Load {
  const failed = rounds.reduce((sum, round) => sum + round.failed, 0)
  const sorted = rounds.toSorted((a, b) => a.perSecond - b.perSecond)
  return { ...sorted[Math.floor(sorted.length / 2)], failed }
}

function report(ours: Load, theirs: Load): void {
  const row = (name: string, { perSecond, median, p99, failed }: Load) => [
    name,
    perSecond.toFixed(0),
    median.toFixed(1),
    p99.toFixed(1),
    String(failed),
  ]
  console.log(
    alignedColumns({
      headers: ['', 'requests/s', 'median ms', 'p99 ms', 'failed'],
      rows: [row('cd4ml serve, recorded', ours), row('mlflow models serve', theirs)],
    }),
  )
  const rate = ours.perSecond / theirs.perSecond
  const late = ours.p99 / theirs.p99
  hold(`${rate.toFixed(1)} × its requests a second, 20 × wanted`, rate >= 20)
  hold(`p99 is ${late.toFixed(3)} × its, less than 0.1 × wanted`, late < 0.1)
  hold('none failed', ours.failed + theirs.failed === 0)
}

async function longList({ url, headers }: ServedCd4ml, questions: Question[]): Promise<void> {
  const start = performance.now()
  const answer = await fetch(`${url}/v1/forecasts`, {
    method: 'POST',
    headers,
    body: JSON.stringify(questions),
  })
  const { answers } = (await answer.json()) as { answers: { status: number }[] }
  const seconds = (performance.now() - start) / 1000
  const answered = answers.filter(({ status }) => status === 200).length
  hold(
    `a list of ${questions.length} questions: ${seconds.toFixed(2)} s, less than 5 s wanted`,
    seconds < 5 && answered === questions.length,
  )
}

async function flatMemory(server: ServedCd4ml, questions: Question[]): Promise<void> {
  const found: { after: number; resident: number; heap: number }[] = []
  let asked = 0
  for (const after of [20_000, 60_000, 100_000]) {
    const amount = after - asked
    await load(server, questions.map(ofOurs), { connections: CONNECTIONS, amount })
    asked = after
    found.push({ after, ...(await server.memory()) })
  }
  for (const { after, resident, heap } of found) {
    console.log(
      `after ${after} requests: ${heap.toFixed(0)} MB held, ${resident.toFixed(0)} MB resident`,
    )
  }
  const [first, second, last] = found
  // What the process has from the system grows until it has room for the garbage of full load.
  const grown = Math.max(last.heap / first.heap, last.resident / second.resident)
  hold(
    `memory: ${grown.toFixed(2)} ×, held since 20,000 and resident since 60,000; at most 1.1 × wanted`,
    grown <= 1.1,
  )
}

async function attacked(server: ServedCd4ml, questions: Question[]): Promise<void> {
  const bodies = questions.map((question) => JSON.stringify(question))
  const token = await server.token('somebody whose token was stolen')
  for (const { attack, quiet, median, refused } of await underAttack(server, token, bodies)) {
    const slower = median / quiet
    hold(
      `${attack}: others wait ${median.toFixed(1)} ms, ${slower.toFixed(2)} × as long, at most 2 × wanted; ${refused} refused`,
      slower <= 2 && refused === 0,
    )
  }
}

function hold(what: string, holds: boolean): void {
  console.log(`${holds ? 'holds ' : 'MISSED'}  ${what}`)
  if (!holds) process.exitCode = 1
}
