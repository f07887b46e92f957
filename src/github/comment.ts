import { ownWork } from './authorship.ts'
import type { GitHub } from './client.ts'
import { createOnce } from './create-once.ts'
import { checkedText, isMarked, markedText, sameText } from './marked-text.ts'

export type KeptComment = { outcome: 'created' | 'updated' | 'unchanged'; url: string }

/**
 * Keeps one comment of the token's account with this key on an issue or pull request: creates it, or
 * brings it up to date in its place. Comments of others are left alone, whatever they contain.
 */
export async function keepComment(
  github: GitHub,
  { issue, key, body }: { issue: number; key: string; body: string },
): Promise<KeptComment> {
  const text = markedText(key, body)
  const { thing, created } = await createOnce(
    github,
    async () => (await ownComments(github, issue)).find((comment) => isMarked(key, comment.body)),
    () => createComment(github, issue, text),
  )
  if (created) return { outcome: 'created', url: thing.html_url }
  if (sameText(text, thing.body)) return { outcome: 'unchanged', url: thing.html_url }
  const { api, owner, repo } = github
  await api.rest.issues.updateComment({ owner, repo, comment_id: thing.id, body: text })
  return { outcome: 'updated', url: thing.html_url }
}

/** Adds a comment, unless the token's account has said exactly the same there before. */
export async function addComment(
  github: GitHub,
  { issue, body }: { issue: number; body: string },
): Promise<void> {
  const text = checkedText(body)
  await createOnce(
    github,
    async () => (await ownComments(github, issue)).find((comment) => sameText(text, comment.body)),
    () => createComment(github, issue, text),
  )
}

type Comment = { id: number; html_url: string; body?: string | null }

async function ownComments(github: GitHub, issue: number): Promise<Comment[]> {
  const { api, owner, repo } = github
  const isOurs = await ownWork(github)
  const comments = await api.paginate(api.rest.issues.listComments, {
    owner,
    repo,
    issue_number: issue,
    per_page: 100,
  })
  return comments.filter(({ user }) => isOurs(user))
}

async function createComment(github: GitHub, issue: number, body: string): Promise<Comment> {
  const { api, owner, repo } = github
  const { data } = await api.rest.issues.createComment({ owner, repo, issue_number: issue, body })
  return data
}
