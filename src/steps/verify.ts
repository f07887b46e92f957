import { canonicalJson } from '../canonical-json.ts'
import { UserError } from '../errors.ts'
import type { Check } from '../evaluation/evaluation.ts'
import { failed, passed } from '../registry/check.ts'
import { findVersion, readHistory } from '../registry/history.ts'
import { digest, type Manifest } from '../registry/manifest.ts'
import { checkPlace } from '../registry/place.ts'
import { PRODUCTION, readVersion, type Version } from '../registry/production.ts'
import { PROMOTION_BRANCH } from '../registry/proposal.ts'
import { branchOrCommit, type Revision, resolveBase } from '../registry/repository.ts'
import { type Retraining, retrain as trainInFolder } from '../registry/retrain.ts'
import { inWorkspace, lineageProblems } from '../registry/workspace.ts'

export type VerifyInput = {
  /** Top folder of the repository. */
  repo: string
  /** What to verify; by default the promotion branch where there is one, else HEAD. */
  rev?: string
  /** Branch that it is proposed to; by default as `resolveBase` says. */
  base?: string
  /** Trains in a folder and returns the bytes of the artifact; by default with the code in it. */
  retrain?: (retraining: Retraining) => Promise<Uint8Array>
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
 * with it, what it was trained on has been merged, and training on that again gives the same bytes
 * (for a rollback: they are the bytes of the version that it restores).
 *
 * Runs code only where all else holds, and only code from the history of the base. Throws a
 * `UserError` where there is no such revision or base, or the base itself has a broken version.
 */
export async function verify(input: VerifyInput): Promise<VerifyResult> {
  const { repo, retrain = trainInFolder } = input
  const base = await resolveBase(repo, input.base)
  const rev = await resolveRev(repo, input.rev)
  const version = await readProposed(repo, rev)
  if (version instanceof UserError) {
    return result(rev, base, [failed('hashes', version.message), notRun()])
  }
  const { manifest, files } = version
  const checks = [
    passed('hashes', `All ${files.size} files of version ${manifest.version} match its manifest.`),
    ...(await checkPlace(repo, rev, base, manifest)),
  ]
  if (manifest.restores) {
    checks.push(await checkRestored(repo, base, version, manifest.restores.version))
  } else {
    checks.push(await checkLineage(repo, base, manifest))
    const trusted = checks.every((check) => check.passed)
    checks.push(trusted ? await checkRetraining(repo, base, manifest, retrain) : notRun())
  }
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
  return failed(RETRAINING, 'Not run, because another check failed.')
}

const RETRAINING = 'retraining'

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
  const claim = ({ files, lineage, trainedThrough, asOf, seed }: Manifest) =>
    canonicalJson({ files, lineage, trainedThrough, asOf, seed })
  return claim(manifest) === claim(entry.manifest)
    ? passed(name, `Every file is byte for byte that of version ${restored}.`)
    : failed(
        name,
        `It differs from version ${restored}, which it says it restores: propose it again with rollback.`,
      )
}

async function checkLineage(repo: string, base: Revision, manifest: Manifest): Promise<Check> {
  const problems = await lineageProblems(repo, manifest.lineage, base.commit)
  return problems.length === 0
    ? passed(
        'lineage',
        `Code, lock file, data, contract and recipe are in the history of ${base.name}.`,
      )
    : failed('lineage', problems.join(' '))
}

async function checkRetraining(
  repo: string,
  base: Revision,
  { lineage, asOf, files, toolchain }: Manifest,
  retrain: (retraining: Retraining) => Promise<Uint8Array>,
): Promise<Check> {
  try {
    const bytes = await inWorkspace(repo, lineage, base.commit, (folder) =>
      retrain({ folder, lineage, ...(asOf && { asOf }) }),
    )
    const [expected, found] = [files['model.json'], digest(bytes)]
    return found === expected
      ? passed(
          RETRAINING,
          `Training on the recorded data, code and recipe gave the same bytes (SHA-256 ${found.slice(0, 12)}).`,
        )
      : failed(
          RETRAINING,
          `Training on the recorded data, code and recipe gave SHA-256 ${found.slice(0, 12)}, but the version has ${expected.slice(0, 12)}: it was not made from them, or not with Node ${toolchain.node} and the packages of the recorded lock file.`,
        )
  } catch (error) {
    if (error instanceof UserError) return failed(RETRAINING, error.message)
    throw error
  }
}
