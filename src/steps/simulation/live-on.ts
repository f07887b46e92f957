import { isoFromDay } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import { readProjectSettings } from '../../base/project-settings.ts'
import { readOrdering } from '../../ordering/buying-terms.ts'
import { readWorkingVersion } from '../../registry/production.ts'
import type { SimulatedBuyer } from '../../simulation/advised-buyer.ts'
import { Extraction } from '../../simulation/extraction.ts'
import { LivingChain } from '../../simulation/living-chain.ts'
import { salesFiles } from '../../simulation/sales-files.ts'
import { SAMPLE_DAYS, SAMPLE_SEED } from '../../simulation/sample-data.ts'
import type { Unforeseen } from '../../simulation/shift.ts'
import { simulate } from '../../simulation/simulate.ts'
import { beginProject, replaceSales } from './simulated-project.ts'
import { type Checked, type Decisions, morningOf, SimulatedShop } from './simulated-shop.ts'

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

/** A week that the chain lived, and what was known and done of production on the Monday after. */
export type SimulatedWeek = Checked & {
  week: number
  /** ISO day of its Sunday. */
  through: string
  decisions: Decisions
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
  const { project, folder, seed = SAMPLE_SEED, products, buyer, unforeseen, weeks } = input
  if (weeks > LONGEST_WEEKS) {
    throw new UserError(`at most ${LONGEST_WEEKS} weeks can be simulated, but not ${weeks}`)
  }
  const history = { seed, ...SAMPLE_DAYS, ...(products !== undefined && { products }) }
  const first = SAMPLE_DAYS.lastDay + 1
  const { timeZone, language } = await readProjectSettings(project)
  await beginProject(project, folder, morningOf(first, timeZone))
  const lived = simulate(history)
  if (products !== undefined || seed !== SAMPLE_SEED) {
    const files = salesFiles(lived, seed)
    await replaceSales(folder, files, morningOf(first, timeZone, 1))
  }
  const chain = new LivingChain({
    ...history,
    laterDays: 7 * LONGEST_WEEKS + 14,
    unforeseen: unforeseen.map(({ week, ...shift }) => ({
      ...shift,
      from: FIRST_MONDAY + 7 * (week - 1),
    })),
  })
  const shop = new SimulatedShop({
    project,
    folder,
    chain,
    extraction: new Extraction(lived, chain, seed),
    seed,
    buyer,
    ordering: await readOrdering(folder),
    timeZone,
    language,
  })
  if ((await readWorkingVersion(folder)) === undefined) await shop.trainFirst(first)
  // The Sunday that belongs to the last week of the history.
  shop.live(1)
  await shop.takeIn(FIRST_MONDAY)
  return shop
}
