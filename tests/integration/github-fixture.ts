import { expect, onTestFinished } from 'vitest'
import { canonicalJson } from '../../src/base/canonical-json.ts'
import { git } from '../../src/base/git.ts'
import { connect, type GitHub } from '../../src/github/client.ts'
import type { FileChange } from '../../src/github/git-data.ts'
import type { PromotionRequest } from '../../src/github/promotion-pull-request.ts'
import { asParent, type Manifest, newManifest } from '../../src/registry/manifest.ts'
import { PRODUCTION, readVersion, treeWithVersion } from '../../src/registry/production.ts'
import type { Identity } from '../github/identity.ts'
import { type FakeGitHub, startGitHub } from '../github/server.ts'
import { commitAll, copyOf, initialise, put, sharedFolder } from '../repository.ts'

export const MARIA: Identity = { login: 'maria', type: 'User', permissions: 'everything' }

/** A server, a clone of its repository with a commit on main, and a connection as the bot. */
export type Place = { server: FakeGitHub; clone: string; github: GitHub }

/** After the test, every request must have been one that GitHub has. */
export async function startPlace(): Promise<Place> {
  const server = await startGitHub()
  onTestFinished(async () => {
    await server.close()
    expect(server.unknown()).toEqual([])
  })
  begun ??= begin()
  const clone = await copyOf(await begun)
  await git(clone, ['remote', 'add', 'origin', server.git])
  await git(clone, ['push', '--quiet', 'origin', 'main'])
  return { server, clone, github: connection(server, server.token) }
}

/** A connection that waits a thousandth of what it would at GitHub. */
export function connection({ url, repository }: FakeGitHub, token: string): GitHub {
  return connect({ token, repository, apiUrl: url, retryAfterBaseValue: 1 })
}

export function as(server: FakeGitHub, identity: Identity): GitHub {
  return connection(server, server.tokenFor(identity))
}

/** What the promote step hands over for a challenger on the clone's main: `effect` is what it gains. */
export async function challenge(
  clone: string,
  effect: number,
  changes: Partial<PromotionRequest> = {},
  restores?: Manifest['restores'],
): Promise<PromotionRequest> {
  const baseCommit = await head(clone)
  const inProduction = await readVersion(clone, baseCommit)
  const files = versionFiles(effect)
  const manifest = newManifest(files, inProduction && asParent(inProduction.manifest), {
    ...ORIGIN,
    ...(restores && { restores }),
  })
  const all = new Map<string, Uint8Array>([
    ...files,
    ['manifest.json', Buffer.from(canonicalJson(manifest))],
  ])
  const old = [...(inProduction?.files.keys() ?? [])].filter((name) => !all.has(name))
  return {
    branch: 'promotion/demand',
    base: 'main',
    baseCommit,
    production: await objectId(clone, `${baseCommit}:${PRODUCTION}`),
    files: new Map<string, FileChange>([
      ...old.map((name) => [`${PRODUCTION}/${name}`, 'deleted'] as const),
      ...[...all].map(([name, bytes]) => [`${PRODUCTION}/${name}`, bytes] as const),
    ]),
    tree: await treeWithVersion(clone, baseCommit, { manifest, files }),
    message: `Promote version ${manifest.version}`,
    title: `Promote version ${manifest.version}`,
    body: `The challenger is better by ${effect}.`,
    labels: [{ name: 'promotion', color: '0e8a16', description: 'Puts a model into production' }],
    effect,
    ...changes,
  }
}

/** As GitHub's button does; the clone follows. */
export async function merge({ server, clone }: Place, number: number): Promise<void> {
  const { api, owner, repo } = as(server, MARIA)
  await api.rest.pulls.merge({ owner, repo, pull_number: number })
  await git(clone, ['pull', '--quiet', 'origin', 'main'])
}

export async function push({ clone }: Place, files: Record<string, string>): Promise<string> {
  await put(clone, files)
  const commit = await commitAll(clone, 'Change something')
  await git(clone, ['push', '--quiet', 'origin', 'main'])
  return commit
}

export async function head(repo: string): Promise<string> {
  return (await git(repo, ['rev-parse', 'main'])).trim()
}

async function objectId(repo: string, name: string): Promise<string | undefined> {
  const found = await git(repo, ['rev-parse', '--verify', '--quiet', name]).catch(() => '')
  return found.trim() || undefined
}

function versionFiles(effect: number): Map<string, Buffer> {
  const evaluation = {
    decidedBy: 'wape',
    differences: { wape: { estimate: effect, low: effect - 0.01, high: effect + 0.01 } },
    challenger: { model: 'ridge (penalty 10)' },
  }
  return new Map([
    ['model.json', Buffer.from(`{"learnt":${effect}}\n`)],
    ['evaluation.json', Buffer.from(canonicalJson(evaluation))],
    ['README.md', Buffer.from(`# Uma previsão, ${effect}\r\n`)],
    [`charts/wape${effect < -0.1 ? '-large' : ''}.svg`, Buffer.from('<svg/>\n')],
  ])
}

const tracked = (path: string) => ({ path, object: 'a'.repeat(40) })

const ORIGIN: Pick<Manifest, 'lineage' | 'trainedThrough' | 'seed' | 'toolchain'> = {
  lineage: {
    commit: 'b'.repeat(40),
    trainedOn: '2026-10-01',
    code: tracked('src'),
    lockfile: tracked('package-lock.json'),
    data: tracked('data'),
    contract: tracked('data/datapackage.json'),
    recipe: tracked('recipe.yml'),
    policy: tracked('model-registry/policy.yml'),
  },
  trainedThrough: '2026-09-30',
  seed: 1,
  toolchain: { node: '24', cd4ml: '0.1.0' },
}

async function begin(): Promise<string> {
  const repo = await sharedFolder()
  await initialise(repo)
  await put(repo, { 'recipe.yml': 'families: [ridge]\n', 'data/sales.csv': 'id\n1\n' })
  await commitAll(repo, 'Begin')
  return repo
}

let begun: Promise<string> | undefined
