import { canonicalJson } from '../canonical-json.ts'
import { type Day, dayFromIso } from '../day.ts'
import { UserError } from '../errors.ts'
import type { Campaign } from '../evaluation/campaign.ts'
import type { Check } from '../evaluation/evaluation.ts'
import { failed, passed } from '../registry/check.ts'
import { findVersion, readHistory } from '../registry/history.ts'
import { type Manifest, ORDERING, objectsOf, versionName } from '../registry/manifest.ts'
import { type Standing, whereMerged } from '../registry/merged-lineage.ts'
import { objectAt } from '../registry/objects.ts'
import { checkMoved, checkPlace, type Place } from '../registry/place.ts'
import { PRODUCTION, readVersion, type Version, versionBytes } from '../registry/production.ts'
import { PROMOTION_BRANCH } from '../registry/proposal.ts'
import { branchOrCommit, type Revision, resolveBase } from '../registry/repository.ts'
import { reproduceIn, type Workspace } from '../registry/reproduce.ts'
import type { Reproduction } from '../registry/reproduction.ts'
import { inWorkspace } from '../registry/workspace.ts'
import { checker, parseJson } from '../schema.ts'
import { checkCampaign } from './check-campaign.ts'

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
  reproduce?: (workspace: Workspace) => Promise<ReadonlyMap<string, Uint8Array>>
}

export type VerifyResult = {
  outcome: 'verified' | 'failed'
  rev: Revision
  base: Revision
  /** Absent where the version cannot be read. */
  manifest?: Manifest
  checks: Check[]
}

/**
 * Proves a version: its hashes hold, it follows what was in production, nothing else is changed
 * with it, what it was made from stood on the base, and making it again from that, training,
 * comparison, card and charts, gives the same bytes of every file (for a rollback: they are the
 * bytes of the version that it restores).
 *
 * Runs code only where all else holds, and only code that the base itself has had. Throws a
 * `UserError` where there is no such revision or base, or the base itself has a broken version.
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
    return version ?? new UserError(`${rev.name} has no version in ${PRODUCTION}/`)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}

function result(rev: Revision, base: Revision, checks: Check[]): VerifyResult {
  const outcome = checks.every((check) => check.passed) ? 'verified' : 'failed'
  return { outcome, rev, base, checks }
}

function notRun(): Check {
  return failed(REPRODUCTION, 'Not run, because another check failed.')
}

const REPRODUCTION = 'reproduction'

async function checkRestored(
  repo: string,
  base: Revision,
  { manifest }: Version,
  restored: number,
): Promise<Check> {
  const name = 'restored version'
  const entry = findVersion(await readHistory(repo, base.commit), restored)
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
  place: Place,
): Promise<Check[]> {
  const { repo, today } = input
  const { manifest } = version
  const standing = await whereMerged(repo, manifest.lineage, base)
  const checks = [checkLineage(manifest, standing, base, place), checkClaims(version, today)]
  // How often production was tried to be refreshed is no luck, and not counted.
  if (place.state === 'proposed' && judgedIn(version)?.challenge?.kind !== 'refresh') {
    const champion = (await readVersion(repo, base.commit))?.manifest
    checks.push(await checkCampaign(repo, manifest, champion, campaignOf(version)))
  }
  const trusted = [...place.checks, ...checks].every((check) => check.passed)
  if (!trusted || standing.state === 'not merged') return [...checks, notRun()]
  const made = await checkReproduction(input, version, place, standing.commit)
  return [
    ...checks,
    { ...made, detail: `${made.detail}${await changesSince(repo, base, manifest)}` },
  ]
}

function checkLineage(
  { lineage }: Manifest,
  standing: Standing,
  base: Revision,
  place: Place,
): Check {
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
function checkClaims(version: Version, today: Day): Check {
  const name = 'claims'
  const { lineage, parent, toolchain } = version.manifest
  // Shops and runners may have midnight at different times, or have changed their time zone.
  if ((dayFromIso(lineage.trainedOn) ?? Number.POSITIVE_INFINITY) > today + 1) {
    return failed(name, `It was made on ${lineage.trainedOn}, which is still to come.`)
  }
  if (major(toolchain.node) !== major(process.versions.node)) {
    return failed(
      name,
      `It was made with Node ${toolchain.node}, but this is Node ${process.versions.node}: verify with the one, or promote again with the other.`,
    )
  }
  const decision = judgedIn(version)?.decision.decision
  if (decision === 'promote') return passed(name, 'Its evaluation says that it is to be promoted.')
  return decision === 'keep' && parent === undefined
    ? passed(name, 'It is a baseline: the first version, which needs no verdict.')
    : failed(name, 'Its evaluation does not say that it is to be promoted.')
}

/** Of its evaluation what reproduction needs or would not tell; nothing where it is none. */
function judgedIn({ files }: Version): Judged | undefined {
  const file = 'evaluation.json'
  try {
    return checkJudged(parseJson(Buffer.from(files.get(file) ?? '').toString(), file), file)
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

type Judged = {
  decision: { decision: string }
  campaign?: Campaign
  challenge?: { kind: string }
}

const checkJudged = checker<Judged>({
  type: 'object',
  required: ['decision'],
  properties: {
    decision: {
      type: 'object',
      required: ['decision'],
      properties: { decision: { type: 'string' } },
    },
    challenge: {
      type: 'object',
      required: ['kind'],
      properties: { kind: { type: 'string' } },
    },
    campaign: {
      type: 'object',
      required: ['tries'],
      properties: {
        tries: { type: 'integer', minimum: 1 },
        ledger: { type: 'string', pattern: '^([0-9a-f]{40}|[0-9a-f]{64})$' },
      },
    },
  },
})

function major(version: string): string | undefined {
  return /^v?(\d+)\.\d+\.\d+/.exec(version)?.[1]
}

async function checkReproduction(
  { repo, reproduce = reproduceIn }: VerifyInput,
  version: Version,
  { champion }: Place,
  commit: string,
): Promise<Check> {
  const { manifest } = version
  if (manifest.parent && champion === undefined) {
    return failed(
      REPRODUCTION,
      `Not run, because this history does not have ${versionName(manifest.parent)}, which it was compared with.`,
    )
  }
  const production = champion && (await objectAt(repo, champion, PRODUCTION))
  const objects = objectsOf(manifest.lineage).map(([, object]) => object)
  try {
    const made = await inWorkspace(
      repo,
      { objects, commit, ...(production && { champion: production }) },
      (folder) => reproduce({ folder, reproduction: reproductionOf(version) }),
    )
    const differences = differencesOf(versionBytes(version), made)
    return differences.length === 0
      ? passed(
          REPRODUCTION,
          `Made again from the recorded objects, all ${made.size} files are byte for byte the same (model ${manifest.files['model.json'].slice(0, 12)}).`,
        )
      : failed(
          REPRODUCTION,
          `Made again from the recorded objects, it is different in ${differences.join(', ')}: it was not made from them, or not with Node ${manifest.toolchain.node} and the packages of the recorded lock file.`,
        )
  } catch (error) {
    if (error instanceof UserError) return failed(REPRODUCTION, error.message)
    throw error
  }
}

/** What no file says that the version was made from. */
function reproductionOf(version: Version): Reproduction {
  const { lineage, asOf, toolchain } = version.manifest
  const campaign = campaignOf(version)
  return {
    format: 'cd4ml-reproduction/1',
    lineage,
    ...(asOf && { asOf }),
    node: toolchain.node,
    ...(campaign && { campaign }),
  }
}

function campaignOf(version: Version): Campaign | undefined {
  const campaign = judgedIn(version)?.campaign
  if (!campaign) return undefined
  const { tries, ledger } = campaign
  return { tries, ...(ledger !== undefined && { ledger }) }
}

/** The files that are not the same, and for the manifest also in what. */
function differencesOf(
  proposed: ReadonlyMap<string, Uint8Array>,
  made: ReadonlyMap<string, Uint8Array>,
): string[] {
  const names = [...new Set([...proposed.keys(), ...made.keys()])].sort()
  return names.flatMap((name) => {
    const [there, again] = [proposed.get(name), made.get(name)]
    if (!there) return [`${name} (missing)`]
    if (!again) return [`${name} (does not belong to it)`]
    if (Buffer.compare(there, again) === 0) return []
    return [name === 'manifest.json' ? `${name} (${changedKeys(there, again)})` : name]
  })
}

function changedKeys(there: Uint8Array, again: Uint8Array): string {
  const [a, b] = [there, again].map((bytes) => JSON.parse(Buffer.from(bytes).toString()))
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort()
  return keys.filter((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key])).join(', ')
}

/** What else the base has by now: no fault, but what was decided was decided by the older one. */
async function changesSince(repo: string, base: Revision, { lineage }: Manifest): Promise<string> {
  const changed: string[] = []
  for (const part of ['code', 'lockfile', 'policy', 'ordering'] as const) {
    const { path, object } = lineage[part] ?? { path: ORDERING }
    if ((await objectAt(repo, base.commit, path)) !== object) changed.push(path)
  }
  return changed.length === 0
    ? ''
    : ` It was made by what ${base.name} had then: ${changed.join(', ')} changed since.`
}
