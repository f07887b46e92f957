import { resolve } from 'node:path'
import { canonicalJson } from '../base/canonical-json.ts'
import { counted, integer } from '../base/wording.ts'
import { outlineOf } from '../registry/challenger.ts'
import { comparisonText } from '../reporting/comparison-report.ts'
import { train } from '../steps/model/train.ts'
import { projectFits, withHistories } from '../steps/model/with-history.ts'
import { promote } from '../steps/promotion/promote.ts'
import { type CompareOptions, compareInShell } from './compare.ts'
import { promotionText } from './promote.ts'
import type { Shell } from './shell.ts'
import { validInputs } from './valid-inputs.ts'

export async function pipelineCommand(shell: Shell, options: CompareOptions): Promise<void> {
  const say = (step: string, text: string) => {
    if (!options.quiet) shell.say(`${step.padEnd(9)} ${text}`)
  }
  const inputs = await validInputs(shell, options)
  if (!inputs) return
  const { totals, plan } = inputs.report
  const planned = plan
    ? `; ${counted(plan.rowsRead, 'row')} of the plan: ${integer(plan.rowsAccepted)} accepted, ${integer(plan.rowsQuarantined)} quarantined`
    : ''
  say(
    'validate',
    `${counted(totals.files, 'file')}, ${counted(totals.rowsRead, 'row')}: ${integer(totals.rowsAccepted)} accepted, ${integer(totals.rowsQuarantined)} quarantined${planned}`,
  )
  const out = resolve(shell.project, options.out)
  // One history for both: what training has fitted, comparing need not fit again.
  let bar = await shell.progress('train', options.quiet === true)
  const { evaluation, search } = await withHistories(
    inputs,
    async (histories) => {
      const { name } = options
      const origin = name === undefined ? {} : { name }
      const trained = await train({ inputs, histories, out, origin })
      bar.stop()
      const { candidates } = trained.training.search
      say(
        'train',
        `${outlineOf(trained).name}, chosen from ${counted(candidates.length, 'candidate')}`,
      )
      bar = await shell.progress('compare', options.quiet === true)
      return await compareInShell(shell, inputs, histories, options)
    },
    {
      store: projectFits(inputs.project),
      onProgress: (done, expected) => bar.update(done, expected),
    },
  ).finally(() => bar.stop())
  const { decision } = evaluation
  say('compare', decision.verdict)
  if (decision.decision === 'keep') {
    say('promote', 'nothing: production stays as it is')
    shell.print(
      options.json ? canonicalJson({ evaluation }) : `\n${comparisonText(evaluation, { search })}`,
    )
    return
  }
  const promotion = await promote({
    repo: shell.project,
    out,
    ...(options.base !== undefined && { base: options.base }),
  })
  const waits = promotion.outcome === 'refused' ? promotion.until : undefined
  if (promotion.outcome === 'held' || (promotion.outcome === 'refused' && !waits)) shell.exitWith(1)
  say('promote', waits ? `not until ${waits}` : promotion.outcome)
  const outcome = promotionText(shell, promotion)
  shell.print(
    options.json
      ? canonicalJson({ evaluation, promotion })
      : `\n${comparisonText(evaluation, { search, outcome })}`,
  )
}
