import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Day } from '../../base/day.ts'
import { makeFolder, writeWhole } from '../../base/write-file.ts'
import type { EventLog } from '../../ledger/events/event-log.ts'
import type { TakenIn } from '../../ledger/replies/answered.ts'
import type { ReplyRule } from '../../ledger/replies/reply.ts'
import { LARGEST_TABLE } from '../../ledger/replies/reply-table.ts'
import { answerFile } from '../../reporting/reply-answers.ts'
import type { Engine } from '../engine/engine.ts'
import type { ServiceSettings } from '../engine/service-settings.ts'
import { answerName, moveToDone, wasDone } from './done-folder.ts'
import { giveOut } from './give-out.ts'
import { type FoundFile, readFound, restingFiles } from './resting-files.ts'
import { EXCHANGE, takeIn } from './take-in.ts'

export type ExchangeOptions = {
  folder: string
  engine: Engine
  log: EventLog
  /** As they are now. */
  settings(): Pick<ServiceSettings, 'language' | 'reasons'>
  /** The project's day now, and the moment, ISO 8601 in UTC. */
  today(): Day
  now(): string
  /** Told of what went wrong, once until something else does or nothing any more. */
  onProblem(error: unknown): void
}

/** A folder through which systems without HTTP get what is advised, and say what became of it. */
export type Exchange = {
  /** Looks once: gives out what has changed, takes in what rests. Rejects with what went wrong. */
  tick(): Promise<void>
  /** Looks from now on, a second after each look. */
  start(): void
  /** Ends when the look that is under way has. */
  close(): Promise<void>
}

/**
 * Opens the folder: `out/` gets orders and forecasts; what is put into `in/` is taken in, answered in
 * `answers/` and moved to `done/`. What cannot be read as a table stays in `in/` with its answer.
 * Makes the folders; throws a `UserError` where that cannot be done.
 */
export async function openExchange(options: ExchangeOptions): Promise<Exchange> {
  const { folder, engine } = options
  const folders = {
    in: join(folder, 'in'),
    out: join(folder, 'out'),
    answers: join(folder, 'answers'),
    done: join(folder, 'done'),
  }
  for (const path of Object.values(folders)) await makeFolder(path)
  const look = restingFiles(folders.in)
  /** What stays in `in/`, as it was when it was answered. */
  const answered = new Map<string, string>()
  let isOut = false
  engine.onChange(() => {
    isOut = false
  })

  const give = async () => {
    if (isOut) return
    isOut = true
    const by = { source: EXCHANGE.source, time: options.now() }
    await giveOut(options, {
      folder: folders.out,
      language: options.settings().language,
      by,
    }).catch((error) => {
      isOut = false
      throw error
    })
  }
  const answer = async (file: FoundFile, taken: TakenIn) => {
    const path = join(folders.answers, answerName(file.name))
    const text = answerFile(taken, options.settings().language)
    const there = await readFile(path, 'utf8').catch(() => undefined)
    if (there !== text) await writeWhole(path, text)
  }
  const take = async (file: FoundFile) => {
    if (answered.get(file.name) === file.mark) return
    const bytes = unusable(file) ?? (await readFound(file))
    if (bytes === 'changed') return
    const taken =
      'rule' in bytes
        ? refused(bytes.rule, bytes)
        : await takeIn(
            bytes,
            { ...options, ...options.settings() },
            {
              today: options.today(),
              at: options.now(),
              isAgain: await wasDone(bytes, folders.done),
            },
          )
    await answer(file, taken)
    if (taken.outcome === 'refused' || 'rule' in bytes) answered.set(file.name, file.mark)
    else await moveToDone(file, bytes, folders)
  }
  const tick = async () => {
    const errors: unknown[] = []
    const attempt = (work: Promise<void>) => work.catch((error) => void errors.push(error))
    await attempt(give())
    const files = await look()
    const names = new Set(files.map(({ name }) => name))
    for (const name of answered.keys()) if (!names.has(name)) answered.delete(name)
    for (const file of files) await attempt(take(file))
    if (errors.length > 0) throw errors[0]
  }
  return looking(tick, options.onProblem)
}

type Unusable = { rule: ReplyRule; came: string; about: string }

function unusable({ name, state, bytes }: FoundFile): Unusable | undefined {
  if (state === 'no file') return { rule: 'no-file', came: name, about: '' }
  if (!/\.csv$/i.test(name)) return { rule: 'no-csv-name', came: name, about: '' }
  if (state === 'too large') {
    return { rule: 'too-large', came: String(bytes), about: String(LARGEST_TABLE) }
  }
  return undefined
}

function refused(rule: ReplyRule, { came, about }: Unusable): TakenIn {
  return { outcome: 'refused', problem: { rule, came, about }, line: undefined }
}

/** One look at a time, and a second between two. */
function looking(look: () => Promise<void>, onProblem: (error: unknown) => void): Exchange {
  let running: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  let told: string | undefined
  const tick = () => {
    running ??= look().finally(() => {
      running = undefined
    })
    return running
  }
  const turn = async () => {
    try {
      await tick()
      told = undefined
    } catch (error) {
      if (String(error) !== told) onProblem(error)
      told = String(error)
    }
    if (!isClosed) timer = setTimeout(turn, 1000)
  }
  return {
    tick,
    start: () => void turn(),
    async close() {
      isClosed = true
      clearTimeout(timer)
      await running?.catch(() => {})
    },
  }
}
