import { spawn } from 'node:child_process'

/** An object as `git cat-file` gives it. */
export type GitObject = { id: string; type: string; content: Buffer }

/**
 * The object that git calls `name` in the repository, such as `refs/heads/main^{commit}`; undefined
 * where there is none. One process a repository reads them all: starting one for each costs more
 * than everything else that the server does.
 */
export async function readObject(repo: string, name: string): Promise<GitObject | undefined> {
  if (name === '' || name.includes('\n')) return undefined
  let reader = readers.get(repo)
  if (!reader) {
    reader = startReader(repo)
    readers.set(repo, reader)
  }
  return await reader.read(name)
}

/** Ends the process of the repository, if there is one. */
export async function closeReader(repo: string): Promise<void> {
  await readers.get(repo)?.close()
  readers.delete(repo)
}

type Reader = { read(name: string): Promise<GitObject | undefined>; close(): Promise<void> }

const readers = new Map<string, Reader>()

function startReader(repo: string): Reader {
  const process = spawn('git', ['cat-file', '--batch'], {
    cwd: repo,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const ended = new Promise<void>((resolve) => process.once('close', () => resolve()))
  const waiting: ((found: GitObject | undefined) => void)[] = []
  let received = Buffer.alloc(0)
  process.stdout.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    for (;;) {
      const answer = firstAnswer(received)
      if (!answer) return
      received = received.subarray(answer.length)
      waiting.shift()?.(answer.found)
    }
  })
  return {
    read: (name) =>
      new Promise((resolve) => {
        waiting.push(resolve)
        process.stdin.write(`${name}\n`)
      }),
    async close() {
      process.stdin.end()
      await ended
    },
  }
}

/** `<id> <type> <size>`, the content and a line end; or `<name> missing`. Undefined where more is to come. */
function firstAnswer(
  received: Buffer,
): { found: GitObject | undefined; length: number } | undefined {
  const end = received.indexOf('\n')
  if (end < 0) return undefined
  const [, id, type, size] =
    /^([0-9a-f]{40,64}) (\w+) (\d+)$/.exec(received.toString('utf8', 0, end)) ?? []
  if (!id) return { found: undefined, length: end + 1 }
  const length = end + 1 + Number(size) + 1
  if (received.length < length) return undefined
  return { found: { id, type, content: received.subarray(end + 1, length - 1) }, length }
}
