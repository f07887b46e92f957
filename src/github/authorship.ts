import type { GitHub } from './client.ts'
import { statusOf } from './failure.ts'

/** Whoever wrote something, as GitHub's answers say it. Absent where the account is gone. */
export type Author = { login: string; type: string } | null | undefined

/**
 * A test for what the token's own account wrote: whoever copies our marker into a comment of theirs
 * shall not have it overwritten. The tokens of workflows and Apps may not ask who they are; of them,
 * every bot counts as the same one.
 */
export async function ownWork({ api }: GitHub): Promise<(author: Author) => boolean> {
  try {
    const { data: self } = await api.rest.users.getAuthenticated()
    return (author) => author?.login === self.login
  } catch (error) {
    if (statusOf(error) !== 403) throw error
    return (author) => author?.type === 'Bot'
  }
}
