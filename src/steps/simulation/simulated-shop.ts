import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { csvText } from '../../base/csv-text.ts'
import { type Day, isoFromDay } from '../../base/day.ts'
import { committingAt } from '../../base/git.ts'
import type { Language } from '../../base/language.ts'
import { startOfDay } from '../../base/today.ts'
import { writeWhole } from '../../base/write-file.ts'
import { advisedUnits } from '../../ledger/events/advised.ts'
import type { AppendToBranch } from '../../ledger/ledger.ts'
import { publishedOrderEvents } from '../../ledger/published-order-events.ts'
import type { Shadow } from '../../ledger/shadow.ts'
import { asksForRetraining, isAlarming, reachedLevel } from '../../monitoring/health/alarm.ts'
import type { HealthRecord } from '../../monitoring/health/health-record.ts'
import { type BuyingTerms, type Ordering, termsOf } from '../../ordering/buying-terms.ts'
import { readWorkingVersion } from '../../registry/production.ts'
import { decided, type SimulatedBuyer } from '../../simulation/advised-buyer.ts'
import { streamFor } from '../../simulation/draws.ts'
import type { Extraction } from '../../simulation/extraction.ts'
import type { LivingChain } from '../../simulation/living-chain.ts'
import { inputsIn } from '../data/inputs.ts'
import { findShadow } from '../forecasts/find-shadow.ts'
import { publishForecasts } from '../forecasts/publish-forecasts.ts'
import { clonedLedger } from '../model/clone-ledger.ts'
import { projectFits } from '../model/with-history.ts'
import { appendInClone } from '../monitoring/append-in-clone.ts'
import { monitor } from '../monitoring/monitor.ts'
import { type RecordInput, record } from '../monitoring/record.ts'
import { recordDecisions } from '../monitoring/record-decisions.ts'
import { recordHealth } from '../monitoring/record-health.ts'
import { type Retrained, retrain } from './retrain.ts'
import { commitAll, setToday, writeSales } from './simulated-project.ts'

/** Orders that were decided on, and those of them that were changed. */
export type Decisions = { made: number; changed: number }

/** What is known of production on a morning, and what was done about it. */
export type Checked = {
  health: HealthRecord
  /** What has become of the one issue about production; `withdrawn`: closed by sales that were revised. */
  issue: 'none' | 'opened' | 'open' | 'closed' | 'withdrawn'
  /** Absent where nothing asked for it. */
  retrained?: Retrained
  /** What begins to be tried beside production: a challenger by a recipe that was not tried yet. */
  shadow?: Shadow
  /** Units that customers wanted since the beginning, and did not get. */
  supplied: { wanted: number; lost: number }
}

/** The project, the chain that it is about, and who decides on its orders. */
type Surroundings = {
  /** Top folder of the project that it began with: fits that this one keeps are not made again. */
  project: string
  /** Top folder of the simulated project. */
  folder: string
  chain: LivingChain
  extraction: Extraction
  seed: number
  buyer: SimulatedBuyer
  ordering: Ordering
  timeZone: string
  language: Language
}

/** What happens in the chain, and what its workflows do. */
export class SimulatedShop {
  readonly ordersTwice: boolean
  private readonly surroundings: Surroundings
  private readonly terms: readonly BuyingTerms[]
  private readonly append: AppendToBranch
  /** The version that the open issue is about. */
  private openIssue: number | undefined

  constructor(surroundings: Surroundings) {
    const { folder, chain, ordering } = surroundings
    this.surroundings = surroundings
    this.append = appendInClone(folder)
    this.terms = chain.products.map(({ id, name, category }) =>
      termsOf(ordering, { productId: String(id), storeId: undefined, name, category }),
    )
    this.ordersTwice = this.terms.some(({ reviewPeriod }) => reviewPeriod < 7)
  }

  /** Nothing is in production: the first version needs no verdict. */
  async trainFirst(day: Day): Promise<void> {
    await this.retrain(day, { baseline: true })
  }

  live(days: number): void {
    for (let day = 0; day < days; day++) this.surroundings.chain.liveDay()
  }

  /** The night's sales, and what was decided since the last ones, arrive and are recorded. */
  async takeIn(day: Day): Promise<void> {
    const { folder, extraction, language } = this.surroundings
    await writeSales(folder, extraction.extract())
    await setToday(folder, isoFromDay(day))
    await commitAll(folder, `Add sales through ${isoFromDay(day - 1)}`, this.at(day))
    const files = { ...inputsIn(folder, day, { data: 'data' }), language }
    await committingAt(this.at(day), () => recordDecisions(this.append, files))
  }

  /** Publishes forecasts and orders, and orders what the buyer makes of them. */
  async order(day: Day, isOrdered: (terms: BuyingTerms) => boolean): Promise<Decisions> {
    const { chain, buyer, seed, folder } = this.surroundings
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
  async check(day: Day): Promise<Checked> {
    const { folder } = this.surroundings
    const at = this.at(day, 1)
    const monitored = await monitor({ options: inputsIn(folder, day, { data: 'data' }), at })
    if (monitored.outcome !== 'monitored') throw new Error(`production is ${monitored.outcome}`)
    const { health } = monitored
    await committingAt(at, () => recordHealth(this.append, { record: health, now: at }))
    const issue = this.keepIssue(health)
    const supplied = this.surroundings.chain.supplied()
    if (!asksForRetraining(health)) return { health, issue, supplied }
    const retrained = await this.retrain(day)
    const shadow = await this.shadowSince(health, this.at(day, 2))
    return { health, issue, supplied, retrained, ...(shadow && { shadow }) }
  }

  /** The job starts with no runs but its own, and records them with the model that they compared. */
  private async retrain(day: Day, { baseline = false } = {}): Promise<Retrained> {
    const { project, folder } = this.surroundings
    const at = this.at(day, 2)
    const runs = join(folder, '.cd4ml', 'runs')
    const challenger = join(folder, '.cd4ml', 'challenger')
    await rm(runs, { recursive: true, force: true })
    const store = projectFits(project)
    const retrained = await retrain({ folder, today: day, out: challenger, at, store, baseline })
    await this.record({ runs, challenger }, at)
    return retrained
  }

  /** What is tried beside production at a moment, by a recipe that the health record does not know. */
  private async shadowSince(
    { shadow: before }: HealthRecord,
    at: string,
  ): Promise<Shadow | undefined> {
    const { folder } = this.surroundings
    const { manifest } = (await readWorkingVersion(folder))!
    const production = { version: manifest.version, model: manifest.files['model.json'] }
    const now = await findShadow(() => clonedLedger(folder), { project: folder, production, at })
    return now?.shadow.recipe === before?.shadow?.recipe ? undefined : now?.shadow
  }

  private keepIssue(health: HealthRecord): Checked['issue'] {
    const before = this.openIssue
    const { version } = health.production
    this.openIssue = isAlarming(reachedLevel(health).level) ? version : undefined
    if (this.openIssue !== undefined) return before === undefined ? 'opened' : 'open'
    if (before === undefined) return 'none'
    return before === version ? 'withdrawn' : 'closed'
  }

  private async publish(day: Day): Promise<void> {
    const { folder, language } = this.surroundings
    const at = this.at(day, 3)
    const forecasts = join(folder, '.cd4ml', 'forecasts')
    await rm(forecasts, { recursive: true, force: true })
    const options = inputsIn(folder, day, { data: 'data' })
    const published = await publishForecasts({
      options,
      out: forecasts,
      at,
      repository: REPOSITORY,
      language,
      workflow: WORKFLOW,
    })
    if (published.outcome === 'kept') throw new Error(published.problem)
    await this.record({ forecasts }, at)
  }

  private async record(
    made: Pick<RecordInput, 'runs' | 'challenger' | 'forecasts'>,
    at: string,
  ): Promise<void> {
    const { folder, language } = this.surroundings
    const own = { project: folder, workflow: WORKFLOW, branch: 'main', at }
    const input = { own, ...made, repository: REPOSITORY, language }
    const { leftOut } = await committingAt(at, () => record(this.append, input))
    const [refused] = [...leftOut.runs, ...leftOut.forecasts]
    if (refused) throw new Error(`${refused.file}: ${refused.problem}`)
  }

  /** Units by product, as they were published for a day. */
  private async adviceFor(day: Day): Promise<Map<string, number>> {
    const ledger = await clonedLedger(this.surroundings.folder)
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

/** So many hours after six in the morning, ISO 8601 in UTC. */
export function morningOf(day: Day, timeZone: string, hours = 0): string {
  return new Date(startOfDay(day, timeZone).getTime() + (6 + hours) * 3_600_000).toISOString()
}

/** Nobody is there: what would be links leads nowhere. */
const REPOSITORY = 'https://simulated.invalid/shop/demand'
const WORKFLOW = { url: `${REPOSITORY}/actions/runs/1`, event: 'schedule' }
