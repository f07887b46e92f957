import { createHash } from 'node:crypto'
import { UserError } from '../base/errors.ts'
import type { GitHub } from './client.ts'
import { createOnce } from './create-once.ts'
import { unlessMissing } from './failure.ts'

export type Release = {
  /** Such as `model/v3`. */
  tag: string
  commit: string
  name: string
  /** Markdown. */
  body: string
  assets: ReadonlyMap<string, Uint8Array>
}

export type KeptRelease = { outcome: 'created' | 'completed' | 'unchanged'; url: string }

/**
 * Keeps one release with all its assets: makes it as a draft, publishes it when everything is there,
 * completes what an earlier run began. A published text that people have edited stays.
 *
 * Throws `TagElsewhere` where the tag is at another commit.
 */
export async function keepRelease(github: GitHub, release: Release): Promise<KeptRelease> {
  await keepTag(github, release)
  const { thing: found, created } = await createOnce(
    github,
    () => findRelease(github, release.tag),
    () => createDraft(github, release),
  )
  const uploaded = await keepAssets(github, found, release.assets)
  const url = found.draft ? await publish(github, found) : found.html_url
  if (created) return { outcome: 'created', url }
  return { outcome: uploaded || found.draft ? 'completed' : 'unchanged', url }
}

/** A tag that stands for something else than what is to be released under it. */
export class TagElsewhere extends UserError {
  readonly tag: string
  readonly taggedCommit: string

  constructor(tag: string, commit: string, taggedCommit: string) {
    super(
      `the tag ${tag} must be at ${commit}, which put this version into production, but is at ${taggedCommit}`,
      {
        remedy: `Nobody but cd4ml sets the tags of models. If the release of ${tag} is wrong, delete it and the tag, then run the job again.`,
      },
    )
    this.tag = tag
    this.taggedCommit = taggedCommit
  }
}

/**
 * The tags of models, each with the git object that it stands at, without those whose release is a
 * draft that an earlier run has left.
 */
export async function modelTags({ api, owner, repo }: GitHub): Promise<Map<string, string>> {
  const [tags, releases] = await Promise.all([
    api.paginate(api.rest.git.listMatchingRefs, {
      owner,
      repo,
      ref: 'tags/model/v',
      per_page: 100,
    }),
    api.paginate(api.rest.repos.listReleases, { owner, repo, per_page: 100 }),
  ])
  const drafts = new Set(releases.flatMap(({ draft, tag_name }) => (draft ? [tag_name] : [])))
  const entries = tags.map(
    ({ ref, object }) => [ref.replace(/^refs\/tags\//, ''), object.sha] as const,
  )
  return new Map(entries.filter(([name]) => !drafts.has(name)))
}

type FoundRelease = { id: number; html_url: string; draft: boolean; upload_url: string }

async function keepTag(github: GitHub, { tag, commit }: Release): Promise<void> {
  const { api, owner, repo } = github
  const { thing: tagged } = await createOnce(
    github,
    () => taggedCommit(github, tag),
    async () => {
      await api.rest.git.createRef({ owner, repo, ref: `refs/tags/${tag}`, sha: commit })
      return commit
    },
  )
  if (tagged !== commit) throw new TagElsewhere(tag, commit, tagged)
}

async function taggedCommit(
  { api, owner, repo }: GitHub,
  tag: string,
): Promise<string | undefined> {
  const found = await unlessMissing(api.rest.git.getRef({ owner, repo, ref: `tags/${tag}` }))
  if (found?.data.object.type !== 'tag') return found?.data.object.sha
  const { data } = await api.rest.git.getTag({ owner, repo, tag_sha: found.data.object.sha })
  return data.object.sha
}

/** Drafts included, which cannot be asked for by their tag. */
async function findRelease(
  { api, owner, repo }: GitHub,
  tag: string,
): Promise<FoundRelease | undefined> {
  const parameters = { owner, repo, per_page: 100 }
  for await (const page of api.paginate.iterator(api.rest.repos.listReleases, parameters)) {
    const found = page.data.find(({ tag_name }) => tag_name === tag)
    if (found) return found
  }
  return undefined
}

async function createDraft(
  { api, owner, repo }: GitHub,
  { tag, commit, name, body }: Release,
): Promise<FoundRelease> {
  const { data } = await api.rest.repos.createRelease({
    owner,
    repo,
    tag_name: tag,
    target_commitish: commit,
    name,
    body,
    draft: true,
  })
  return data
}

async function publish({ api, owner, repo }: GitHub, { id }: FoundRelease): Promise<string> {
  const { data } = await api.rest.repos.updateRelease({ owner, repo, release_id: id, draft: false })
  return data.html_url
}

/** Whether any had to be uploaded. */
async function keepAssets(
  github: GitHub,
  release: FoundRelease,
  assets: Release['assets'],
): Promise<boolean> {
  const results: boolean[] = []
  for (const [name, bytes] of assets) {
    const { created } = await createOnce(
      github,
      () => findAsset(github, release, name, bytes),
      () => uploadAsset(github, release, name, bytes),
    )
    results.push(created)
  }
  return results.includes(true)
}

type Asset = { id: number; name: string; state: string; size: number; digest?: string | null }

/** The asset where it is whole; what an upload that broke off has left behind is taken away. */
async function findAsset(
  { api, owner, repo }: GitHub,
  { id }: FoundRelease,
  name: string,
  bytes: Uint8Array,
): Promise<Asset | undefined> {
  const assets: Asset[] = await api.paginate(api.rest.repos.listReleaseAssets, {
    owner,
    repo,
    release_id: id,
    per_page: 100,
  })
  const found = assets.find((asset) => asset.name === name)
  if (!found || isWhole(found, bytes)) return found
  await api.rest.repos.deleteReleaseAsset({ owner, repo, asset_id: found.id })
  return undefined
}

function isWhole({ state, size, digest }: Asset, bytes: Uint8Array): boolean {
  if (state !== 'uploaded' || size !== bytes.length) return false
  return !digest || digest === `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

async function uploadAsset(
  { api, owner, repo }: GitHub,
  { id, upload_url }: FoundRelease,
  name: string,
  bytes: Uint8Array,
): Promise<Asset> {
  const { data } = await api.rest.repos.uploadReleaseAsset({
    owner,
    repo,
    release_id: id,
    url: upload_url,
    name,
    // The type says text, but what is sent are the bytes of whatever comes.
    data: Buffer.from(bytes) as unknown as string,
    headers: { 'content-type': 'application/octet-stream' },
  })
  return data
}
