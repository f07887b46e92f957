import { UserError } from './errors.ts'
import { GitError } from './git.ts'

/**
 * The user's mistake behind an error; undefined where the error is a bug. What the disk, its rights
 * and git refuse is the user's to mend: a full disk, a read-only folder, a lock that a killed git
 * left behind. It becomes a sentence with the file and the remedy.
 */
export function asUserError(error: unknown): UserError | undefined {
  if (error instanceof UserError) return error
  if (!(error instanceof Error)) return undefined
  const explained = error instanceof GitError ? ofGit(error) : ofSystem(error)
  // What was wrapped as something else, such as as a bug, is that.
  const { cause } = error
  return explained ?? (cause instanceof UserError ? undefined : asUserError(cause))
}

type Explanation = { what: string; remedy: string }

const byCode: { [code: string]: Explanation | undefined } = {
  ENOSPC: {
    what: 'there is no space left on the disk',
    remedy: 'Make room, then run it again. Nothing was left half-written.',
  },
  EDQUOT: {
    what: 'your share of the disk is used up',
    remedy: 'Make room, then run it again. Nothing was left half-written.',
  },
  EROFS: {
    what: 'the disk is read-only',
    remedy: 'Make it writable, or work in a folder that is.',
  },
  EACCES: {
    what: 'you do not have the right to do this here',
    remedy: 'Change the rights or the owner of the file and its folder.',
  },
  EPERM: {
    what: 'you do not have the right to do this here',
    remedy: 'Change the rights or the owner of the file and its folder.',
  },
  EMFILE: {
    what: 'too many files are open',
    remedy: 'Raise the limit, such as with "ulimit -n 4096", and run it again.',
  },
  ENFILE: {
    what: 'too many files are open on this machine',
    remedy: 'End other programs, and run it again.',
  },
  EISDIR: { what: 'is a folder, but must be a file', remedy: 'Name a file, or move the folder.' },
  ENOTDIR: {
    what: 'a file stands where a folder must be',
    remedy: 'Name another folder, or move the file.',
  },
  EEXIST: {
    what: 'something else stands there already',
    remedy: 'Name another folder, or move what stands there.',
  },
  ENAMETOOLONG: { what: 'the name is too long for the disk', remedy: 'Choose a shorter one.' },
  ELOOP: { what: 'links lead around in a circle', remedy: 'Remove one of them.' },
  EBUSY: { what: 'another program uses it', remedy: 'End that program, and run it again.' },
  EIO: { what: 'the disk fails', remedy: 'Check the disk; a copy on another one may be readable.' },
}

function ofSystem(error: Error): UserError | undefined {
  const { code, path, dest, syscall } = error as NodeJS.ErrnoException & { dest?: string }
  if (code === 'ENOENT' && syscall === 'spawn git') {
    return new UserError('git is not installed', {
      remedy: 'Install it (https://git-scm.com), and see that "git --version" works.',
      cause: error,
    })
  }
  const explanation = code === undefined || syscall === undefined ? undefined : byCode[code]
  const file = dest ?? path
  return explanation && withPlace(explanation, file, error)
}

const byMessage: (Explanation & { said: RegExp })[] = [
  {
    said: /Unable to create '(?<file>.+?\.lock)': File exists/,
    what: 'another git holds the repository, or one was killed and left this file behind',
    remedy: 'Remove it once no git runs in this repository.',
  },
  {
    said: /could not lock (?:config )?file (?<file>\S+): File exists/,
    what: 'another git writes it, or one was killed and left its .lock behind',
    remedy: 'Remove the .lock once no git runs in this repository.',
  },
  {
    said: /detected dubious ownership in repository at '(?<file>.+?)'/,
    what: 'the repository belongs to another user, and git does not trust it',
    remedy: 'Trust it: git config --global --add safe.directory, and the folder.',
  },
  {
    said: /Please tell me who you are|empty ident name|unable to auto-detect email|no email was given/,
    what: 'git does not know who you are',
    remedy: 'Say so: git config user.name "Maria", and git config user.email "maria@example.com".',
  },
  {
    said: /not a git repository/,
    what: 'there is no git repository here',
    remedy: 'Work in a clone of your copy of the template, or run "git init" here.',
  },
  {
    said: /No space left on device/,
    what: 'there is no space left on the disk of the repository',
    remedy: 'Make room, then run it again. Nothing was left half-written.',
  },
  {
    said: /Read-only file system/,
    what: 'the disk of the repository is read-only',
    remedy: 'Make it writable, or work in a clone elsewhere.',
  },
  {
    said: /insufficient permission|[Pp]ermission denied|Operation not permitted/,
    what: 'git does not have the right to do this',
    remedy: 'Change the rights or the owner of the repository, or the credentials of its remote.',
  },
  {
    said: /Could not resolve host|Could not read from remote|unable to access|Connection (?:refused|timed out)|Authentication failed|could not read Username/,
    what: 'git cannot reach the remote repository',
    remedy: 'Check the network, the address ("git remote -v") and your credentials.',
  },
  {
    said: /object file .* is empty|loose object .* is corrupt|bad object|unable to read tree|index file corrupt|bad signature/,
    what: 'the repository is damaged',
    remedy: 'Look at "git fsck"; a fresh clone is often the quickest way.',
  },
  {
    said: /short read|early EOF|index-pack failed/,
    what: 'the transfer from the remote repository was cut off',
    remedy: 'Run it again.',
  },
]

function ofGit(error: GitError): UserError | undefined {
  for (const { said, ...explanation } of byMessage) {
    const match = said.exec(error.message)
    if (match) return withPlace(explanation, match.groups?.file, error)
  }
  return undefined
}

function withPlace({ what, remedy }: Explanation, file: string | undefined, cause: Error) {
  const own = cause.message.split('\n', 1)[0]
  return new UserError(what, { ...(file && { file }), remedy: `${remedy} (${own})`, cause })
}
