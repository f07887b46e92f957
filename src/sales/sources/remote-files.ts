import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { UserError } from '../../base/errors.ts'
import { remembered } from '../../base/remembered.ts'
import { type RemoteFile, shownUrl } from '../contract/remote-path.ts'
import { download, type Fetched, type Patience, USUAL_PATIENCE } from './remote-download.ts'

/**
 * The path at which a file of another machine stands: in `folder`, where it was fetched before, or
 * fetched now. Either way it is held to bytes and hash, so that nobody is believed who can write
 * there. Rejects with a `UserError` where it cannot be had, or is another one.
 */
export async function localPath(
  remote: RemoteFile,
  folder: string,
  options: FetchOptions = {},
): Promise<string> {
  const path = join(folder, remote.digest)
  // Of one process, all wait for one.
  const coming = remembered(underWay, path, () =>
    broughtTo(path, remote, folder, options).finally(() => underWay.delete(path)),
  )
  return coming
}

type FetchOptions = { patience?: Patience; onProgress?: (bytes: number) => void }

const underWay = new Map<string, Promise<string>>()

async function broughtTo(
  path: string,
  remote: RemoteFile,
  folder: string,
  options: FetchOptions,
): Promise<string> {
  if (await isThere(remote, path)) return path
  await rm(path, { recursive: true, force: true })
  const { url, bytes } = remote
  const wanted = { url, bytes, mostBytes: bytes }
  const { patience = USUAL_PATIENCE, onProgress } = options
  const fetch = () => download(wanted, folder, remote.digest, patience, onProgress)
  const fetched = await fetch()
  // A part from before may have been damaged.
  const right = isRight(remote, fetched) ? fetched : await again(fetched, fetch)
  if (!isRight(remote, right)) {
    await rm(right.path, { force: true })
    throw new UserError(
      `${shownUrl(url)} is another file: its ${remote.algorithm} is ${right[remote.algorithm]}, not ${remote.digest}`,
      {
        remedy:
          'Ask who keeps it. Where it was meant to change, describe it anew: npx cd4ml data add URL.',
      },
    )
  }
  await rename(right.path, path)
  return path
}

async function again(wrong: Fetched, fetch: () => Promise<Fetched>): Promise<Fetched> {
  await rm(wrong.path, { force: true })
  return fetch()
}

function isRight({ bytes, algorithm, digest }: RemoteFile, fetched: Fetched): boolean {
  return fetched.bytes === bytes && fetched[algorithm] === digest
}

/** Files whose content was looked at in this process: as long as they are the same, it holds. */
const seen = new Map<string, string>()

async function isThere({ bytes, algorithm, digest }: RemoteFile, path: string): Promise<boolean> {
  const found = await stat(path, { bigint: true }).catch(() => undefined)
  if (!found?.isFile() || Number(found.size) !== bytes) return false
  const state = [path, algorithm, found.ino, found.mtimeNs, found.ctimeNs].join(' ')
  if (seen.get(state) === digest) return true
  const hash = createHash(algorithm)
  await pipeline(createReadStream(path, { highWaterMark: 1024 ** 2 }), hash)
  const actual = hash.digest('hex')
  seen.set(state, actual)
  return actual === digest
}
