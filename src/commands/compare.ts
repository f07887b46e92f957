import { relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { canonicalJson } from '../canonical-json.ts'
import type { Evaluation } from '../evaluation/evaluation.ts'
import { readPolicy } from '../evaluation/policy.ts'
import { readChallenger } from '../registry/challenger.ts'
import { readVersion, readWorkingVersion, type Version } from '../registry/production.ts'
import { isRepository, resolveBase } from '../registry/repository.ts'
import { comparisonText } from '../reporting/comparison-report.ts'
import { compare } from '../steps/compare.ts'
import { type ModelOptions, withModelOptions } from './options.ts'
import type { Shell } from './shell.ts'
import { recorded, searchedOf, type ValidInputs, validInputs } from './work.ts'

export type CompareOptions = ModelOptions & { policy: string; base?: string }

export function withCompareOptions(command: Command): Command {
  return withModelOptions(command)
    .option('--policy <file>', 'what a challenger must show', 'model-registry/policy.yml')
    .option('--base <branch>', 'branch that is in production (default: main)')
}

export function addCompare(program: Command, shell: Shell): void {
  withCompareOptions(program.command('compare'))
    .description('backtest the challenger against the champion and decide by the policy')
    .action(async (options: CompareOptions) => {
      const inputs = await validInputs(shell, options)
      if (!inputs) return
      const evaluation = await compareChallenger(shell, inputs, options)
      shell.print(options.json ? canonicalJson(evaluation) : comparisonText(evaluation))
    })
}

/** Compares, and records the run. */
export async function compareChallenger(
  shell: Shell,
  inputs: ValidInputs,
  options: CompareOptions,
): Promise<Evaluation> {
  const out = resolve(shell.project, options.out)
  const policy = await readPolicy(resolve(shell.project, options.policy))
  const production = await productionFor(shell, options)
  const { totals, fingerprint } = inputs
  const bar = shell.progress('compare', options.quiet === true)
  return await recorded(shell, 'compare', inputs, async () => {
    const evaluation = await compare({
      totals,
      policy,
      ...(production && { production }),
      ...(options.asOf !== undefined && { asOf: options.asOf }),
      fingerprint,
      out,
      onProgress: bar.update,
    })
    const { training } = await readChallenger(out)
    return {
      result: evaluation,
      outcome: {
        model: evaluation.challenger.model,
        searched: searchedOf(training),
        metrics: evaluation.challenger.metrics,
        verdict: evaluation.decision.verdict,
      },
    }
  }).finally(bar.stop)
}

/**
 * The version in production on the base branch; without a repository, that of the working folder.
 * A version made of other data is no champion for these.
 */
async function productionFor(
  shell: Shell,
  { base, data, quiet }: CompareOptions,
): Promise<Version | undefined> {
  const { project } = shell
  const version = (await isRepository(project))
    ? await readVersion(project, (await resolveBase(project, base)).commit)
    : await readWorkingVersion(project)
  const own = version?.manifest.lineage.data.path
  if (own === undefined || relative(project, resolve(project, data)) === own) return version
  if (!quiet) {
    shell.say(
      `The model in production forecasts the sales in ${own}, not those in ${data}: the challenger is judged against seasonal naive.`,
    )
  }
  return undefined
}
