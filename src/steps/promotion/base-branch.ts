import { commitOf } from '../../registry/repository.ts'

/**
 * The name of a branch as the remote had it when it was last fetched: what is checked out may be
 * older, or is not there at all. The given name where no remote has such a branch.
 */
export async function fetchedBranch(repo: string, branch: string): Promise<string> {
  const remote = await commitOf(repo, `refs/remotes/origin/${branch}`)
  return remote === undefined ? branch : `origin/${branch}`
}

/** `origin/main` → `main`: the name that the branch has where it is merged into. */
export function branchName(name: string): string {
  return name.replace(/^origin\//, '')
}
