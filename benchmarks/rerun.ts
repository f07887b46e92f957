import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { git } from '../src/base/git.ts'
import { type Ran, runCommand } from './run-command.ts'

/**
 * `cd4ml pipeline` on the sales of this repository in a fresh clone, and again with nothing changed:
 * what sales were read and what was fitted is known then. The exit code is 1 where the second run
 * takes more than a share of the first, or leaves other bytes.
 */
export async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'cd4ml-benchmark-'))
  try {
    await git(folder, ['clone', '--quiet', join(import.meta.dirname, '..'), '.'])
    await git(folder, ['switch', '--quiet', '--force-create', 'main'])
    const first = await ran(folder)
    const again = await ran(folder)
    console.table({ 'first run': shown(first), 'nothing changed': shown(again) })
    const share = again.cpuSeconds / first.cpuSeconds
    const holds = share < MOST_SHARE && first.left === again.left
    console.log(
      `the second run against the first: ${share.toFixed(2)} × the CPU time, less than ${MOST_SHARE} × wanted, ${first.left === again.left ? 'the same' : 'other'} bytes: ${holds}`,
    )
    if (!holds) process.exitCode = 1
  } finally {
    await rm(folder, { recursive: true })
  }
}

const MOST_SHARE = 0.3

type Run = Ran & { left: string }

async function ran(folder: string): Promise<Run> {
  const pipeline = await runCommand(folder, ['pipeline', '--quiet'])
  const left = ['model', 'training', 'comparison'].map((name) =>
    readFile(join(folder, '.cd4ml/challenger', `${name}.json`), 'utf8'),
  )
  return { ...pipeline, left: (await Promise.all(left)).join('\n') }
}

function shown({ seconds, cpuSeconds, megabytes }: Run) {
  return {
    seconds: seconds.toFixed(1),
    'CPU seconds': cpuSeconds.toFixed(1),
    'peak memory (MB)': Math.round(megabytes),
  }
}
