import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { canonicalJson } from '../base/canonical-json.ts'
import { UserError } from '../base/errors.ts'
import { makeFolder } from '../base/write-file.ts'
import { REMOTE_FOLDER } from '../sales/contract/remote-path.ts'
import { CODE } from './manifest.ts'
import type { Reproduction } from './reproduction.ts'
import { OWN_FILES } from './workspace.ts'

/** A folder in which all that a version was made from is laid out, and what no file in it says. */
export type Workspace = {
  folder: string
  reproduction: Reproduction
  /** Where files of other machines may be found, and are kept: whoever reads them hashes them. */
  remoteFolder: string
}

/**
 * Makes the version again with the code in the folder, on this Node, and returns its files by their
 * paths, `manifest.json` among them. Throws a `UserError` with what that code said where it fails.
 */
export async function runRecordedCode({
  folder,
  reproduction,
  remoteFolder,
}: Workspace): Promise<Map<string, Uint8Array>> {
  await mkdir(join(folder, OWN_FILES))
  if (reproduction.lineage.remote !== undefined) {
    await makeFolder(remoteFolder)
    await symlink(remoteFolder, join(folder, REMOTE_FOLDER), 'junction')
  }
  await writeFile(join(folder, RECORD), canonicalJson(reproduction))
  const command = [join(CODE, 'cli.ts'), 'reproduce', RECORD, `--out=${OUT}`]
  try {
    await promisify(execFile)(process.execPath, command, { cwd: folder, maxBuffer: 1 << 26 })
    return await readFolder(join(folder, OUT))
  } catch (cause) {
    const { stderr, message } = cause as { stderr?: string; message: string }
    const said = stderr?.trim().split('\n').slice(-5).join('\n') || message
    throw new UserError(`it could not be made again: ${said}`, { cause })
  }
}

const RECORD = `${OWN_FILES}/reproduction.json`
const OUT = `${OWN_FILES}/reproduced`

async function readFolder(folder: string): Promise<Map<string, Uint8Array>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = new Map<string, Uint8Array>()
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile()) {
      files.set(relative(folder, path).split(sep).join('/'), await readFile(path))
    }
  }
  return files
}
