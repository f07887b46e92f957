import { canonicalJson } from '../base/canonical-json.ts'
import { verify } from '../steps/promotion/verify.ts'
import type { Shell } from './shell.ts'

type VerifyOptions = { base?: string; json?: true }

export async function verifyCommand(
  shell: Shell,
  revision: string | undefined,
  { base, json }: VerifyOptions,
): Promise<void> {
  const result = await verify({
    repo: shell.project,
    today: await shell.today(),
    ...(revision !== undefined && { rev: revision }),
    ...(base !== undefined && { base }),
  })
  const { outcome, rev, checks } = result
  const lines = checks.map(
    ({ name, passed, detail }) => `  ${passed ? 'passed' : 'FAILED'}  ${name}: ${detail}`,
  )
  const head = `${rev.name} (${rev.commit.slice(0, 12)}): ${outcome}`
  shell.print(json ? canonicalJson(result) : [head, ...lines].join('\n'))
  if (outcome === 'failed') shell.exitWith(1)
}
