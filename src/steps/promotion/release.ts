import { canonicalJson } from '../../base/canonical-json.ts'
import { UserError } from '../../base/errors.ts'
import { languageOf } from '../../base/project-settings.ts'
import { evaluationFrom } from '../../evaluation/gate/evaluation.ts'
import type { GitHub } from '../../github/client.ts'
import { type KeptRelease, keepRelease, modelTags, TagElsewhere } from '../../github/release.ts'
import type { Manifest } from '../../registry/manifest.ts'
import { contentOf, PRODUCTION, readVersion, type Version } from '../../registry/production.ts'
import { type PromotionEntry, readPromotions, type Shipped } from '../../registry/promotions.ts'
import { isShallow, resolveBase } from '../../registry/repository.ts'
import { sampleVersions } from '../../registry/sample.ts'
import { releaseNotes } from '../../reporting/release-notes.ts'

export type Released = {
  /** The version that HEAD has in production; absent where nothing is, or the sample. */
  newest: (KeptRelease & ReleasedVersion) | undefined
  /** Versions before it that had none yet, oldest first: of merges that came while others waited. */
  earlier: ReleasedVersion[]
  /** Why one of those could not be released, one sentence each. */
  problems: string[]
}

export type ReleasedVersion = { version: number; tag: string; url: string; body: string }

/**
 * Gives every version that was put into production its tag, at the commit that put it there, and its
 * release with the files, oldest first: GitHub keeps only the newest of the runs that wait, so that
 * one run may have several to release. Changes nothing where all are there. What was trained on the
 * sample that the template ships is nobody's version, and is not released; an earlier version that
 * cannot be released keeps no other from it.
 *
 * Throws a `UserError` in a shallow clone, which does not know those commits, where the production
 * folder of HEAD is not what cd4ml wrote, and where its tag stands for something else.
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
  await readVersion(repo, head.commit)
  const history = await readPromotions(repo, head.commit)
  const ofSample = await sampleVersions(repo, head.commit)
  const tags = await modelTags(github)
  const released: Released = { newest: undefined, earlier: [], problems: [] }
  for (const entry of await ownVersions(history, ofSample)) {
    const one = () => releaseVersion(github, { repo, repository, entry, ofSample })
    if (entry === history[0]) {
      released.newest = await one()
      continue
    }
    const tagged = tags.get(tagOf(entry.manifest))
    const isDone = tagged !== undefined && (tagged === entry.commit || !(await ofSample(tagged)))
    if (isDone) continue
    try {
      released.earlier.push(await one())
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      released.problems.push(error.message.replaceAll(/\s*\n\s*/g, ' '))
    }
  }
  return released
}

/** The versions, oldest first; of those that took the same number, the newest. */
async function ownVersions(
  history: PromotionEntry[],
  ofSample: (commit: string) => Promise<boolean>,
): Promise<Shipped[]> {
  const byNumber = new Map<number, Shipped>()
  for (const entry of history) {
    if (entry.found !== 'version' || (await ofSample(entry.commit))) continue
    const { version } = entry.manifest
    if (!byNumber.has(version)) byNumber.set(version, entry)
  }
  return [...byNumber.values()].reverse()
}

type Wanted = {
  repo: string
  repository: string
  entry: Shipped
  /** Whether a commit has the sample's model in production. */
  ofSample: (commit: string) => Promise<boolean>
}

async function releaseVersion(
  github: GitHub,
  { repo, repository, entry, ofSample }: Wanted,
): Promise<KeptRelease & ReleasedVersion> {
  const version = await readVersion(repo, entry.commit)
  if (!version) throw new Error(`commit ${entry.commit} was read with a version in production`)
  const { manifest } = version
  const tag = tagOf(manifest)
  const evaluation = evaluationFrom(contentOf(version, 'evaluation.json'), EVALUATION)
  const { title: name, body } = releaseNotes(
    { manifest, evaluation, repository },
    await languageOf(repo),
  )
  const wanted = { tag, commit: entry.commit, name, body, assets: releaseFiles(version) }
  const kept = await keepRelease(github, wanted).catch(async (error) => {
    const isSamples = error instanceof TagElsewhere && (await ofSample(error.taggedCommit))
    throw isSamples ? sampleTag(error) : error
  })
  return { ...kept, version: manifest.version, tag, body }
}

function tagOf({ version }: Manifest): string {
  return `model/v${version}`
}

/** Copies of earlier days have released the sample, under a number that is now asked for. */
function sampleTag(error: TagElsewhere): UserError {
  return new UserError(
    `the tag ${error.tag} is that of the sample, which an earlier state of the template has released`,
    {
      remedy: `It is nobody's model: delete it with gh release delete ${error.tag} --cleanup-tag, and run the job again.`,
      cause: error,
    },
  )
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
