import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from './write-file.ts'

/**
 * A new folder in another, for what this process needs until it ends: `NAME-PID-` and six characters.
 * What processes have left there that were killed is removed; folders of those that run stay.
 */
export async function newScratch(parent: string, name: string): Promise<string> {
  await makeFolder(parent)
  for (const entry of await readdir(parent)) {
    const [, pid] = new RegExp(`^${name}-(\\d+)-.{6}$`).exec(entry) ?? []
    const folder = join(parent, entry)
    if (pid === undefined || made.has(folder)) continue
    // A process in another container may have had the number that this one has.
    const isLeft = Number(pid) === process.pid || !isAlive(Number(pid))
    if (isLeft) await rm(folder, { recursive: true, force: true })
  }
  const folder = await mkdtemp(join(parent, `${name}-${process.pid}-`))
  made.add(folder)
  return folder
}

/** Whether a process of this number runs, whoever it belongs to. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const made = new Set<string>()
