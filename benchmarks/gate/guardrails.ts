import type { Policy } from '../../src/evaluation/gate/policy.ts'
import { alignedColumns } from '../../src/reporting/aligned-columns.ts'
import { RELATIVE, share } from './challengers.ts'
import type { Outcome } from './histories.ts'
import { judgedHistories } from './in-threads.ts'
import { errorScaleFor } from './world.ts'

/**
 * How often each guardrail keeps out a challenger that is the champion with other noise, which it
 * should not, and one whose loss in one of eight categories is 25% or 50% higher, which that of the
 * categories should. The last line: had an estimate above the limit been enough.
 */
export async function guardrails(policy: Policy): Promise<void> {
  const [, common] = RELATIVE
  const setting = { origins: 6, step: 4, common, errorScale: 1, tries: [1], policy }
  const all: Outcome[][] = []
  for (const loss of [1, 1.25, 1.5]) {
    const firstCategoryScale = loss === 1 ? 1 : errorScaleFor(loss)
    all.push((await judgedHistories({ ...setting, firstCategoryScale }, HISTORIES)).flat())
  }
  const rows = [
    'seasonal naive beaten',
    'bias',
    'coverage of the 80% interval',
    'no category worse',
    'no volume class worse',
  ].map((name) => [
    name,
    ...all.map((outcomes) => share(outcomes, ({ failed }) => failed.includes(name))),
  ])
  const byEstimate = all.map((outcomes) => share(outcomes, (it) => it.segmentAboveLimit))
  console.log(`${HISTORIES} histories with 6 origins:`)
  console.log(
    alignedColumns({
      headers: ['Kept out by', 'equal', 'a category 25% worse', '50% worse'],
      rows: [...rows, ['a segment by its estimate alone', ...byEstimate]],
    }),
  )
}

const HISTORIES = 400
