import { join, relative, resolve } from 'node:path'
import { canonicalJson } from '../../src/base/canonical-json.ts'
import { writeWhole } from '../../src/base/write-file.ts'
import type { HealthRecord } from '../../src/monitoring/health/health-record.ts'
import type { Annotation } from '../../src/reporting/annotations.ts'
import { healthVerdict } from '../../src/reporting/health-sentences.ts'
import { healthMarkdown } from '../../src/reporting/health-summary.ts'
import { inputsIn } from '../../src/steps/data/inputs.ts'
import { monitor } from '../../src/steps/monitoring/monitor.ts'
import { HEALTH_FILE } from '../../src/steps/monitoring/taken-health.ts'
import { actionOf } from '../../src/workflow/action.ts'
import { day, optional, path } from '../../src/workflow/inputs.ts'
import { notMonitored } from '../../src/workflow/monitored.ts'

const inputs = { data: path, contract: optional(path), 'as-of': optional(day), out: path }

export const run = actionOf(
  { title: 'Look at the model in production', inputs },
  async (action) => {
    const { project, today } = action
    const { data, contract, 'as-of': asOf, out } = action.inputs
    const monitored = await monitor({
      options: inputsIn(project, await today(), { data, contract, asOf }),
      at: new Date().toISOString(),
      workflow: action.run,
    })
    const language = await action.language()
    if (monitored.outcome !== 'monitored') return notMonitored(monitored, language)
    const { health } = monitored
    const file = join(resolve(project, out), HEALTH_FILE)
    await writeWhole(file, canonicalJson(health))
    return {
      outputs: {
        outcome: 'monitored',
        level: levelOf(health),
        version: health.production.version,
        record: relative(project, file),
      },
      summary: healthMarkdown(health, language),
      annotations: annotationsOf(health),
    }
  },
)

function levelOf({ standing }: HealthRecord): string {
  return standing.outcome === 'judged' ? standing.level : standing.outcome
}

function annotationsOf(health: HealthRecord): Annotation[] {
  const level = levelOf(health)
  if (level === 'as promised' || level === 'cannot tell') return []
  return [
    {
      level: level === 'watch' ? 'notice' : 'warning',
      title: `The model in production: ${level}`,
      message: healthVerdict(health, 'en'),
    },
  ]
}
