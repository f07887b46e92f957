import { resolve } from 'node:path'
import { canonicalJson } from '../base/canonical-json.ts'
import { UserError } from '../base/errors.ts'
import { CATALOGUE } from '../simulation/catalogue.ts'
import type { LiveOnInput, SimulatedShift, SimulatedWeek } from '../steps/simulation/live-on.ts'
import type { Shell } from './shell.ts'
import { closingText, timelineHead, weekLine } from './simulate-text.ts'

type SimulateOptions = Pick<LiveOnInput, 'weeks' | 'buyer'> & {
  seed?: number
  products?: number
  break?: SimulatedShift
  drift?: SimulatedShift
  out: string
  json?: true
  quiet?: true
}

export async function simulateCommand(shell: Shell, options: SimulateOptions): Promise<void> {
  const { seed, weeks, products, buyer, out, json, quiet } = options
  refuseImpossible(options)
  const unforeseen = [
    ...(options.break ? [options.break] : []),
    ...(options.drift ? [options.drift] : []),
  ]
  const input: LiveOnInput = {
    project: shell.project,
    folder: resolve(shell.project, out),
    weeks,
    buyer,
    unforeseen,
    ...(seed !== undefined && { seed }),
    ...(products !== undefined && { products }),
  }
  if (!quiet)
    shell.say(`The chain lives on in ${out}, a copy of the last commit: nothing here changes.`)
  const { liveOn } = await import('../steps/simulation/live-on.ts')
  const lived: SimulatedWeek[] = []
  for await (const week of liveOn(input)) {
    if (!json && lived.length === 0) shell.print(timelineHead())
    lived.push(week)
    if (!json) shell.print(weekLine(week, unforeseen))
  }
  shell.print(json ? canonicalJson({ folder: out, weeks: lived }) : closingText(lived, out))
}

function refuseImpossible({ weeks, products, ...options }: SimulateOptions): void {
  if (products !== undefined && (products < FEWEST || products > CATALOGUE.length)) {
    throw new UserError(
      `--products must be from ${FEWEST} to ${CATALOGUE.length}, but is ${products}`,
    )
  }
  if (options.break && options.break.week > weeks) {
    throw new UserError(`--break is in week ${options.break.week}, after the last of ${weeks}`, {
      remedy: `Name an earlier week, or more of them with --weeks.`,
    })
  }
}

/** Of fewer, a loss says little. */
const FEWEST = 5
