import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { csvText } from '../../base/csv-text.ts'
import { type Day, isoFromDay } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import { committingAt } from '../../base/git.ts'
import type { Language } from '../../base/language.ts'
import { readProjectSettings } from '../../base/project-settings.ts'
import { startOfDay } from '../../base/today.ts'
import { writeWhole } from '../../base/write-file.ts'
import { advisedUnits } from '../../ledger/events/advised.ts'
import type { AppendToBranch } from '../../ledger/ledger.ts'
import { publishedOrderEvents } from '../../ledger/published-order-events.ts'
import { asksForRetraining, isAlarming, reachedLevel } from '../../monitoring/health/alarm.ts'
import type { HealthRecord } from '../../monitoring/health/health-record.ts'
import {
  type BuyingTerms,
  type Ordering,
  readOrdering,
  termsOf,
} from '../../ordering/buying-terms.ts'
import { readWorkingVersion } from '../../registry/production.ts'
import { decided, type SimulatedBuyer } from '../../simulation/advised-buyer.ts'
import { streamFor } from '../../simulation/draws.ts'
import { Extraction } from '../../simulation/extraction.ts'
import { LivingChain } from '../../simulation/living-chain.ts'
import { salesFiles } from '../../simulation/sales-files.ts'
import { SAMPLE_DAYS, SAMPLE_SEED } from '../../simulation/sample-data.ts'
import type { Unforeseen } from '../../simulation/shift.ts'
import { simulate } from '../../simulation/simulate.ts'
import { inputsIn } from '../data/inputs.ts'
import { publishForecasts } from '../forecasts/publish-forecasts.ts'
import { clonedLedger } from '../model/clone-ledger.ts'
import { projectFits } from '../model/with-history.ts'
import { appendInClone } from '../monitoring/append-in-clone.ts'
import { monitor } from '../monitoring/monitor.ts'
import { record } from '../monitoring/record.ts'
import { recordDecisions } from '../monitoring/record-decisions.ts'
import { recordHealth } from '../monitoring/record-health.ts'
import { type Retrained, retrain } from './retrain.ts'
import { beginProject, commitAll, replaceSales, setToday, writeSales } from './simulated-project.ts'

export type LiveOnInput = {
  /** Top folder of a project with the sample sales; nothing in it changes. */
  project: string
  /** Where the simulated project stands, as an absolute path; a simulation that is there goes away. */
  folder: string
  /** Another one than the sample's is another chain. */
  seed?: number
  weeks: number
  /** How many products the chain sells; all of the sample's without it. */
  products?: number
  buyer: SimulatedBuyer
  unforeseen: readonly SimulatedShift[]
}

/** What becomes of demand, from the first day of a week on, counted from 1. */
export type SimulatedShift = Pick<Unforeseen, 'kind' | 'share'> & { week: number }

/** A week that the chain lived, and what was done about it on the Monday after. */
export type SimulatedWeek = {
  week: number
  /** ISO day of its Sunday. */
  through: string
  /** What is known of the model in production on that Monday. */
  health: HealthRecord
  /** Orders that were decided on, and those of them that were changed. */
  decisions: { made: number; changed: number }
  /** What has become of the one issue about production; `withdrawn`: closed by sales that were revised. */
  issue: 'none' | 'opened' | 'open' | 'closed' | 'withdrawn'
  /** Absent where nothing asked for it. */
  retrained?: Retrained
  /** Units that customers wanted since the beginning, and did not get. */
  supplied: { wanted: number; lost: number }
}

/** The first Monday that is simulated. */
const FIRST_MONDAY = SAMPLE_DAYS.lastDay + 2

/** Whatever is asked for, so much is drawn: a longer simulation begins with the shorter one. */
const LONGEST_WEEKS = 156

/**
 * Lets the sample chain live on in a repository of its own, week by week, with the steps that the
 * workflows call: sales come in and are committed, forecasts and orders are published to the branch
 * `ledger`, somebody decides on them, and every Monday production is monitored, retrained where that
 * asks for it, and what comes out of it promoted and merged. The same input gives the same commits.
 */
export async function* liveOn(input: LiveOnInput): AsyncGenerator<SimulatedWeek> {
  const simulation = await begin(input)
  for (let week = 1; week <= input.weeks; week++) {
    const monday = FIRST_MONDAY + 7 * (week - 1)
    const decisions = await simulation.order(monday, () => true)
    simulation.live(3)
    if (simulation.ordersTwice) {
      await simulation.takeIn(monday + 3)
      const more = await simulation.order(monday + 3, ({ reviewPeriod }) => reviewPeriod < 7)
      decisions.made += more.made
      decisions.changed += more.changed
    }
    simulation.live(4)
    await simulation.takeIn(monday + 7)
    const checked = await simulation.check(monday + 7)
    yield { week, through: isoFromDay(monday + 6), decisions, ...checked }
  }
}

async function begin(input: LiveOnInput): Promise<SimulatedShop> {
  const { project, folder, seed = SAMPLE_SEED, products, unforeseen, weeks } = input
  if (weeks > LONGEST_WEEKS) {
    throw new UserError(`at most ${LONGEST_WEEKS} weeks can be simulated, but not ${weeks}`)
  }
  const history = { seed, ...SAMPLE_DAYS, ...(products !== undefined && { products }) }
  const first = SAMPLE_DAYS.lastDay + 1
  const settings = await readProjectSettings(project)
  await beginProject(project, folder, morningOf(first, settings.timeZone))
  const lived = simulate(history)
  if (products !== undefined || seed !== SAMPLE_SEED) {
    const files = salesFiles(lived, seed)
    await replaceSales(folder, files, morningOf(first, settings.timeZone, 1))
  }
  const chain = new LivingChain({
    ...history,
    laterDays: 7 * LONGEST_WEEKS + 14,
    unforeseen: unforeseen.map(({ week, ...shift }) => ({
      ...shift,
      from: FIRST_MONDAY + 7 * (week - 1),
    })),
  })
  const shop = new SimulatedShop(input, {
    chain,
    extraction: new Extraction(lived, chain, seed),
    ordering: await readOrdering(folder),
    timeZone: settings.timeZone,
    language: settings.language,
  })
  if ((await readWorkingVersion(folder)) === undefined) await shop.trainFirst(first)
  // The Sunday that belongs to the last week of the history.
  shop.live(1)
  await shop.takeIn(FIRST_MONDAY)
  return shop
}

type Surroundings = {
  chain: LivingChain
  extraction: Extraction
  ordering: Ordering
  timeZone: string
  language: Language
}

/** What happens in the chain, and what its workflows do. */
class SimulatedShop {
  readonly ordersTwice: boolean
  private readonly input: LiveOnInput
  private readonly surroundings: Surroundings
  private readonly terms: readonly BuyingTerms[]
  private readonly append: AppendToBranch
  /** The version that the open issue is about. */
  private openIssue: number | undefined

  constructor(input: LiveOnInput, surroundings: Surroundings) {
    this.input = input
    this.surroundings = surroundings
    this.append = appendInClone(input.folder)
    this.terms = surroundings.chain.products.map(({ id, name, category }) =>
      termsOf(surroundings.ordering, { productId: String(id), storeId: undefined, name, category }),
    )
    this.ordersTwice = this.terms.some(({ reviewPeriod }) => reviewPeriod < 7)
  }

  /** Nothing is in production: the first version needs no verdict. */
  async trainFirst(day: Day): Promise<void> {
    const { project, folder } = this.input
    const store = projectFits(project)
    await retrain({ folder, today: day, at: this.at(day, 2), store, baseline: true })
  }

  live(days: number): void {
    for (let day = 0; day < days; day++) this.surroundings.chain.liveDay()
  }

  /** The night's sales, and what was decided since the last ones, arrive and are recorded. */
  async takeIn(day: Day): Promise<void> {
    const { folder } = this.input
    await writeSales(folder, this.surroundings.extraction.extract())
    await setToday(folder, isoFromDay(day))
    await commitAll(folder, `Add sales through ${isoFromDay(day - 1)}`, this.at(day))
    const inputs = inputsIn(folder, day, { data: 'data' })
    const { language } = this.surroundings
    const files = { ...inputs, language }
    await committingAt(this.at(day), () => recordDecisions(this.append, files))
  }

  /** Publishes forecasts and orders, and orders what the buyer makes of them. */
  async order(day: Day, isOrdered: (terms: BuyingTerms) => boolean): Promise<Decisions> {
    const { buyer, seed = SAMPLE_SEED, folder } = this.input
    const { chain } = this.surroundings
    await this.publish(day)
    const advice = await this.adviceFor(day)
    const random = streamFor(seed, day, 'decisions')
    const rows: (string | number)[][] = []
    for (const [position, { id }] of chain.products.entries()) {
      const terms = this.terms[position]
      if (!isOrdered(terms)) continue
      const units = advice.get(String(id))
      if (buyer === 'none' || units === undefined) {
        chain.order(position, chain.usualOrder(position))
        continue
      }
      const days = terms.leadTime + terms.reviewPeriod
      const promotion = chain.promotionEffect(position, days)
      const ordered = decided(buyer, { units, pack: terms.pack, promotion }, random)
      chain.order(position, ordered.units)
      const what = ordered.reason === undefined ? 'followed' : 'changed'
      if (units > 0 || ordered.units > 0) {
        const quantity = ordered.reason === undefined ? '' : ordered.units
        rows.push([id, isoFromDay(day), what, quantity, ordered.reason ?? ''])
      }
    }
    if (rows.length > 0) {
      const header = ['product', 'day', 'decision', 'quantity', 'reason']
      const file = join(folder, 'data', 'decisions', `${isoFromDay(day)}.csv`)
      await writeWhole(file, csvText([header, ...rows]))
    }
    return { made: rows.length, changed: rows.filter(([, , what]) => what === 'changed').length }
  }

  /** Monitors production, and does what that asks for. */
  async check(day: Day): Promise<Omit<SimulatedWeek, 'week' | 'through' | 'decisions'>> {
    const { project, folder } = this.input
    const at = this.at(day, 1)
    const monitored = await monitor({ options: inputsIn(folder, day, { data: 'data' }), at })
    if (monitored.outcome !== 'monitored') throw new Error(`production is ${monitored.outcome}`)
    const { health } = monitored
    await committingAt(at, () => recordHealth(this.append, { record: health, now: at }))
    const issue = this.keepIssue(health)
    const supplied = this.surroundings.chain.supplied()
    if (!asksForRetraining(health)) return { health, issue, supplied }
    const store = projectFits(project)
    const retrained = await retrain({ folder, today: day, at: this.at(day, 2), store })
    return { health, issue, supplied, retrained }
  }

  private keepIssue(health: HealthRecord): SimulatedWeek['issue'] {
    const before = this.openIssue
    const { version } = health.production
    this.openIssue = isAlarming(reachedLevel(health).level) ? version : undefined
    if (this.openIssue !== undefined) return before === undefined ? 'opened' : 'open'
    if (before === undefined) return 'none'
    return before === version ? 'withdrawn' : 'closed'
  }

  private async publish(day: Day): Promise<void> {
    const { folder } = this.input
    const { language } = this.surroundings
    const at = this.at(day, 3)
    const forecasts = join(folder, '.cd4ml', 'forecasts')
    await rm(forecasts, { recursive: true, force: true })
    const options = inputsIn(folder, day, { data: 'data' })
    const shared = { at, repository: REPOSITORY, language, workflow: WORKFLOW }
    const published = await publishForecasts({ options, out: forecasts, ...shared })
    if (published.outcome === 'kept') throw new Error(published.problem)
    const own = { project: folder, workflow: WORKFLOW, branch: 'main', at }
    const made = { own, forecasts, ...shared }
    const recorded = await committingAt(at, () => record(this.append, made))
    const [refused] = recorded.leftOut.forecasts
    if (refused) throw new Error(`${refused.file}: ${refused.problem}`)
  }

  /** Units by product, as they were published for a day. */
  private async adviceFor(day: Day): Promise<Map<string, number>> {
    const ledger = await clonedLedger(this.input.folder)
    if (!ledger) return new Map()
    const { events } = await publishedOrderEvents(ledger, new Set([isoFromDay(day)]))
    return new Map(
      events.flatMap((event) => {
        const units = advisedUnits(event)
        return units === undefined ? [] : [[event.data.product, units] as const]
      }),
    )
  }

  private at(day: Day, hours = 0): string {
    return morningOf(day, this.surroundings.timeZone, hours)
  }
}

type Decisions = SimulatedWeek['decisions']

/** So many hours after six in the morning, ISO 8601 in UTC. */
function morningOf(day: Day, timeZone: string, hours = 0): string {
  return new Date(startOfDay(day, timeZone).getTime() + (6 + hours) * 3_600_000).toISOString()
}

/** Nobody is there: what would be links leads nowhere. */
const REPOSITORY = 'https://simulated.invalid/shop/demand'
const WORKFLOW = { url: `${REPOSITORY}/actions/runs/1`, event: 'schedule' }
