import { UserError } from '../base/errors.ts'
import { git } from '../base/git.ts'
import { checker, parseJson } from '../base/schema.ts'
import { partOf } from '../base/schema-parts.ts'
import { Evaluation } from '../evaluation/gate/evaluation.ts'
import { checkManifest, type Manifest } from './manifest.ts'
import { readObjects } from './objects.ts'
import { PRODUCTION } from './production.ts'

/** What was in production from one commit of a branch to the next that changed it. */
export type PromotionEntry = Span & Found

/** An entry that is a version. */
export type Shipped = Extract<PromotionEntry, { found: 'version' }>

export type Span = {
  /** The commit of the branch that put it there. */
  commit: string
  /** ISO instants (UTC) of that commit and of the one that replaced it. */
  since: string
  until?: string
}

type Found =
  | { found: 'version'; manifest: Manifest; model: string }
  | { found: 'nothing' }
  /** `problem` is one line. */
  | { found: 'unreadable'; problem: string }

/**
 * What was in production on a branch, newest first, as its first-parent history tells: a version
 * counts from the merge (or squashed, rebased, direct commit) that brought it, not from when it was
 * proposed. A shallow clone knows its newest part only.
 */
export async function readPromotions(repo: string, commit: string): Promise<PromotionEntry[]> {
  const log = await git(repo, [
    'rev-list',
    '--first-parent',
    '--timestamp',
    commit,
    '--',
    MANIFEST,
    EVALUATION,
  ])
  const commits = log
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' '))
  const contents = await readObjects(
    repo,
    commits.flatMap(([, id]) => [`${id}:${MANIFEST}`, `${id}:${EVALUATION}`]),
  )
  const entries = commits.map(([timestamp, id], i) => ({
    commit: id,
    since: new Date(Number(timestamp) * 1000).toISOString(),
    ...read(contents[2 * i], contents[2 * i + 1]),
  }))
  const changes = entries.filter((entry, i) => !sameVersion(entry, entries[i + 1]))
  return changes.map((entry, i) => (i === 0 ? entry : { ...entry, until: changes[i - 1].since }))
}

/** When a version of this number was last put into production; undefined where it never was. */
export function findVersion(history: PromotionEntry[], version: number): Shipped | undefined {
  for (const entry of history) {
    if (entry.found === 'version' && entry.manifest.version === version) return entry
  }
  return undefined
}

const MANIFEST = `${PRODUCTION}/manifest.json`
const EVALUATION = `${PRODUCTION}/evaluation.json`

// Others of its keys may be of an earlier format.
const checkEvaluation = checker(partOf(Evaluation, ['challenger']))

function read(manifest: Buffer | undefined, evaluation: Buffer | undefined): Found {
  if (!manifest && !evaluation) return { found: 'nothing' }
  try {
    return {
      found: 'version',
      manifest: checkManifest(parse(manifest, 'manifest.json'), 'manifest.json'),
      model: checkEvaluation(parse(evaluation, 'evaluation.json'), 'evaluation.json').challenger
        .model,
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { found: 'unreadable', problem: error.message.split('\n', 1)[0] }
  }
}

function parse(content: Buffer | undefined, file: string): unknown {
  if (!content) throw new UserError('is missing', { file })
  return parseJson(content.toString(), file)
}

// A commit that only touches the files of the version that is there does not begin anything.
function sameVersion(a: Found, b: Found | undefined): boolean {
  return (
    a.found === 'version' &&
    b?.found === 'version' &&
    a.manifest.version === b.manifest.version &&
    a.manifest.files['model.json'] === b.manifest.files['model.json']
  )
}
