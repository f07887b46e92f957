import { expect, it } from 'vitest'
import { segmentName } from '../../../src/reporting/evaluation-table.ts'
import { nextStepText } from '../../../src/reporting/next-steps-text.ts'
import { checkText } from '../../../src/reporting/verdict-text.ts'
import { evaluation, segment } from './examples.ts'

it.each([
  ['en', '(none)'],
  ['pt-BR', '(sem nome)'],
] as const)(
  'a reviewer is not shown a blank for the part of what the sales say nothing of: %s',
  (language, shown) => {
    const part = segment('part', '', 100, 0.1)
    expect(segmentName(part, language)).toBe(shown)
    const worst = [{ name: '', worse: 0.081 }]
    const check = { passed: false, shown: worst, minimumRows: 100, allowed: 0.05, byChance: false }
    expect(checkText({ name: 'no part worse', ...check }, evaluation(), language)).toContain(
      `${shown} (8`,
    )
    const step = { try: 'the rows' as const, segments: [''] }
    expect(nextStepText(step, language, (name) => name)).toContain(shown)
  },
)
