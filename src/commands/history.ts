import { canonicalJson } from '../base/canonical-json.ts'
import { alignedColumns, terminalText } from '../reporting/aligned-columns.ts'
import { shortId } from '../reporting/format.ts'
import { history, type Period } from '../steps/promotion/history.ts'
import type { Shell } from './shell.ts'

export async function historyCommand(
  shell: Shell,
  { base, json }: { base?: string; json?: true },
): Promise<void> {
  const found = await history({ repo: shell.project, ...(base !== undefined && { base }) })
  if (json) {
    shell.print(canonicalJson(found))
    return
  }
  shell.print(
    found.periods.length === 0
      ? `Nothing has been in production on ${found.base.name} yet.`
      : `${alignedColumns({
          headers: ['Version', 'From', 'Until', 'Model', 'Trained through', 'Commit'],
          rows: found.periods.map(row),
        })}${found.periods.map(noteLine).join('')}`,
  )
  if (found.extent === 'cut off') {
    shell.say('This is a shallow clone: older versions are not shown. Run git fetch --unshallow.')
  }
}

function row(period: Period): string[] {
  const { since, until } = period
  const when = [since.slice(0, 16), until?.slice(0, 16) ?? 'now']
  const commit = shortId(period.commit)
  if (period.found === 'nothing') return ['–', ...when, 'nothing in production', '', commit]
  if (period.found === 'unreadable') return ['?', ...when, 'unreadable', '', commit]
  return [String(period.version), ...when, period.model, period.trainedThrough, commit]
}

/** What is to be known of a period beside its row, as a line below the table; empty where it is nothing. */
function noteLine(period: Period): string {
  if (period.found === 'unreadable') {
    return `${shortId(period.commit)}: ${terminalText(period.problem, 400)}\n`
  }
  if (period.found === 'nothing' || !period.restores) return ''
  const { version, reason } = period.restores
  return `Version ${period.version} is version ${version} again: ${terminalText(reason, 400)}\n`
}
