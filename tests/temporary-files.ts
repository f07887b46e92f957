import {
  accessSync,
  constants,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

/** Before all tests: gives them a folder for temporary files that goes away with the run. */
export default function setUp(): (() => void) | undefined {
  // Called once a project of Vitest; folders within folders would make paths too long for sockets.
  if (basename(tmpdir()).startsWith(PREFIX)) return undefined
  const folder = newFolderInMemory() ?? newFolder(tmpdir())
  process.env.TMPDIR = folder
  return () => rmSync(folder, { recursive: true, force: true })
}

/**
 * Repositories by the thousand, made and removed, keep a disk busier than a processor; so they are
 * made in memory, unless the machine has too little or somebody has said where they go.
 */
function newFolderInMemory(): string | undefined {
  if (process.env.TMPDIR || roomInMemory() < ROOM) return undefined
  removeLeftovers()
  const folder = newFolder(MEMORY)
  if (mayRunProgramsIn(folder)) return folder
  rmSync(folder, { recursive: true })
  return undefined
}

const MEMORY = '/dev/shm'

/** Several times what all tests have there at once, in bytes. */
const ROOM = 4 * 2 ** 30

/** In bytes; none where the system has no such folder. */
function roomInMemory(): number {
  try {
    accessSync(MEMORY, constants.W_OK)
    const { bavail, bsize } = statfsSync(MEMORY)
    return Math.min(bavail * bsize, process.availableMemory())
  } catch {
    return 0
  }
}

/** What killed runs have left there, which would take up memory as long as the machine runs. */
function removeLeftovers(): void {
  for (const name of readdirSync(MEMORY)) {
    const [, id] = LEFT_BY.exec(name) ?? []
    if (id && !isRunning(Number(id))) rmSync(join(MEMORY, name), { recursive: true, force: true })
  }
}

function isRunning(id: number): boolean {
  try {
    return process.kill(id, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

function mayRunProgramsIn(folder: string): boolean {
  const program = join(folder, 'program')
  writeFileSync(program, '', { mode: 0o700 })
  try {
    accessSync(program, constants.X_OK)
    return true
  } catch {
    return false
  } finally {
    rmSync(program)
  }
}

/** Without spaces, as the folders in it may be: act does not quote the paths of its scripts. */
function newFolder(parent: string): string {
  return mkdtempSync(join(parent, `${PREFIX}${process.pid}-`))
}

const PREFIX = 'cd4ml-tests-'
const LEFT_BY = new RegExp(`^${PREFIX}(\\d+)-`)
