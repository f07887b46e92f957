import { createHash } from 'node:crypto'
import { canonicalJson } from '../../../src/base/canonical-json.ts'
import { git } from '../../../src/base/git.ts'
import { type Lineage, type Manifest, newManifest } from '../../../src/registry/manifest.ts'
import { PRODUCTION, type Version, versionBytes } from '../../../src/registry/production.ts'
import { initialise, temporaryFolder } from '../../repository.ts'

/** What a commit has otherwise than the one that it follows. */
export type Commit = {
  /** The commits that it follows, by their places in the list: the one before where absent. */
  after?: number[]
  /** Contents by path; null where the path is gone. */
  files?: Record<string, string | Uint8Array | null>
  /** Modes other than 100644, by path. */
  modes?: Record<string, string>
  /** ISO instant. */
  at?: string
}

/** A repository whose `main` is at the last of these commits, made by two processes of git. */
export async function repositoryOf(
  commits: Commit[],
  options = ['--bare'],
): Promise<{ repo: string; ids: string[] }> {
  const repo = await temporaryFolder()
  if (options.length > 0) await git(repo, ['init', '--quiet', '--template=', ...options])
  else await initialise(repo)
  return { repo, ids: await addCommits(repo, commits) }
}

/** Commits without a branch but `branch`, which is at the last of them; returns their ids. */
export async function addCommits(
  repo: string,
  commits: Commit[],
  branch = 'main',
): Promise<string[]> {
  const parts = commits.flatMap((commit, i) => [...commitLines(commit, i), `get-mark :${i + 1}\n`])
  parts.push(`reset refs/heads/${branch}\nfrom :${commits.length}\n\n`)
  const input = Buffer.concat(parts.map((part) => Buffer.from(part)))
  const ids = await git(repo, ['fast-import', '--quiet', '--force'], { input })
  return ids.trim().split('\n')
}

/** A version as a first one is made, with other values of its manifest where some are given. */
export function versionOf(model: string, of: Partial<Manifest> = {}): Version {
  const files = new Map(
    Object.entries({ 'model.json': model, 'evaluation.json': EVALUATION, 'README.md': '#\n' }).map(
      ([name, text]): [string, Uint8Array] => [name, Buffer.from(text)],
    ),
  )
  const { parent, restores, lineage = lineageOf({}) } = of
  const origin = {
    lineage,
    ...(restores && { restores }),
    trainedThrough: '2026-09-30',
    seed: 1,
    toolchain: { node: '24', cd4ml: '0.1.0' },
  }
  return { manifest: newManifest(files, parent, origin), files }
}

/** Its files, by their paths in a repository. */
export function inProduction(version: Version): Record<string, Uint8Array> {
  const files = [...versionBytes(version)]
  return Object.fromEntries(files.map(([name, bytes]) => [`${PRODUCTION}/${name}`, bytes]))
}

/** A lineage of things that no repository has, but for those given. */
export function lineageOf(of: Partial<Lineage>): Lineage {
  return {
    commit: NOTHING,
    trainedOn: '2026-10-01',
    code: { path: 'src', object: NOTHING },
    lockfile: { path: 'package-lock.json', object: NOTHING },
    data: { path: 'data', object: NOTHING },
    contract: { path: 'data/datapackage.json', object: NOTHING },
    recipe: { path: 'recipe.yml', object: NOTHING },
    policy: { path: 'model-registry/policy.yml', object: NOTHING },
    ...of,
  }
}

/** The id of an object that no repository has. */
export const NOTHING = '1'.repeat(40)

/** The id that git gives to a file. */
export function blobId(content: string): string {
  const bytes = Buffer.from(content)
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

const EVALUATION = canonicalJson({ challenger: { model: 'ridge', metrics: {}, chosen: [] } })

function* commitLines({ after, files = {}, modes = {}, at }: Commit, i: number) {
  const seconds = at === undefined ? 1_790_000_000 + i : Date.parse(at) / 1000
  const [first, ...others] = after ?? (i === 0 ? [] : [i - 1])
  yield `commit refs/commits/${i}\nmark :${i + 1}\n`
  yield `committer Maria Souza <maria@example.com> ${seconds} +0000\ndata 1\n${i % 10}\n`
  if (first !== undefined) yield `from :${first + 1}\n`
  for (const other of others) yield `merge :${other + 1}\n`
  for (const [path, content] of Object.entries(files)) {
    const quoted = JSON.stringify(path)
    if (content === null) yield `D ${quoted}\n`
    else {
      const bytes = Buffer.from(content)
      yield `M ${modes[path] ?? '100644'} inline ${quoted}\ndata ${bytes.length}\n`
      yield bytes
      yield '\n'
    }
  }
  yield '\n'
}
