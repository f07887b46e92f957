import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Writes a file so that a reader sees the old content or the new, never a part: beside it first,
 * then renamed over it. Makes the folder where it is missing.
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const beside = `${path}.${randomUUID()}.partial`
  try {
    await writeFile(beside, content)
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}

/**
 * Calls what will read a file on what is about to be written to it. What cd4ml itself would not read
 * again is a bug of cd4ml, and must not take the place of anything.
 */
export function readBack(file: string, read: () => unknown): void {
  try {
    read()
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`${file} was made, but could not be read again: ${what}`, { cause })
  }
}
