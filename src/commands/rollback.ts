import { relative, resolve } from 'node:path'
import { canonicalJson } from '../base/canonical-json.ts'
import { languageOf } from '../base/project-settings.ts'
import { writeWhole } from '../base/write-file.ts'
import { rollbackText } from '../reporting/rollback-request.ts'
import { rollback } from '../steps/promotion/rollback.ts'
import type { Shell } from './shell.ts'

type RollbackOptions = { to: number; reason: string; base?: string; json?: true }

const TEXT_FILE = '.cd4ml/rollback/pull-request.md'

export async function rollbackCommand(
  shell: Shell,
  { to, reason, base, json }: RollbackOptions,
): Promise<void> {
  const result = await rollback({
    repo: shell.project,
    to,
    reason,
    ...(base !== undefined && { base }),
  })
  const { title, body } = rollbackText(
    { ...result, base: result.base.name },
    await languageOf(shell.project),
  )
  const file = resolve(shell.project, TEXT_FILE)
  await writeWhole(file, `# ${title}\n\n${body}`)
  const state = result.outcome === 'proposed' ? 'is now at' : 'was already at'
  shell.print(
    json
      ? canonicalJson({ ...result, textFile: file })
      : `${result.branch} ${state} ${result.commit.slice(0, 12)}: version ${result.manifest.version}, the model of version ${to} again.\nThe text of the pull request is in ${relative(shell.project, file)}.`,
  )
}
