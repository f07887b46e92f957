import { expect, it } from 'vitest'
import { history } from '../../src/steps/promotion/history.ts'
import type { SimulatedWeek } from '../../src/steps/simulation/live-on.ts'
import { succeed } from '../project.ts'
import { LIVING_TIMEOUT, levelOf, lived } from '../simulated-chain.ts'

it(
  'a chain whose demand shifts by half from week 20 on is watched, retrained and promoted by itself',
  async () => {
    const isOver = (weeks: SimulatedWeek[]) =>
      weeks.slice(0, -2).some(({ retrained }) => retrained?.outcome === 'promoted')
    const unforeseen = [{ kind: 'restless', share: 0.5, week: 20 } as const]
    const { folder, weeks } = await lived(36, { unforeseen, isOver })
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
  LIVING_TIMEOUT,
)
