// Loaded into the process of a command by `--import`. Names the points at which it changes a file or
// calls git; writes their names down, or has the process killed at one of them.
import child from 'node:child_process'
import { appendFileSync } from 'node:fs'
import files from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { relative } from 'node:path'
import { promisify } from 'node:util'

const { POINTS_FILE, KILLED_AT } = process.env

const write = files.writeFile
files.writeFile = async (path, content, options) => {
  const name = `write ${named(path)}`
  if (name === KILLED_AT) {
    // Half of it is on the disk by then.
    const bytes = Buffer.from(content as string)
    await write(path, bytes.subarray(0, bytes.length / 2), options)
  }
  reached(name)
  await write(path, content, options)
}
const rename = files.rename
files.rename = async (from, to) => {
  reached(`rename ${named(to)}`)
  await rename(from, to)
}
const run = promisify(child.execFile)
const announced = (file: string, args: string[], options: object) => {
  reached(`${file} ${args.find((arg) => /^[a-z][a-z-]*$/.test(arg))}`)
  return run(file, args, options)
}
child.execFile = Object.assign(child.execFile.bind(child), {
  [promisify.custom]: announced,
}) as never
syncBuiltinESMExports()

function reached(name: string): void {
  if (POINTS_FILE) appendFileSync(POINTS_FILE, `${name}\n`)
  if (name === KILLED_AT) process.kill(process.pid, 'SIGKILL')
}

/** The path in the project, without what differs from run to run. */
function named(path: unknown): string {
  return relative(process.cwd(), String(path)).replaceAll(
    /[0-9a-f-]{8,}|(?<=cd4ml[-/][a-z]+-)\w{6}(?=\/)/g,
    '…',
  )
}
