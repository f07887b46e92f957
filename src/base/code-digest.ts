import { createHash } from 'node:crypto'
import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/**
 * SHA-256, in hex, of the code in some folders of `src` and of the packages that it stands on: it
 * changes whenever what the code computes may. `root` is the folder with `src` and
 * `package-lock.json`; by default that of this code.
 */
export async function codeDigest(folders: readonly string[], root = ROOT): Promise<string> {
  const code = folders.flatMap((folder) => globSync(`src/${folder}/**/*.ts`, { cwd: root }))
  const hash = createHash('sha256')
  for (const file of [...code.sort(), 'package-lock.json']) {
    const content = await contentOf(join(root, file))
    hash.update(JSON.stringify([file, content?.length])).update(content ?? '')
  }
  return hash.digest('hex')
}

const ROOT = resolve(import.meta.dirname, '../..')

async function contentOf(file: string): Promise<Buffer | undefined> {
  return await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return undefined
  })
}
