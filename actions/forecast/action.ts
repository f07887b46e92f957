import { relative, resolve } from 'node:path'
import type { Annotation } from '../../src/reporting/annotations.ts'
import { inputsIn } from '../../src/steps/data/inputs.ts'
import { publishForecasts } from '../../src/steps/forecasts/publish-forecasts.ts'
import { actionOf } from '../../src/workflow/action.ts'
import { day, optional, path } from '../../src/workflow/inputs.ts'
import { forecastsSummary } from '../../src/workflow/summaries.ts'

const inputs = { data: path, contract: optional(path), 'as-of': optional(day), out: path }

export const run = actionOf({ title: 'Forecast every product', inputs }, async (action) => {
  const { project, today, language, repositoryUrl, run } = action
  const { data, contract, 'as-of': asOf, out } = action.inputs
  const published = await publishForecasts({
    options: inputsIn(project, await today(), { data, contract, asOf }),
    out: resolve(project, out),
    at: new Date().toISOString(),
    repository: repositoryUrl,
    language: await language(),
    workflow: run,
  })
  if (published.outcome === 'kept') {
    const { problem, missed } = published
    return {
      outputs: { outcome: 'kept', missed: String(missed), problem },
      summary: forecastsSummary(published, await language()),
      annotations: [{ level: 'warning', title: 'No new forecasts', message: problem }],
    }
  }
  const { record, csv, json, orders } = published
  return {
    outputs: {
      outcome: 'made',
      version: record.version,
      csv: relative(project, csv),
      json: relative(project, json),
      orders: orders && relative(project, orders),
      through: record.through,
    },
    summary: forecastsSummary(published, await language()),
    annotations: [
      ...missing('No new orders', record.orders),
      ...missing('No shadow', record.shadow),
    ],
  }
})

/** What is said where something beside the forecasts could not be made. */
function missing(
  title: string,
  part: { outcome: string; problem?: string } | undefined,
): Annotation[] {
  return part?.problem === undefined ? [] : [{ level: 'warning', title, message: part.problem }]
}
