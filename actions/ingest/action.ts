import { UserError } from '../../src/base/errors.ts'
import type { Language } from '../../src/base/language.ts'
import { connect } from '../../src/github/client.ts'
import { type Annotation, findingAnnotations } from '../../src/reporting/annotations.ts'
import { ingestedText } from '../../src/reporting/new-sales-request.ts'
import { doubtful } from '../../src/sales/warehouse/doubts.ts'
import type { Ingested } from '../../src/sales/warehouse/ingested.ts'
import { type ProposedIngested, proposeIngested } from '../../src/steps/data/propose-ingested.ts'
import { type ActionResult, actionOf } from '../../src/workflow/action.ts'
import { choice, choices, day, optional, token } from '../../src/workflow/inputs.ts'
import { invalidData } from '../../src/workflow/invalid-data.ts'
import { requestedSales } from '../../src/workflow/requested-sales.ts'

const inputs = {
  token,
  from: optional(day),
  until: optional(day),
  accept: choices(...doubtful),
  merge: choice('itself', 'by a person'),
}

export const run = actionOf(
  { title: 'Ingest the sales of the warehouse', inputs },
  async (action) => {
    const { token, from, until, accept, merge } = action.inputs
    const language = await action.language()
    const stop = new AbortController()
    action.stopped().then(() => stop.abort(new UserError('it was stopped: nothing was changed')))
    const proposed = await proposeIngested(connect({ ...action, token }), {
      repo: action.project,
      today: await action.today(),
      ...(from !== undefined && { from }),
      ...(until !== undefined && { until }),
      accept: new Set(accept),
      environment: action.environment,
      signal: stop.signal,
      mayMerge: merge === 'itself',
      run: action.run.url,
      language,
    })
    return told(proposed, language)
  },
)

function told(proposed: ProposedIngested, language: Language): ActionResult {
  const { outcome, ingested } = proposed
  const annotations = dayAnnotations(ingested.days)
  if (outcome === 'nothing new') {
    const summary = `⚪ Nothing is new in the warehouse.\n\n${ingestedText(ingested, language)}`
    return { outputs: { outcome }, summary, annotations }
  }
  if (outcome === 'invalid') {
    const { report } = proposed
    return {
      ...invalidData(report, { outcome }, language),
      annotations: findingAnnotations(report.findings, 'data'),
    }
  }
  const result = requestedSales(proposed)
  return { ...result, annotations: [...annotations, ...(result.annotations ?? [])] }
}

function dayAnnotations({ late, incomplete }: Ingested['days']): Annotation[] {
  const warning = (title: string, message: string) => ({
    level: 'warning' as const,
    title,
    message,
  })
  return [
    ...late.map((day) =>
      warning(
        'A day is missing in the warehouse',
        `No rows have come for ${day}, though such days usually sell. It is asked for again next time.`,
      ),
    ),
    ...incomplete.map((day) =>
      warning(
        'A day is not whole in the warehouse',
        `Of ${day} less than half has come of what such days have. It is left out, and asked for again next time; where it is so, accept shrunk.`,
      ),
    ),
  ]
}
