import type { GitHub } from './client.ts'
import { createOnce } from './create-once.ts'
import { checkedText, sameText } from './marked-text.ts'

export type KeptPullRequest = {
  outcome: 'opened' | 'updated' | 'unchanged'
  number: number
  url: string
  /** By which GraphQL knows it. */
  id: string
  /** Whether it merges itself when the rules of its base are met. */
  mergesItself: boolean
}

/** Keeps one open pull request of a branch of this repository, with this title and text. */
export async function keepPullRequest(
  github: GitHub,
  wanted: { branch: string; base: string; title: string; body: string },
): Promise<KeptPullRequest> {
  const { branch, base, title } = wanted
  const { api, owner, repo } = github
  const at = { owner, repo }
  const body = checkedText(wanted.body)
  const { thing: pull, created } = await createOnce(
    github,
    async () => {
      const head = `${owner}:${branch}`
      const { data } = await api.rest.pulls.list({ ...at, head, base, state: 'open' })
      return data.map(asPull).find(({ repository }) => repository === `${owner}/${repo}`)
    },
    async () =>
      asPull((await api.rest.pulls.create({ ...at, head: branch, base, title, body })).data),
  )
  const outdated = !created && (pull.title !== title || !sameText(body, pull.body))
  if (outdated) await api.rest.pulls.update({ ...at, pull_number: pull.number, title, body })
  const { number, url, id, mergesItself } = pull
  return {
    outcome: created ? 'opened' : outdated ? 'updated' : 'unchanged',
    number,
    url,
    id,
    mergesItself,
  }
}

/** Closes the pull request of a branch of this repository, where one is open. */
export async function closePullRequest(
  { api, owner, repo }: GitHub,
  { branch, base }: { branch: string; base: string },
): Promise<void> {
  const at = { owner, repo }
  const head = `${owner}:${branch}`
  const { data } = await api.rest.pulls.list({ ...at, head, base, state: 'open' })
  for (const { number, repository } of data.map(asPull)) {
    if (repository !== `${owner}/${repo}`) continue
    await api.rest.pulls.update({ ...at, pull_number: number, state: 'closed' })
  }
}

function asPull(pull: {
  number: number
  html_url: string
  node_id: string
  title: string
  body: string | null
  auto_merge: object | null
  head: { repo: { full_name: string } | null }
}) {
  const { number, html_url: url, node_id: id, title, body, auto_merge, head } = pull
  const mergesItself = auto_merge !== null
  return { number, url, id, title, body, mergesItself, repository: head.repo?.full_name }
}
