import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { history } from '../../src/steps/promotion/history.ts'
import {
  liveOn,
  type SimulatedShift,
  type SimulatedWeek,
} from '../../src/steps/simulation/live-on.ts'
import { succeed } from '../project.ts'
import { temporaryFolder } from '../repository.ts'
import { quickTemplate } from '../simulated-chain.ts'

/** Two chains that live through the real steps, week by week: two to three minutes of CPU. */
const TIMEOUT = 1_800_000

let project: string
let folder: string

beforeAll(async () => {
  project = await quickTemplate()
  folder = join(await temporaryFolder(), 'chain')
})

describe('a chain of twenty products', () => {
  it(
    'is not alarmed in a year in which nothing breaks',
    async () => {
      const weeks = await lived(52, [])
      expect(weeks).toHaveLength(52)
      const told = weeks.filter(({ health }) => health.standing.outcome === 'judged')
      expect(told).toHaveLength(52)
      const levels = new Set(weeks.map(levelOf))
      expect(levels).not.toContain('degraded')
      expect(levels).not.toContain('wreck')
      expect(weeks.every(({ issue }) => issue === 'none')).toBe(true)
      // Every block rests on what was published, and hardly any could not be told.
      const blocks = weeks[51].health.blocks
      expect(blocks.every(({ forecasts }) => forecasts === 'published')).toBe(true)
      expect(blocks.filter(({ outcome }) => outcome === 'counted').length).toBeGreaterThan(48)
    },
    TIMEOUT,
  )

  it(
    'whose demand shifts by half from week 20 on is watched, retrained and promoted by itself',
    async () => {
      const isOver = (weeks: SimulatedWeek[]) =>
        weeks.slice(0, -2).some(({ retrained }) => retrained?.outcome === 'promoted')
      const weeks = await lived(36, [{ kind: 'restless', share: 0.5, week: 20 }], isOver)
      const watched = weeks.findIndex((week) => levelOf(week) !== 'as promised') + 1
      expect(watched).toBeGreaterThanOrEqual(20)
      expect(watched).toBeLessThanOrEqual(20 + 10)
      const retrained = weeks.flatMap(({ week, retrained }) =>
        retrained ? [{ week, retrained }] : [],
      )
      expect(retrained[0].week).toBe(watched)
      const promoted = retrained.find(({ retrained }) => retrained.outcome === 'promoted')
      expect(promoted?.retrained).toMatchObject({ outcome: 'promoted', version: 2 })
      // The new version begins anew, and whatever was open is closed.
      const after = weeks.slice(promoted!.week)
      expect(after.length).toBeGreaterThan(1)
      expect(after.map(({ health }) => health.production.version)).toEqual(after.map(() => 2))
      expect(after.map(levelOf)).toEqual(after.map(() => 'as promised'))
      expect(after.at(-1)?.issue).toBe('none')
      const { periods } = await history({ repo: folder })
      expect(periods.map((it) => it.found === 'version' && it.version)).toEqual([2, 1])
      expect(await succeed(folder, ['verify', 'main'])).toContain('verified')
    },
    TIMEOUT,
  )
})

function levelOf({ health: { standing } }: SimulatedWeek): string {
  return standing.outcome === 'judged' ? standing.level : standing.outcome
}

/** So many weeks, or fewer where all that is asked about is over. */
async function lived(
  count: number,
  unforeseen: SimulatedShift[],
  isOver: (weeks: SimulatedWeek[]) => boolean = () => false,
): Promise<SimulatedWeek[]> {
  const weeks: SimulatedWeek[] = []
  const chain = liveOn({
    project,
    folder,
    weeks: count,
    products: 20,
    buyer: 'follows',
    unforeseen,
  })
  for await (const week of chain) {
    weeks.push(week)
    if (isOver(weeks)) break
  }
  return weeks
}
