import { access, constants, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../errors.ts'
import { type Contract, isGlob, type Resource } from './contract.ts'

/** A file that the contract names. */
export type DataFile = {
  /** Relative to the data folder, with `/`: how reports call it. */
  name: string
  path: string
  resource: Resource
  /** Size on disk. */
  bytes: number
}

/**
 * The files of the contract in the order of its paths, those of one `*` by name. Throws `UserError`
 * where a path leads to nothing, or to what cannot be read.
 */
export async function dataFiles(contract: Contract, dataFolder: string): Promise<DataFile[]> {
  const files = new Map<string, DataFile>()
  for (const resource of contract.resources) {
    for (const path of resource.paths) {
      for (const name of await namesOf(path, dataFolder, contract.file)) {
        if (files.has(name)) {
          throw new UserError(`${name} is named twice`, {
            file: contract.file,
            key: `resources.${resource.name}.path`,
            remedy: 'Name each file once, or its sales count twice.',
          })
        }
        files.set(name, await dataFile(name, dataFolder, resource, contract.file))
      }
    }
  }
  return [...files.values()]
}

async function namesOf(path: string, dataFolder: string, contractFile: string): Promise<string[]> {
  if (!isGlob(path)) return [path]
  const [pattern] = path.split('/').slice(-1)
  const folder = path.slice(0, path.length - pattern.length)
  const regex = new RegExp(
    `^${pattern.replace(/[\\^$.+?()[\]{}|]/g, '\\$&').replaceAll('*', '[^/]*')}$`,
  )
  const entries = await readdir(join(dataFolder, folder)).catch(() => [])
  const names = entries.filter((name) => !name.startsWith('.') && regex.test(name)).sort()
  if (names.length === 0) {
    throw new UserError(`there is no ${join(dataFolder, path)}`, {
      file: contractFile,
      remedy: 'Put the sales files there, name the folder with --data, or correct the path.',
    })
  }
  return names.map((name) => folder + name)
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
  const found = await stat(path).catch((cause) => {
    throw refuse(cause.code === 'ENOENT' ? 'the file is missing' : 'cannot be read', cause)
  })
  if (!found.isFile()) throw refuse('is not a file')
  await access(path, constants.R_OK).catch((cause) => {
    throw refuse('cannot be read', cause)
  })
  return { name, path, resource, bytes: found.size }
}
