import { canonicalJson } from '../base/canonical-json.ts'
import { alignedColumns } from '../reporting/aligned-columns.ts'
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
      : alignedColumns({
          headers: ['Version', 'From', 'Until', 'Model', 'Trained through', 'Commit', 'Note'],
          rows: found.periods.map(row),
        }),
  )
  if (found.extent === 'cut off') {
    shell.say('This is a shallow clone: older versions are not shown. Run git fetch --unshallow.')
  }
}

function row(period: Period): string[] {
  const { since, until, commit } = period
  const when = [since.slice(0, 16), until?.slice(0, 16) ?? 'now']
  const short = commit.slice(0, 12)
  if (period.found === 'nothing') return ['–', ...when, 'nothing in production', '', short, '']
  if (period.found === 'unreadable') return ['?', ...when, 'unreadable', '', short, period.problem]
  const { version, model, trainedThrough, restores } = period
  const note = restores ? `version ${restores.version} again: ${restores.reason}` : ''
  return [String(version), ...when, model, trainedThrough, short, note]
}
