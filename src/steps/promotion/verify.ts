import { canonicalJson } from '../../base/canonical-json.ts'
import { type Day, dayFromIso } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import { failed, passed, type VersionCheck } from '../../registry/check.ts'
import { type Manifest, objectsOf } from '../../registry/manifest.ts'
import { type MergeStanding, whereMerged } from '../../registry/merged-lineage.ts'
import { checkMoved, checkPlace, type VersionPlace } from '../../registry/place.ts'
import { PRODUCTION, readVersion, type Version } from '../../registry/production.ts'
import { findVersion, readPromotions } from '../../registry/promotions.ts'
import { PROMOTION_BRANCH } from '../../registry/proposal.ts'
import { branchOrCommit, type Revision, resolveBase } from '../../registry/repository.ts'
import { tryOf } from '../model/campaign.ts'
import { checkCampaign } from './check-campaign.ts'
import { checkReproduction, REPRODUCTION, type Reproduce } from './check-reproduction.ts'
import { checkShadow } from './check-shadow.ts'
import { campaignOf, judgedIn } from './judged-version.ts'

export type VerifyInput = {
  /** Top folder of the repository. */
  repo: string
  /** The project's day: nothing was made on a later one. */
  today: Day
  /** What to verify; by default the promotion branch where there is one, else HEAD. */
  rev?: string
  /** Branch that it is proposed to; by default as `resolveBase` says. */
  base?: string
  /** Makes a version again in a folder and returns its files; by default with the code in it. */
  reproduce?: Reproduce
}

export type VerifyResult = {
  outcome: 'verified' | 'failed'
  rev: Revision
  base: Revision
  /** Absent where the version cannot be read. */
  manifest?: Manifest
  checks: VersionCheck[]
}

/**
 * Proves a version: its hashes hold, it follows what was in production, nothing else is changed
 * with it, what it was made from stood on the base, and making it again from that, training,
 * comparison, card and charts, gives the same bytes of every file (for a rollback: they are the
 * bytes of the version that it restores).
 *
 * Runs only code that the base itself has had, and nothing before that is known. Throws a `UserError`
 * where there is no such revision or base, or the base itself has a broken version.
 */
export async function verify(input: VerifyInput): Promise<VerifyResult> {
  const { repo } = input
  const base = await resolveBase(repo, input.base)
  const rev = await resolveRev(repo, input.rev)
  const version = await readProposed(repo, rev)
  if (version instanceof UserError) {
    return result(rev, base, [failed('hashes', version.message), notRun()])
  }
  const { manifest, files } = version
  const place = await checkPlace(repo, rev, base, manifest)
  const checks = [
    passed('hashes', `All ${files.size} files of version ${manifest.version} match its manifest.`),
    ...place.checks,
    ...(manifest.restores
      ? [await checkRestored(repo, base, version, manifest.restores.version)]
      : await checkMaking(input, base, version, place)),
    ...(place.state === 'proposed' ? await checkMoved(repo, base) : []),
  ]
  return { ...result(rev, base, checks), manifest }
}

async function resolveRev(repo: string, given: string | undefined): Promise<Revision> {
  for (const name of given === undefined ? [PROMOTION_BRANCH, 'HEAD'] : [given]) {
    const commit = await branchOrCommit(repo, name)
    if (commit) return { name, commit }
  }
  throw new UserError(`there is no branch or commit ${JSON.stringify(given ?? 'HEAD')} to verify`, {
    remedy: `Name one that git branch --all lists, such as ${PROMOTION_BRANCH}.`,
  })
}

// What is wrong with a proposed version is a finding, not a mistake of the one who verifies it.
async function readProposed(repo: string, rev: Revision): Promise<Version | UserError> {
  try {
    const version = await readVersion(repo, rev.commit)
    return (
      version ??
      new UserError(
        `${rev.name} has no version in ${PRODUCTION}/: name a branch or commit that has one, or propose one with npm run pipeline`,
      )
    )
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}

function result(rev: Revision, base: Revision, checks: VersionCheck[]): VerifyResult {
  const outcome = checks.every((check) => check.passed) ? 'verified' : 'failed'
  return { outcome, rev, base, checks }
}

function notRun(): VersionCheck {
  return failed(REPRODUCTION, 'Not run, because another check failed.')
}

async function checkRestored(
  repo: string,
  base: Revision,
  { manifest }: Version,
  restored: number,
): Promise<VersionCheck> {
  const name = 'restored version'
  const entry = findVersion(await readPromotions(repo, base.commit), restored)
  if (!entry || restored >= manifest.version) {
    return failed(
      name,
      `It restores version ${restored}, which was never in production before it on ${base.name}.`,
    )
  }
  const claim = ({ version: _, parent: __, restores: ___, ...made }: Manifest) =>
    canonicalJson(made)
  return claim(manifest) === claim(entry.manifest)
    ? passed(name, `Every file is byte for byte that of version ${restored}.`)
    : failed(
        name,
        `It differs from version ${restored}, which it says it restores: propose it again with rollback.`,
      )
}

async function checkMaking(
  input: VerifyInput,
  base: Revision,
  version: Version,
  place: VersionPlace,
): Promise<VersionCheck[]> {
  const { repo, today, reproduce } = input
  const { manifest } = version
  const standing = await whereMerged(repo, manifest.lineage, base)
  const checks = [checkLineage(manifest, standing, base, place), checkClaims(version, today)]
  const { shadow } = judgedIn(version) ?? {}
  if (place.state === 'proposed' && shadow) {
    const { recipe } = await tryOf(repo, manifest)
    const { parent } = manifest
    checks.push(
      parent
        ? await checkShadow(repo, shadow, { recipe, production: parent })
        : failed('shadow', 'It tells of a shadow, but nothing was in production.'),
    )
  }
  // How often production was tried to be refreshed is no luck, and not counted.
  if (place.state === 'proposed' && judgedIn(version)?.challenge?.kind !== 'refresh') {
    const champion = (await readVersion(repo, base.commit))?.manifest
    checks.push(await checkCampaign(repo, manifest, champion, campaignOf(version)))
  }
  // What it claims of itself may be wrong, and its reviewer still learns which files are.
  const isInPlace = place.checks.every((check) => check.passed)
  if (!isInPlace || standing.state === 'not merged') return [...checks, notRun()]
  const { commit } = standing
  const { champion } = place
  const made = { repo, base, version, ...(champion && { champion }), commit }
  return [...checks, await checkReproduction({ ...made, ...(reproduce && { reproduce }) })]
}

function checkLineage(
  { lineage }: Manifest,
  standing: MergeStanding,
  base: Revision,
  place: VersionPlace,
): VersionCheck {
  const name = 'lineage'
  if (standing.state === 'not merged') return failed(name, standing.problems.join(' '))
  const { commit } = standing
  if (commit !== lineage.commit && place.state === 'proposed') {
    return failed(
      name,
      `It was made on commit ${lineage.commit.slice(0, 12)}, but ${base.name} itself never had that with the recorded objects: promote again.`,
    )
  }
  const parts = objectsOf(lineage).map(([part]) => part)
  return passed(
    name,
    `${base.name} had ${parts.join(', ')} as recorded, all at commit ${commit.slice(0, 12)}.`,
  )
}

/** What reproduction would not tell, since it takes it as it stands. */
function checkClaims(version: Version, today: Day): VersionCheck {
  const name = 'claims'
  const { lineage, parent, toolchain } = version.manifest
  // Shops and runners may have midnight at different times, or have changed their time zone.
  if ((dayFromIso(lineage.trainedOn) ?? Number.POSITIVE_INFINITY) > today + 1) {
    return failed(name, `It was made on ${lineage.trainedOn}, which is still to come.`)
  }
  const [node] = process.versions.node.split('.')
  if (toolchain.node !== node) {
    return failed(
      name,
      `It was made with Node ${toolchain.node}, but this is Node ${node}: verify with the one, or promote again with the other.`,
    )
  }
  const decision = judgedIn(version)?.decision.decision
  if (decision === 'promote') return passed(name, 'Its evaluation says that it is to be promoted.')
  return decision === 'keep' && parent === undefined
    ? passed(name, 'It is a baseline: the first version, which needs no verdict.')
    : failed(name, 'Its evaluation does not say that it is to be promoted.')
}
