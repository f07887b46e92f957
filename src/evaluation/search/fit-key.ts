import { createHash, type Hash } from 'node:crypto'
import { canonicalJson } from '../../base/canonical-json.ts'
import { codeDigest } from '../../base/code-digest.ts'
import { bytesOf } from '../../base/number-array.ts'
import type { Panel } from '../../demand/panel.ts'
import type { FitTask } from './fit-task.ts'

/** What a fit follows from beside its task: what computes it. */
export type Computer = {
  /** Digest of the code, and of the packages that it stands on. */
  code: string
  /** Of Node, whose engine has the mathematical functions. */
  node: string
  architecture: string
  timeZone: string
}

/** This process, with the code as it stands on the disk. */
export async function thisComputer(): Promise<Computer> {
  return {
    code: await codeDigest(['base', 'sales', 'demand', 'forecasting', 'evaluation']),
    node: process.version,
    architecture: `${process.platform} ${process.arch}`,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  }
}

/**
 * SHA-256, in hex, of all that a fit follows from: equal keys, equal fits. `panel` is the
 * `panelDigest` of the task's panel.
 */
export function fitKey(
  { candidate: { family, settings }, context }: Pick<FitTask, 'candidate' | 'context'>,
  panel: string,
  computer: Computer,
): string {
  const all = { computer, panel, family, settings, context }
  return createHash('sha256').update(canonicalJson(all)).digest('hex')
}

/** SHA-256, in hex, of all that a panel holds. */
export function panelDigest(panel: Panel): string {
  const hash = createHash('sha256')
  addAll(hash, panel)
  return hash.digest('hex')
}

function addAll(hash: Hash, values: object): void {
  // By name alone: without a comparison, sorting would write every array out as text.
  for (const [name, value] of Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (value instanceof Float64Array) {
      hash.update(JSON.stringify([name, value.length]))
      hash.update(bytesOf(value))
    } else if (name === 'plan') {
      hash.update(JSON.stringify([name]))
      addAll(hash, value)
    } else {
      hash.update(JSON.stringify([name, value]))
    }
  }
}
