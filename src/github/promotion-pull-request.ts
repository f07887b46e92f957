import { UserError } from '../base/errors.ts'
import { PRODUCTION } from '../registry/production.ts'
import type { GitHub } from './client.ts'
import { createOnce } from './create-once.ts'
import { unlessMissing } from './failure.ts'
import {
  type BranchHead,
  branchHead,
  type FileChange,
  moveBranch,
  readCommit,
  treeAt,
  writeCommit,
} from './git-data.ts'
import { addLabels, type Label } from './labels.ts'
import { checkedText, sameText } from './marked-text.ts'
import { isWaitingRollback, whyStillRefused } from './refused-promotion.ts'

export type PromotionRequest = {
  branch: string
  /** Name of the branch that it shall be merged into. */
  base: string
  /** The commit that the version was made on; it need not be the newest of the base. */
  baseCommit: string
  /** Tree id of the production folder that the version was compared with; absent: there was none. */
  production: string | undefined
  /** By path in the repository. */
  files: ReadonlyMap<string, FileChange>
  /** The id that git gave to the whole tree with these files: GitHub must come to the same. */
  tree: string
  /** Of the commit. */
  message: string
  title: string
  body: string
  labels: readonly Label[]
  /**
   * Relative difference of the metric that decides, below 0 for better; absent where a person asked
   * for this version (a rollback, the first one), which nothing that was refused before holds back.
   */
  effect: number | undefined
}

export type PromotionOutcome =
  | {
      outcome: 'opened' | 'updated' | 'unchanged'
      number: number
      url: string
      commit: string
      /** Number of the one that was closed unmerged before it. */
      replaces?: number
    }
  /** A person closed it, and what is proposed now is not better than what was refused. */
  | { outcome: 'stays closed'; number: number; url: string; reason: string }
  /** A rollback is under review on the branch, which a person has asked for. */
  | { outcome: 'waits'; number: number; url: string; reason: string }
  /** The base has something else in production than what the version was compared with. */
  | { outcome: 'stale'; reason: string }

/**
 * Keeps one branch with one commit on `baseCommit`, and one open pull request for it. The same
 * request again changes nothing, and mends what was lost: the branch, its content, the text.
 *
 * A pull request that a person closed stays closed, its branch untouched, until a challenger comes
 * that is better than the refused one, or another model is in production. (Whoever deletes the
 * branch closes the pull request too: GitHub does so.) The new pull request then says which one it
 * comes after. A rollback that waits for review is rewritten by another rollback only.
 *
 * Throws a `UserError` where the base does not exist, or others keep moving the branch.
 */
export async function keepPromotion(
  github: GitHub,
  request: PromotionRequest,
): Promise<PromotionOutcome> {
  const stale = await staleness(github, request)
  if (stale) return { outcome: 'stale', reason: stale }
  const { open, refused } = await promotionPulls(github, request)
  if (open && (await isWaitingRollback(github, open.commit, request))) {
    const reason = 'It is a rollback that waits for review: merge or close it, then train again.'
    return { outcome: 'waits', number: open.number, url: open.url, reason }
  }
  if (!open && refused) {
    const reason = await whyStillRefused(github, refused, request)
    if (reason) {
      return { outcome: 'stays closed', number: refused.number, url: refused.url, reason }
    }
  }
  const { commit, rewritten } = await keepBranch(github, request)
  const pull = await keepPull(github, request, commit, { open, refused })
  if (pull.outcome === 'overtaken') {
    return { outcome: 'stale', reason: `another run has rewritten ${request.branch} meanwhile` }
  }
  const { number, url, outcome } = pull
  return {
    outcome: outcome === 'unchanged' && rewritten ? 'updated' : outcome,
    number,
    url,
    commit,
    ...(outcome === 'opened' && refused && { replaces: refused.number }),
  }
}

/** A pull request from the branch; GitHub allows one that is open, whoever opened it. */
type Pull = {
  number: number
  url: string
  state: 'open' | 'merged' | 'closed'
  commit: string
  title: string
  body: string | null
  labels: string[]
}

/** Why what was compared is not what would be replaced; undefined where it is. */
async function staleness(
  github: GitHub,
  { base, production }: PromotionRequest,
): Promise<string | undefined> {
  const head = await branchHead(github, base)
  if (!head) {
    throw new UserError(`the base must be a branch on GitHub, but is ${JSON.stringify(base)}`, {
      remedy: 'Push it first, or name the branch that promotions go to, such as main.',
    })
  }
  const now = await treeAt(github, head.commit, PRODUCTION)
  return now === production
    ? undefined
    : `${base} has another version in production than the one that this was compared with: compare again.`
}

/** The open pull request, and the one before it (else the newest) where it was closed unmerged. */
type Pulls = { open: Pull | undefined; refused: Pull | undefined }

async function promotionPulls(
  github: GitHub,
  { branch, base }: Pick<PromotionRequest, 'branch' | 'base'>,
): Promise<Pulls> {
  const { api, owner, repo } = github
  const found = await api.paginate(api.rest.pulls.list, {
    owner,
    repo,
    head: `${owner}:${branch}`,
    base,
    state: 'all',
    per_page: 100,
  })
  const pulls = found
    .filter(({ head }) => head.repo?.full_name === `${owner}/${repo}`)
    .map(asPull)
    .sort((a, b) => b.number - a.number)
  const open = pulls.find(({ state }) => state === 'open')
  const [before] = pulls.filter((pull) => pull.number !== open?.number)
  return { open, refused: before?.state === 'closed' ? before : undefined }
}

/** The branch as one commit on the base commit, that makes exactly the requested tree. */
async function keepBranch(
  github: GitHub,
  request: PromotionRequest,
): Promise<{ commit: string; rewritten: boolean }> {
  const { branch, baseCommit, files, tree, message } = request
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const head = await branchHead(github, branch)
    if (head && isWanted(head, request)) return { commit: head.commit, rewritten: false }
    const baseTree = await treeOf(github, baseCommit)
    const written = await writeCommit(github, { parents: [baseCommit], baseTree, files, message })
    if (written.tree !== tree) {
      throw new Error(`GitHub made the tree ${written.tree} of files of which git made ${tree}`)
    }
    const move = { to: written.commit, ...(head && { from: head.commit }), force: true }
    if ((await moveBranch(github, branch, move)) === 'moved') {
      return { commit: written.commit, rewritten: true }
    }
    await github.pause(attempt)
  }
  throw new UserError(`the branch ${branch} was moved by others while this run wrote it`, {
    remedy: 'Let one run at a time propose versions, then run the job again.',
  })
}

const ATTEMPTS = 5

function isWanted({ tree, parents }: BranchHead, request: PromotionRequest): boolean {
  return tree === request.tree && parents.length === 1 && parents[0] === request.baseCommit
}

async function treeOf(github: GitHub, commit: string): Promise<string> {
  const found = await unlessMissing(readCommit(github, commit))
  if (found) return found.tree
  throw new UserError(`the commit ${commit} is not on GitHub`, {
    remedy: 'Push the branch that the version was made on, then try again.',
  })
}

type KeptPull =
  | { outcome: 'opened' | 'updated' | 'unchanged'; number: number; url: string }
  | { outcome: 'overtaken' }

async function keepPull(
  github: GitHub,
  request: PromotionRequest,
  commit: string,
  { open, refused }: Pulls,
): Promise<KeptPull> {
  const { branch, base, title } = request
  const { api, owner, repo } = github
  const at = { owner, repo }
  const body = checkedText(refused ? `${request.body}\n\n${comesAfter(refused)}` : request.body)
  const { thing: pull, created } = open
    ? { thing: open, created: false }
    : await createOnce(
        github,
        async () => (await promotionPulls(github, request)).open,
        async () => {
          const { data } = await api.rest.pulls.create({ ...at, head: branch, base, title, body })
          return asPull(data)
        },
      )
  const outdated = !created && (pull.title !== title || !sameText(body, pull.body))
  if (outdated) {
    // The text is written by whoever wrote the branch last, so that the two belong together.
    const head = await branchHead(github, branch)
    if (head?.commit !== commit) return { outcome: 'overtaken' }
    await api.rest.pulls.update({ ...at, pull_number: pull.number, title, body })
  }
  const missing = request.labels.filter(({ name }) => !pull.labels.includes(name))
  await addLabels(github, pull.number, missing)
  const outcome = created ? 'opened' : outdated ? 'updated' : 'unchanged'
  return { outcome, number: pull.number, url: pull.url }
}

function comesAfter({ number }: Pull): string {
  return `It comes after #${number}, which was closed without being merged.`
}

function asPull(pull: {
  number: number
  html_url: string
  state: string
  merged_at: string | null
  head: { sha: string }
  title: string
  body: string | null
  labels: { name: string }[]
}): Pull {
  const { number, html_url, state, merged_at, head, title, body, labels } = pull
  return {
    number,
    url: html_url,
    state: state === 'open' ? 'open' : merged_at ? 'merged' : 'closed',
    commit: head.sha,
    title,
    body,
    labels: labels.map(({ name }) => name),
  }
}
