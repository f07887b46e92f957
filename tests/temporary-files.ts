import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

/** Before all tests: gives them a folder for temporary files that goes away with the run. */
export default function setUp(): (() => void) | undefined {
  // Called once a project of Vitest; folders within folders would make paths too long for sockets.
  if (basename(tmpdir()).startsWith(PREFIX)) return undefined
  // Without spaces, as the folders in it may be: act does not quote the paths of its scripts.
  const folder = mkdtempSync(join(tmpdir(), PREFIX))
  process.env.TMPDIR = folder
  return () => rmSync(folder, { recursive: true, force: true })
}

const PREFIX = 'cd4ml-tests-'
