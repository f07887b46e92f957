import type { Command } from 'commander'
import { canonicalJson } from '../canonical-json.ts'
import { verify } from '../steps/verify.ts'
import { withOutputOptions } from './options.ts'
import type { Shell } from './shell.ts'

type VerifyOptions = { base?: string; json?: true }

export function addVerify(program: Command, shell: Shell): void {
  withOutputOptions(program.command('verify'))
    .description('prove a version: hashes, parent, scope, and retraining to the same bytes')
    .argument(
      '[revision]',
      'branch or commit (default: promotion/demand where it exists, else HEAD)',
    )
    .option('--base <branch>', 'branch that it is proposed to (default: main)')
    .action(async (revision: string | undefined, { base, json }: VerifyOptions) => {
      const result = await verify({
        repo: shell.project,
        ...(revision !== undefined && { rev: revision }),
        ...(base !== undefined && { base }),
      })
      const { outcome, rev, checks } = result
      const lines = checks.map(
        ({ name, passed, detail }) => `  ${passed ? 'passed' : 'FAILED'}  ${name}: ${detail}`,
      )
      const head = `${rev.name} (${rev.commit.slice(0, 12)}): ${outcome}`
      shell.print(json ? canonicalJson(result) : [head, ...lines].join('\n'))
      if (outcome === 'failed') process.exitCode = 1
    })
}
