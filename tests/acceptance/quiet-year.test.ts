import { expect, it } from 'vitest'
import { LIVING_TIMEOUT, levelOf, lived } from '../simulated-chain.ts'

it(
  'a chain is not alarmed in a year in which nothing breaks',
  async () => {
    const { weeks } = await lived(52)
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
  LIVING_TIMEOUT,
)
