import { git } from '../../base/git.ts'
import type { FileChange } from '../../github/git-data.ts'
import type { Label } from '../../github/labels.ts'
import type { PromotionRequest } from '../../github/promotion-pull-request.ts'
import { objectAt, readObjects } from '../../registry/objects.ts'
import { PRODUCTION } from '../../registry/production.ts'
import type { Proposal } from '../../registry/proposal.ts'
import type { Revision } from '../../registry/repository.ts'
import type { RequestText } from '../../reporting/request-text.ts'
import { branchName } from './base-branch.ts'

export const PROMOTION_LABEL: Label = {
  name: 'cd4ml promotion',
  color: '0e8a16',
  description: 'Puts a version of the model into production when it is merged',
}

export const ROLLBACK_LABEL: Label = {
  name: 'cd4ml rollback',
  color: 'd93f0b',
  description: 'Brings an earlier model back when it is merged',
}

/** A proposal that was made in this clone, as GitHub is asked to make it again. */
export async function promotionRequest(
  repo: string,
  { branch, commit, base }: Proposal & { base: Revision },
  text: RequestText,
  { labels, effect }: Pick<PromotionRequest, 'labels' | 'effect'>,
): Promise<PromotionRequest> {
  return {
    branch,
    base: branchName(base.name),
    baseCommit: base.commit,
    production: await objectAt(repo, base.commit, PRODUCTION),
    files: await changedFiles(repo, base.commit, commit),
    tree: (await git(repo, ['rev-parse', `${commit}^{tree}`])).trim(),
    message: (await git(repo, ['show', '--no-patch', '--format=%B', commit])).trim(),
    ...text,
    labels,
    effect,
  }
}

/** What the newer commit has that the older has not, by path. */
async function changedFiles(
  repo: string,
  older: string,
  newer: string,
): Promise<Map<string, FileChange>> {
  const args = ['diff-tree', '-r', '-z', '--no-renames', '--name-only', older, newer]
  const paths = (await git(repo, args)).split('\0').filter(Boolean)
  const contents = await readObjects(
    repo,
    paths.map((path) => `${newer}:${path}`),
  )
  return new Map(paths.map((path, i) => [path, contents[i] ?? 'deleted']))
}
