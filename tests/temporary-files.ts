import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Before all tests: gives them a folder for temporary files that goes away with the run. */
export default function setUp(): () => void {
  // Without spaces, as the folders in it may be: act does not quote the paths of its scripts.
  const folder = mkdtempSync(join(tmpdir(), 'cd4ml-tests-'))
  process.env.TMPDIR = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
