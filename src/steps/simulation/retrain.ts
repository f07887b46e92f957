import { join } from 'node:path'
import type { Day } from '../../base/day.ts'
import { committingAt } from '../../base/git.ts'
import type { Evaluation } from '../../evaluation/gate/evaluation.ts'
import type { FitStore } from '../../evaluation/search/fit-store.ts'
import { POLICY } from '../../registry/manifest.ts'
import { reasonTexts } from '../../reporting/verdict-text.ts'
import { inputsIn, readInputs } from '../data/inputs.ts'
import { compare } from '../model/compare.ts'
import { train } from '../model/train.ts'
import { withHistories } from '../model/with-history.ts'
import { promote } from '../promotion/promote.ts'
import { mergePromotion } from './simulated-project.ts'

export type Retrained = { evaluation: Evaluation } & (
  | { outcome: 'promoted'; version: number }
  /** Why not, one sentence each. */
  | { outcome: 'kept'; reasons: string[] }
)

export type RetrainInput = {
  /** Top folder of the simulated project. */
  folder: string
  today: Day
  /** Folder of the challenger. */
  out: string
  /** Of the runs, the promotion and its merge, ISO 8601 in UTC. */
  at: string
  store: FitStore
  /** Whether it is the first version, which nothing is compared with. */
  baseline?: boolean
}

/** What the workflow `retrain` does, and the reviewer who merges what it proposes. */
export async function retrain(input: RetrainInput): Promise<Retrained> {
  const { folder, today, out, at, store, baseline = false } = input
  const inputs = await readInputs(inputsIn(folder, today, { data: 'data' }))
  if (inputs.outcome === 'invalid') throw new Error('the simulated sales are not valid')
  const policy = join(folder, POLICY)
  const { evaluation } = await withHistories(
    inputs,
    async (histories) => {
      await train({ inputs, histories, out, origin: { at } })
      return await compare({ inputs, histories, policy, out, origin: { at } })
    },
    { store },
  )
  if (!baseline && evaluation.decision.decision === 'keep') {
    return { outcome: 'kept', evaluation, reasons: reasonTexts(evaluation, 'en') }
  }
  const proposed = await committingAt(at, () => promote({ repo: folder, out, baseline }))
  if (proposed.outcome === 'refused') {
    return { outcome: 'kept', evaluation, reasons: proposed.reasons }
  }
  if (proposed.outcome === 'held') {
    return { outcome: 'kept', evaluation, reasons: [proposed.reason] }
  }
  await mergePromotion(folder, proposed.branch, at)
  return { outcome: 'promoted', evaluation, version: proposed.manifest.version }
}
