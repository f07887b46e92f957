import { firstOf } from '../base/first-of.ts'
import { git, gitMaybe } from '../base/git.ts'
import { failed, passed, type VersionCheck } from './check.ts'
import { asParent, isSameVersion, type Manifest, versionName } from './manifest.ts'
import { objectAt } from './objects.ts'
import { PRODUCTION, readVersion } from './production.ts'
import { type PromotionEntry, readPromotions } from './promotions.ts'
import { branchOrCommit, isAncestor, isShallow, type Revision } from './repository.ts'

/** Where a version stands in the history of its base. */
export type VersionPlace = {
  state: 'proposed' | 'merged'
  checks: VersionCheck[]
  /** The commit that has in production what it says it follows; absent where nothing is known to. */
  champion?: string
}

/**
 * Whether the version at `rev` may stand where it stands. One that is proposed has to follow what
 * the base has in production now, and to change nothing else; one that has been merged has to
 * follow what was in production before it.
 *
 * Throws a `UserError` where the production folder of the base cannot be read.
 */
export async function checkPlace(
  repo: string,
  rev: Revision,
  base: Revision,
  manifest: Manifest,
): Promise<VersionPlace> {
  const merged = await mergeOf(repo, rev, base)
  if (!merged) {
    const checks = [await checkParent(repo, base, manifest), await checkScope(repo, rev, base)]
    return { state: 'proposed', checks, ...(manifest.parent && { champion: base.commit }) }
  }
  const [, before] = await readPromotions(repo, merged)
  const checks = [
    await checkPredecessor(repo, before, manifest),
    passed('scope', `Version ${manifest.version} is in ${base.name} already.`),
  ]
  return {
    state: 'merged',
    checks,
    ...(before?.found === 'version' && { champion: before.commit }),
  }
}

/**
 * What to say where the base has moved on from where it was when a check of what is proposed to it
 * began: nothing where it has not, or where what is in production is still the same.
 */
export async function checkMoved(repo: string, base: Revision): Promise<VersionCheck[]> {
  const now = await branchOrCommit(repo, base.name)
  if (now === base.commit) return []
  const [then, there] = await Promise.all(
    [base.commit, now].map((commit) => commit && objectAt(repo, commit, PRODUCTION)),
  )
  const moved = `${base.name} has moved on to ${now?.slice(0, 12) ?? 'nothing'} during the check`
  return then === there
    ? [passed('base', `${moved}, with the same in production.`)]
    : [failed('base', `${moved}, and has something else in production: compare and promote again.`)]
}

// The commit in whose history the version lies; undefined where it is only proposed.
async function mergeOf(repo: string, rev: Revision, base: Revision): Promise<string | undefined> {
  if (await isAncestor(repo, rev.commit, base.commit)) return rev.commit
  const [proposed, inProduction] = await Promise.all(
    [rev, base].map(({ commit }) => objectAt(repo, commit, PRODUCTION)),
  )
  return proposed === inProduction ? base.commit : undefined
}

async function checkParent(
  repo: string,
  base: Revision,
  manifest: Manifest,
): Promise<VersionCheck> {
  const inProduction = await readVersion(repo, base.commit)
  const now = inProduction && asParent(inProduction.manifest)
  return isSameVersion(manifest.parent, now)
    ? passed(
        'parent',
        `${base.name} has ${versionName(now)} in production, as when it was proposed.`,
      )
    : failed(
        'parent',
        `It was proposed to follow ${versionName(manifest.parent)}, but ${base.name} has ${versionName(now)} in production: compare and promote again.`,
      )
}

async function checkScope(repo: string, rev: Revision, base: Revision): Promise<VersionCheck> {
  const forks = await gitMaybe(repo, ['merge-base', '--all', base.commit, rev.commit])
  if (!forks) return failed('scope', `${rev.name} has no common history with ${base.name}.`)
  const [fork, other] = forks.split('\n')
  // From one of them the diff may show nothing of what a merge from the other undoes.
  if (other) {
    return failed(
      'scope',
      `${rev.name} and ${base.name} have been merged into each other, so that no diff tells what merging would change: promote again.`,
    )
  }
  const diff = await git(repo, [
    'diff-tree',
    '-r',
    '-z',
    '--name-only',
    '--no-renames',
    fork,
    rev.commit,
  ])
  const outside = diff
    .split('\0')
    .filter((path) => path !== '' && !path.startsWith(`${PRODUCTION}/`))
  if (outside.length === 0) return passed('scope', `Nothing outside ${PRODUCTION}/ is changed.`)
  return failed(
    'scope',
    `It also changes ${firstOf(outside)}: bring that to ${base.name} in a pull request of its own.`,
  )
}

async function checkPredecessor(
  repo: string,
  before: PromotionEntry | undefined,
  manifest: Manifest,
): Promise<VersionCheck> {
  if (!before) {
    if (await isShallow(repo)) {
      return failed(
        'parent',
        'This clone is shallow and does not tell what was in production before: git fetch --unshallow.',
      )
    }
    return passed(
      'parent',
      manifest.parent
        ? `The history of this repository begins with it, after ${versionName(manifest.parent)}.`
        : 'Nothing was in production before it, as it says.',
    )
  }
  if (before.found === 'unreadable') {
    return failed('parent', `What was in production before it cannot be read: ${before.problem}`)
  }
  const predecessor = before.found === 'version' ? asParent(before.manifest) : undefined
  return isSameVersion(manifest.parent, predecessor)
    ? passed('parent', `It followed ${versionName(predecessor)}, as it says.`)
    : failed(
        'parent',
        `It says that it follows ${versionName(manifest.parent)}, but it followed ${versionName(predecessor)}: go back with rollback, not by reverting commits.`,
      )
}
