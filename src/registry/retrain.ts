import { execFile } from 'node:child_process'
import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { UserError } from '../errors.ts'
import type { Lineage } from './manifest.ts'

/** A folder that holds what a lineage names, and the day that training took for today. */
export type Retraining = { folder: string; lineage: Lineage; asOf?: string }

/**
 * Trains with the code in the folder, on this Node, and returns the bytes of the artifact.
 * Throws a `UserError` with what the training said where it fails.
 */
export async function retrain({ folder, lineage, asOf }: Retraining): Promise<Uint8Array> {
  await access(join(folder, 'node_modules')).catch((cause) => {
    throw new UserError('the packages that training needs are not installed', {
      remedy: 'Run npm ci, then verify again.',
      cause,
    })
  })
  const out = join(folder, OUT)
  const { data, contract, recipe } = lineage
  const args = [`--data=${data.path}`, `--contract=${contract.path}`, `--recipe=${recipe.path}`]
  if (asOf) args.push(`--as-of=${asOf}`)
  const command = [join(lineage.code.path, 'cli.ts'), 'train', ...args, `--out=${out}`, '--quiet']
  try {
    await promisify(execFile)(process.execPath, command, { cwd: folder, maxBuffer: 1 << 26 })
    return await readFile(join(out, 'model.json'))
  } catch (cause) {
    const { stderr, message } = cause as { stderr?: string; message: string }
    const said = stderr?.trim().split('\n').slice(-5).join('\n') || message
    throw new UserError(`training failed: ${said}`, { cause })
  }
}

const OUT = '.retrained'
