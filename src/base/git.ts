import { AsyncLocalStorage } from 'node:async_hooks'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'

const run = promisify(execFile)

const moments = new AsyncLocalStorage<string>()

/** Has git date whatever `work` commits at this moment (ISO 8601), and not by the clock. */
export function committingAt<T>(moment: string, work: () => Promise<T>): Promise<T> {
  return moments.run(moment, work)
}

/** A failed git command, with what git printed. */
export class GitError extends Error {
  readonly exitCode: number
  constructor(args: readonly string[], exitCode: number, stderr: string, cause: unknown) {
    super(`git ${args.join(' ')} failed (${exitCode}): ${stderr.trim()}`, { cause })
    this.name = 'GitError'
    this.exitCode = exitCode
  }
}

export type GitOptions = {
  env?: Record<string, string>
  input?: string | Uint8Array
  /** After so long, or when this is aborted, git is ended, and has failed. */
  timeoutMs?: number
  signal?: AbortSignal
}

/**
 * Runs git in `cwd` without a shell and returns its standard output as text.
 * Throws `GitError` where git exits with anything but 0.
 */
export async function git(cwd: string, args: string[], options: GitOptions = {}): Promise<string> {
  return (await gitBytes(cwd, args, options)).toString()
}

/** As `git`, for output that is not text: the content of blobs. */
export async function gitBytes(
  cwd: string,
  args: string[],
  options: GitOptions = {},
): Promise<Buffer> {
  const child = run('git', args, {
    cwd,
    encoding: 'buffer',
    maxBuffer: 1 << 30,
    env: { ...environment(), ...ALWAYS, ...dates(), ...options.env },
    ...(options.timeoutMs !== undefined && { timeout: options.timeoutMs }),
    ...(options.signal && { signal: options.signal }),
  })
  child.child.stdin?.on('error', () => {})
  child.child.stdin?.end(options.input ?? '')
  try {
    return (await child).stdout
  } catch (cause) {
    const { code, stderr } = cause as { code?: unknown; stderr?: Buffer }
    const said = stderr?.length ? stderr.toString() : String(cause)
    throw new GitError(args, typeof code === 'number' ? code : -1, said, cause)
  }
}

/** As `git`, without the line end; undefined where git says no (exit code 1 or 128). */
export async function gitMaybe(cwd: string, args: string[]): Promise<string | undefined> {
  try {
    return (await git(cwd, args)).trim()
  } catch (error) {
    if (error instanceof GitError && error.exitCode > 0) return undefined
    throw error
  }
}

/** The id that git gives to a file of these bytes. */
export function blobId(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

// What stands in for another object or parent (git replace, grafts) is in this clone alone.
const ALWAYS = {
  LC_ALL: 'C',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_GRAFT_FILE: '/dev/null/none',
}

function dates(): Record<string, string> {
  const moment = moments.getStore()
  return moment === undefined ? {} : { GIT_AUTHOR_DATE: moment, GIT_COMMITTER_DATE: moment }
}

// A git hook sets these for its own repository; here, `cwd` says which repository is meant.
function environment(): NodeJS.ProcessEnv {
  const { GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE, GIT_PREFIX, ...rest } = process.env
  return rest
}
