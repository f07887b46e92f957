import { relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { canonicalJson } from '../canonical-json.ts'
import { type ProposedChallenger, proposeChallenger } from '../steps/propose-challenger.ts'
import { CHALLENGER, withOutputOptions } from './options.ts'
import type { Shell } from './shell.ts'

export type PromoteOptions = {
  out: string
  base?: string
  baseline?: true
  json?: true
  quiet?: true
}

export function addPromote(program: Command, shell: Shell): void {
  withOutputOptions(program.command('promote'))
    .description('propose the challenger as the next version, on the branch promotion/demand')
    .option('--out <folder>', 'folder of the challenger', CHALLENGER)
    .option('--base <branch>', 'branch to promote to (default: main)')
    .option(
      '--baseline',
      'put a first model into production, where there is none, without a verdict',
    )
    .action(async (options: PromoteOptions) => {
      const result = await promoteChallenger(shell, options)
      shell.print(options.json ? canonicalJson(result) : promotionText(shell, result))
      if (result.outcome === 'refused') process.exitCode = 1
    })
}

export function promoteChallenger(
  shell: Shell,
  { out, base, baseline }: PromoteOptions,
): Promise<ProposedChallenger> {
  return proposeChallenger({
    repo: shell.project,
    out: resolve(shell.project, out),
    ...(base !== undefined && { base }),
    ...(baseline && { baseline }),
  })
}

export function promotionText(shell: Shell, result: ProposedChallenger): string {
  if (result.outcome === 'refused') {
    return ['Not promoted:', ...result.reasons.map((reason) => `  - ${reason}`)].join('\n')
  }
  const { outcome, branch, commit, base, manifest, textFile } = result
  const state = outcome === 'proposed' ? 'is now at' : 'was already at'
  return [
    `${branch} ${state} ${commit.slice(0, 12)}: version ${manifest.version}, to be merged into ${base.name}.`,
    `The text of the pull request is in ${relative(shell.project, textFile)}.`,
  ].join('\n')
}
