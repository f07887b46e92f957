import { expect, it } from 'vitest'
import { weekLine } from '../../../src/commands/simulate-text.ts'
import { healthAt } from '../monitoring/health/examples.ts'

it.each([
  ['opened', /issue opened$/],
  ['closed', /issue closed by version 3$/],
  ['withdrawn', /issue closed by revised sales$/],
  ['open', /25\.0 +300\.0$/],
] as const)('the line of a week says what became of an issue that is %s', (issue, end) => {
  const week = {
    week: 2,
    through: '2026-11-01',
    health: healthAt('wreck'),
    decisions: { made: 0, changed: 0 },
    issue,
    supplied: { wanted: 10, lost: 0 },
  }
  expect(weekLine(week, [])).toMatch(end)
})
