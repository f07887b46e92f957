import { canonicalJson } from '../base/canonical-json.ts'
import { type Day, dayFromIso } from '../base/day.ts'
import { UserError } from '../base/errors.ts'
import { counted, integer } from '../base/wording.ts'
import { type Doubtful, runsOfDays } from '../sales/warehouse/doubts.ts'
import { NIGHTS_WAITED } from '../sales/warehouse/half-loaded.ts'
import type { Ingested } from '../sales/warehouse/ingested.ts'
import { inputsIn } from '../steps/data/inputs.ts'
import type { Shell } from './shell.ts'

type IngestCommandOptions = {
  data: string
  contract?: string
  from?: Day
  until?: Day
  accept?: Doubtful[]
  dryRun?: true
  json?: true
  quiet?: true
}

export async function ingestCommand(shell: Shell, options: IngestCommandOptions): Promise<void> {
  const { from, until, accept = [], dryRun = false, json, quiet = false } = options
  const { ingest } = await import('../steps/data/ingest.ts')
  const { project, data, contract, recipe, today } = inputsIn(
    shell.project,
    await shell.today(),
    options,
  )
  const bar = await shell.progress('check', quiet)
  const stop = new AbortController()
  shell.stopped().then(() => stop.abort(new UserError('it was stopped: nothing was changed')))
  const ingested = await ingest({
    project,
    data,
    contract,
    recipe,
    today,
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    accept: new Set(accept),
    dryRun,
    environment: shell.environment,
    signal: stop.signal,
    onProgress: bar.update,
    ...(!quiet && {
      onAsk: (asked) => shell.say(`Asking for ${asked.from} to ${asked.until}.`),
      onRows: (rows) => shell.say(`${integer(rows)} rows so far.`),
    }),
  }).finally(bar.stop)
  shell.print(json ? canonicalJson(ingested) : ingestedText(ingested, dryRun))
}

/** What came, what it changed, and what is still to come. */
function ingestedText(ingested: Ingested, dryRun: boolean): string {
  const { asked, came, days, quarantined, files } = ingested
  const worth = came.value === 0 ? '' : `, worth ${amount(came.value, 2)}`
  const lines = [
    `${asked.from} to ${asked.until}: ${counted(came.rows, 'row')} of ${counted(came.days, 'day')}, ${amount(came.units)} units${worth}.`,
    daysLine('New', days.new),
    daysLine('Revised', days.revised),
    daysLine('Without rows now', days.removed),
    days.unchanged > 0 && `Unchanged: ${counted(days.unchanged, 'day')}.`,
    quarantined > 0 && `${counted(quarantined, 'row')} of them will be quarantined.`,
    days.late.length > 0 &&
      `No rows yet of ${counted(days.late.length, 'day')} that usually sell: ${runsOfDays(days.late.map(dayOf))}. Not taken as days without sales.`,
    days.incomplete.length > 0 &&
      `Left out until they are whole: ${counted(days.incomplete.length, 'day')} (${runsOfDays(days.incomplete.map(dayOf))}), with less than half of what such days have. Taken next time if a whole day has followed, or after ${NIGHTS_WAITED} nights; with --accept shrunk, now.`,
    files.length === 0 && 'No file changes.',
    ...files.map(({ file, change }) => `${dryRun ? 'would be ' : ''}${change}  ${file}`),
  ]
  return lines.filter((line) => line !== false && line !== '').join('\n')
}

function daysLine(what: string, days: string[]): string {
  if (days.length === 0) return ''
  return `${what}: ${counted(days.length, 'day')} (${runsOfDays(days.map(dayOf))}).`
}

function dayOf(iso: string): Day {
  return dayFromIso(iso)!
}

function amount(value: number, decimals = 0): string {
  return value.toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals || 3,
  })
}
