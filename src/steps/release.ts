import { canonicalJson } from '../canonical-json.ts'
import { UserError } from '../errors.ts'
import type { GitHub } from '../github/client.ts'
import { type KeptRelease, keepRelease } from '../github/release.ts'
import { readHistory } from '../registry/history.ts'
import { contentOf, PRODUCTION, readVersion, type Version } from '../registry/production.ts'
import { isShallow, resolveBase } from '../registry/repository.ts'
import { releaseNotes } from '../reporting/release-notes.ts'
import { evaluationFrom } from './comparison-record.ts'

export type Released =
  | (KeptRelease & { version: number; tag: string; name: string; body: string })
  /** Nothing is in production. */
  | { outcome: 'none' }

/**
 * Gives the version that HEAD has in production its tag, at the commit that put it there, and its
 * release with the files. Changes nothing where both are there.
 *
 * Throws a `UserError` in a shallow clone, which does not know that commit, and where the production
 * folder is not what cd4ml wrote.
 */
export async function release(
  github: GitHub,
  { repo, repository }: { repo: string; repository: string },
): Promise<Released> {
  const head = await resolveBase(repo, 'HEAD')
  if (await isShallow(repo)) {
    throw new UserError(
      'this clone is shallow, and does not tell which commit put the model there',
      {
        remedy: 'Check out with fetch-depth: 0.',
      },
    )
  }
  const [entry] = await readHistory(repo, head.commit)
  const version = entry && (await readVersion(repo, entry.commit))
  if (!version) return { outcome: 'none' }
  const { manifest } = version
  const tag = `model/v${manifest.version}`
  const evaluation = evaluationFrom(contentOf(version, 'evaluation.json'), EVALUATION)
  const { title: name, body } = releaseNotes({ manifest, evaluation, repository })
  const assets = releaseFiles(version)
  const kept = await keepRelease(github, { tag, commit: entry.commit, name, body, assets })
  return { ...kept, version: manifest.version, tag, name, body }
}

const EVALUATION = `${PRODUCTION}/evaluation.json`

/** All but the charts, which the card shows where it stands in the repository. */
function releaseFiles(version: Version): Map<string, Uint8Array> {
  return new Map([
    ['manifest.json', Buffer.from(canonicalJson(version.manifest))],
    ['model.json', contentOf(version, 'model.json')],
    ['evaluation.json', contentOf(version, 'evaluation.json')],
    ['README.md', contentOf(version, 'README.md')],
  ])
}
