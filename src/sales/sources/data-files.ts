import { access, constants, readdir, stat } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { UserError } from '../../base/errors.ts'
import type { Contract } from '../contract/contract.ts'
import type { RemoteFile } from '../contract/remote-path.ts'
import { isGlob, type Resource } from '../contract/resource.ts'

/** A file that the contract names. */
export type DataFile = {
  /** Relative to the data folder, with `/`: how reports call it. */
  name: string
  path: string
  resource: Resource
  /** Size on disk. */
  bytes: number
  /** Tells files apart, whatever they are called: also one that lies here from one that lies elsewhere. */
  identity: string
}

/**
 * The files of sales in the order of the contract's paths, those of one `*` by name, and after them
 * those of the plan. `onFetch` gets the bytes that have come of files of other machines, of all that
 * these have. Throws `UserError` where a path leads to nothing, to what cannot be read, or to a file
 * that another leads to as well: by another spelling or through a link.
 */
export async function dataFiles(
  contract: Contract,
  dataFolder: string,
  remoteFolder?: string,
  onFetch?: (done: number, total: number) => void,
): Promise<DataFile[]> {
  const files = new Map<string, DataFile>()
  const resources = [...contract.resources, ...planOf(contract)]
  const total = resources.reduce((sum, { remote }) => sum + (remote?.bytes ?? 0), 0)
  let before = 0
  for (const resource of resources) {
    const { remote } = resource
    if (remote !== undefined) {
      let come = 0
      const onProgress = (more: number) => {
        // What has to be fetched anew comes twice.
        come = Math.min(come + more, remote.bytes)
        onFetch?.(before + come, total)
      }
      const file = await remoteDataFile(resource, remote, contract.file, remoteFolder, onProgress)
      before += remote.bytes
      const known = files.get(file.identity)
      if (known !== undefined) throw namedTwice(file.name, known, contract.file, resource)
      files.set(file.identity, file)
      continue
    }
    for (const path of resource.paths) {
      for (const name of await namesOf(posix.normalize(path), dataFolder, contract, resource)) {
        const file = await dataFile(name, dataFolder, resource, contract.file)
        const known = files.get(file.identity)
        if (known !== undefined) throw namedTwice(name, known, contract.file, resource)
        files.set(file.identity, file)
      }
    }
  }
  return [...files.values()]
}

async function remoteDataFile(
  resource: Resource,
  remote: RemoteFile,
  contractFile: string,
  folder: string | undefined,
  onProgress: (bytes: number) => void,
): Promise<DataFile> {
  if (folder === undefined) throw new Error('nobody said where remote files are kept')
  const { localPath } = await import('./remote-files.ts')
  const path = await localPath(remote, folder, { onProgress }).catch((error) => {
    if (!(error instanceof UserError)) throw error
    const { what, remedy } = error
    const key = `resources.${resource.position}.path`
    throw new UserError(what, {
      file: contractFile,
      key,
      ...(remedy !== undefined && { remedy }),
      cause: error,
    })
  })
  const identity = `${remote.algorithm}:${remote.digest}`
  return { name: nameOf(remote), path, resource, bytes: remote.bytes, identity }
}

/** `example.com/exports/sales.csv`, which no file in the data folder is called. */
function nameOf({ url }: RemoteFile): string {
  const { host, pathname } = new URL(url)
  return posix.join(host.replace(/[^\w.-]/g, '-'), pathname)
}

function planOf({ plan }: Contract): Resource[] {
  return plan === undefined ? [] : [plan.resource]
}

function namedTwice(name: string, known: DataFile, file: string, resource: Resource): UserError {
  const also = name === known.name ? '' : `: it is ${known.name}`
  return new UserError(`${name} is named twice${also}`, {
    file,
    key: `resources.${resource.name}.path`,
    remedy: 'Name each file once, or what it says counts twice.',
  })
}

async function namesOf(
  path: string,
  dataFolder: string,
  contract: Contract,
  resource: Resource,
): Promise<string[]> {
  if (!isGlob(path)) return [path]
  const [pattern] = path.split('/').slice(-1)
  const folder = path.slice(0, path.length - pattern.length)
  const entries = await readdir(join(dataFolder, folder)).catch(() => [])
  const names = entries.filter((name) => !name.startsWith('.') && isLike(name, pattern)).sort()
  if (names.length === 0) {
    const isAsked = contract.source?.resource.name === resource.name
    throw new UserError(`there is no ${join(dataFolder, path)}`, {
      file: contract.file,
      remedy: isAsked
        ? 'Ask the warehouse for them: npx cd4ml ingest.'
        : `Put the ${resource.name} files there, name the folder with --data, or correct the path.`,
    })
  }
  return names.map((name) => folder + name)
}

/**
 * Whether a name is the pattern with anything for each `*`, in small letters or capitals. The first
 * fit of a part is the best one.
 */
export function isLike(anyName: string, anyPattern: string): boolean {
  const name = anyName.toLowerCase()
  const pattern = anyPattern.toLowerCase()
  const [first, ...parts] = pattern.split('*')
  const last = parts.pop() ?? ''
  const end = name.length - last.length
  if (!name.startsWith(first) || !name.endsWith(last)) return false
  let position = first.length
  for (const part of parts) {
    const found = name.indexOf(part, position)
    if (found < 0) return false
    position = found + part.length
  }
  return position <= end
}

async function dataFile(
  name: string,
  dataFolder: string,
  resource: Resource,
  contractFile: string,
): Promise<DataFile> {
  const path = join(dataFolder, name)
  const refuse = (what: string, cause?: unknown) =>
    new UserError(what, {
      file: path,
      remedy: `${contractFile} names it. Put the file there, name the folder with --data, or correct the path.`,
      cause,
    })
  const found = await stat(path, { bigint: true }).catch((cause) => {
    throw refuse(cause.code === 'ENOENT' ? 'the file is missing' : 'cannot be read', cause)
  })
  if (!found.isFile()) throw refuse('is not a file')
  await access(path, constants.R_OK).catch((cause) => {
    throw refuse('cannot be read', cause)
  })
  const identity = `${found.dev}:${found.ino}`
  return { name, path, resource, bytes: Number(found.size), identity }
}
