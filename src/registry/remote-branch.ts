import { existsSync } from 'node:fs'
import { UserError } from '../base/errors.ts'
import { GitError, type GitOptions, git, gitMaybe } from '../base/git.ts'
import { shortened } from '../base/wording.ts'
import { makeFolder } from '../base/write-file.ts'

/** A branch of a repository somewhere else. */
export type RemoteBranch = { url: string; branch: string }

/**
 * A branch as people write it, `https://github.com/shop/demand#main`. Throws a `UserError` where it
 * is none, or its address would have git do something else than fetch.
 */
export async function remoteBranch(text: string): Promise<RemoteBranch> {
  const [, url, branch] = /^([^#]+)#([^#]+)$/s.exec(text) ?? []
  const isAddress =
    url !== undefined &&
    /^(https?:\/\/|ssh:\/\/|file:\/\/|\/|[\w.]+@[\w.-]+:)[^\s\p{Cc}]*$/u.test(url)
  // `transport::address` names a program that git would run.
  if (!isAddress || url.includes('::')) {
    throw new UserError(
      `must be the address of a repository and a branch, but is ${JSON.stringify(shortened(text, 200))}`,
      { key: '--follow', remedy: 'Such as https://github.com/shop/demand#main.' },
    )
  }
  const name = `refs/heads/${branch}`
  if ((await gitMaybe('.', ['check-ref-format', name])) === undefined) {
    throw new UserError(`${JSON.stringify(shortened(branch, 200))} cannot be a branch`, {
      key: '--follow',
    })
  }
  return { url, branch }
}

/** The commit of the branch now. Throws a `UserError` where it cannot be reached, or is not there. */
export async function remoteTip(remote: RemoteBranch, signal: AbortSignal): Promise<string> {
  const commit = await tipThere(remote, signal)
  if (commit) return commit
  throw new UserError(`has no branch ${remote.branch}`, { file: withoutSecrets(remote.url) })
}

/** The same; undefined where there is no such branch. */
export async function tipThere(
  { url, branch }: RemoteBranch,
  signal: AbortSignal,
): Promise<string | undefined> {
  const asked = ['ls-remote', '--quiet', '--', url, `refs/heads/${branch}`]
  const found = await reaching(url, asked, { signal })
  const [commit] = found.split('\t')
  return commit || undefined
}

/**
 * Fetches the branch into a bare repository of its own in `folder`, which is made where it is not
 * there, and returns its commit. Of what comes, nothing is ever run.
 */
export async function fetchBranch(
  folder: string,
  remote: RemoteBranch,
  signal: AbortSignal,
): Promise<string> {
  if (!existsSync(folder)) {
    const tip = await remoteTip(remote, signal)
    const format = tip.length === 64 ? 'sha256' : 'sha1'
    await makeFolder(folder)
    await git(folder, ['init', '--bare', '--quiet', '--template=', `--object-format=${format}`])
  }
  const refspec = `+refs/heads/${remote.branch}:${FETCHED}`
  const options = ['--quiet', '--depth=1', '--no-tags', '--no-recurse-submodules']
  const fetch = ['fetch', ...options, '--', remote.url, refspec]
  await reaching(remote.url, fetch, { signal, cwd: folder })
  return (await git(folder, ['rev-parse', `${FETCHED}^{commit}`])).trim()
}

const FETCHED = 'refs/followed/branch'

/** Transports that only transport; nobody is asked for a password; and nobody is waited for. */
const CAREFUL: GitOptions = {
  timeoutMs: 120_000,
  env: {
    GIT_ALLOW_PROTOCOL: 'file:git:http:https:ssh',
    GIT_TERMINAL_PROMPT: '0',
    GIT_SSH_COMMAND: process.env.GIT_SSH_COMMAND ?? 'ssh -o BatchMode=yes -o ConnectTimeout=20',
  },
}

const SETTINGS = ['core.hooksPath=/dev/null', 'fetch.fsckObjects=true', 'gc.autoDetach=false']

async function reaching(
  url: string,
  args: string[],
  { signal, cwd = '.' }: { signal: AbortSignal; cwd?: string },
): Promise<string> {
  const settings = SETTINGS.flatMap((it) => ['-c', it])
  try {
    return await git(cwd, [...settings, ...args], { ...CAREFUL, signal })
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    const [, said = ''] = error.message.split(/failed \(-?\d+\): /s)
    throw new UserError(
      `cannot be fetched: ${shortened(said.replaceAll(url, withoutSecrets(url)), 500)}`,
      { file: withoutSecrets(url), remedy: 'Is the address right, and may this machine read it?' },
    )
  }
}

/** An address without the name and the password in it. */
function withoutSecrets(url: string): string {
  return url.replace(/^(\w+:\/\/)[^/@]*@/, '$1')
}
