import { resolve } from 'node:path'
import type { Day } from '../../src/base/day.ts'
import type { Language } from '../../src/base/language.ts'
import { connect } from '../../src/github/client.ts'
import { appendTo } from '../../src/github/ledger-branch.ts'
import type { AppendToBranch } from '../../src/ledger/ledger.ts'
import type { Annotation } from '../../src/reporting/annotations.ts'
import { decisionAnnotations } from '../../src/reporting/decision-annotations.ts'
import { decisionsMarkdown } from '../../src/reporting/decisions-markdown.ts'
import { record } from '../../src/steps/monitoring/record.ts'
import { actionOf } from '../../src/workflow/action.ts'
import { optional, path, said, token } from '../../src/workflow/inputs.ts'
import { recordSummary } from '../../src/workflow/summaries.ts'

const inputs = {
  token,
  runs: optional(path),
  challenger: optional(path),
  forecasts: optional(path),
  problem: optional(said),
  decisions: optional(path),
}

export const run = actionOf({ title: 'Record in the ledger', inputs }, async (action) => {
  const { project, repositoryUrl, run: workflow, branch, commit, language } = action
  const { token, runs, challenger, forecasts, problem, decisions } = action.inputs
  const append = appendTo(connect({ ...action, token }))
  const recorded = await record(append, {
    own: {
      project,
      workflow,
      ...(branch !== undefined && { branch }),
      ...(commit !== undefined && { commit }),
      at: new Date().toISOString(),
    },
    ...(runs !== undefined && { runs: resolve(project, runs) }),
    ...(challenger !== undefined && { challenger: resolve(project, challenger) }),
    ...(forecasts !== undefined && { forecasts: resolve(project, forecasts) }),
    ...(problem !== undefined && { problem }),
    repository: repositoryUrl,
    language: await language(),
  })
  const fromFiles = await recordedDecisions(decisions, action, append)
  const { leftOut } = recorded
  return {
    outputs: {
      outcome: recorded.outcome,
      commit: recorded.outcome === 'none' ? undefined : recorded.commit,
    },
    summary: `${recordSummary(recorded, repositoryUrl, await language())}${fromFiles.summary}`,
    annotations: [
      ...Object.values(leftOut)
        .flat()
        .map(
          ({ file, problem }): Annotation => ({
            level: 'warning',
            title: 'Not taken for a record',
            message: `${file}: ${problem}`,
          }),
        ),
      ...fromFiles.annotations,
    ],
    // The code that makes forecasts is main's own: something is wrong, and the last ones get old.
    ...(leftOut.forecasts.length > 0 && {
      refusal: `The forecasts were not recorded: ${leftOut.forecasts[0].problem}.`,
    }),
  }
})

/** What the files of decisions in the data folder say; nothing where they are not asked for. */
async function recordedDecisions(
  data: string | undefined,
  { project, today, language: projectLanguage }: { project: string } & Said,
  append: AppendToBranch,
): Promise<{ summary: string; annotations: Annotation[] }> {
  if (data === undefined) return { summary: '', annotations: [] }
  // Most calls of the action read no files of decisions, and do not wait for what reads them.
  const { inputsIn } = await import('../../src/steps/data/inputs.ts')
  const { recordDecisions } = await import('../../src/steps/monitoring/record-decisions.ts')
  const language = await projectLanguage()
  const inputs = inputsIn(project, await today(), { data })
  const { files } = await recordDecisions(append, { ...inputs, language })
  if (files.length === 0) return { summary: '', annotations: [] }
  return {
    summary: `\n${decisionsMarkdown(files, language)}`,
    annotations: decisionAnnotations(files, data, language),
  }
}

type Said = { today(): Promise<Day>; language(): Promise<Language> }
