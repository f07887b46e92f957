import type { GitHub } from './client.ts'

export type OpenPullRequest = { number: number; url: string; base: string; fromFork: boolean }

/** The open pull requests that a branch of this name is proposed by, those of forks included. */
export async function openPullRequests(github: GitHub, branch: string): Promise<OpenPullRequest[]> {
  const { api, owner, repo } = github
  const pulls = await api.paginate(api.rest.pulls.list, {
    owner,
    repo,
    state: 'open',
    per_page: 100,
  })
  return pulls
    .filter(({ head }) => head.ref === branch)
    .map(({ number, html_url, base, head }) => ({
      number,
      url: html_url,
      base: base.ref,
      fromFork: head.repo?.full_name !== `${owner}/${repo}`,
    }))
}
