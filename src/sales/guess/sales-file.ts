import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { UserError } from '../../base/errors.ts'

/** A file of sales; `name` is what messages call it. A name that ends in `.gz` is unpacked. */
export type SalesFile = { name: string; path: string }

/** Not much more than so many bytes from the start of the file. */
export async function headOf(file: SalesFile, bytes: number): Promise<Buffer> {
  const read: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of chunksOf(file)) {
      read.push(chunk)
      length += chunk.length
      if (length >= bytes) break
    }
  } catch (error) {
    throw unreadable(file, error)
  }
  return Buffer.concat(read)
}

/** The content, unpacked. */
export async function* chunksOf({ name, path }: SalesFile): AsyncGenerator<Buffer> {
  const raw = createReadStream(path)
  if (!/\.gz$/i.test(name)) return yield* raw
  const gunzip = createGunzip()
  const done = pipeline(raw, gunzip)
  done.catch(() => {})
  yield* gunzip
  await done
}

export function unreadable({ name }: SalesFile, cause: unknown): UserError {
  return new UserError(`cannot be read: ${cause instanceof Error ? cause.message : cause}`, {
    file: name,
    remedy: 'Name CSV files that exist, and that you may read.',
    cause,
  })
}
