import { createHash } from 'node:crypto'
import { gitMaybe } from '../../src/base/git.ts'
import { commitOf, moveRef, resolve } from './bare-repository.ts'
import { FLAG, NULLABLE_TEXT, TEXT } from './body-check.ts'
import { userOf } from './identity.ts'
import { page } from './pages.ts'
import { notFound, Refusal, validationFailed } from './refusal.ts'
import { type Answer, type Call, type Route, route } from './routing.ts'
import { type Asset, apiUrl, htmlUrl, nextId, now, type Release, type State } from './state.ts'

const READ = { needs: 'contents: read' } as const
const WRITE = { needs: 'contents: write' } as const
const FIELDS = {
  tag_name: TEXT,
  target_commitish: TEXT,
  name: NULLABLE_TEXT,
  body: NULLABLE_TEXT,
  draft: FLAG,
  prerelease: FLAG,
  make_latest: { enum: ['true', 'false', 'legacy'] },
}

/** Releases, and the tags that they make. Files are uploaded by `uploadAsset`. */
export const releaseRoutes: Route[] = [
  route('get', '/repos/{owner}/{repo}/releases', READ).answers(async (call) => {
    const { items, headers } = page(call, call.state.releases.toReversed())
    return { status: 200, headers, body: items.map((release) => shownRelease(call.state, release)) }
  }),

  route('get', '/repos/{owner}/{repo}/releases/latest', READ).answers(async ({ state }) => {
    const latest = state.releases.findLast(({ draft, prerelease }) => !draft && !prerelease)
    if (!latest) throw notFound()
    return { status: 200, body: shownRelease(state, latest) }
  }),

  route('get', '/repos/{owner}/{repo}/releases/tags/{tag}', READ).answers(
    async ({ state, params }) => {
      const release = state.releases.find(({ tag, draft }) => tag === params.tag && !draft)
      if (!release) throw notFound()
      return { status: 200, body: shownRelease(state, release) }
    },
  ),

  route('get', '/repos/{owner}/{repo}/releases/{release_id}', READ).answers(
    async ({ state, params }) => {
      return { status: 200, body: shownRelease(state, findRelease(state, params.release_id)) }
    },
  ),

  route('post', '/repos/{owner}/{repo}/releases', {
    ...WRITE,
    body: { required: ['tag_name'], properties: FIELDS },
  }).answers(async ({ state, identity, body }) => {
    const { login, type } = identity
    const release: Release = {
      id: nextId(state),
      tag: body.tag_name,
      target: body.target_commitish ?? state.defaultBranch,
      name: body.name ?? null,
      body: body.body ?? null,
      draft: body.draft ?? false,
      prerelease: body.prerelease ?? false,
      author: { login, type },
      createdAt: now(),
      publishedAt: null,
      assets: [],
    }
    await checkRelease(state, release)
    if (!release.draft) await publish(state, release)
    state.releases.push(release)
    return { status: 201, body: shownRelease(state, release) }
  }),

  route('patch', '/repos/{owner}/{repo}/releases/{release_id}', {
    ...WRITE,
    body: { properties: FIELDS },
  }).answers(async ({ state, params, body }) => {
    const release = findRelease(state, params.release_id)
    const changed: Release = {
      ...release,
      tag: body.tag_name ?? release.tag,
      target: body.target_commitish ?? release.target,
      name: body.name ?? release.name,
      body: body.body ?? release.body,
      draft: body.draft ?? release.draft,
      prerelease: body.prerelease ?? release.prerelease,
    }
    await checkRelease(state, changed)
    if (!changed.draft && !changed.publishedAt) await publish(state, changed)
    Object.assign(release, changed)
    return { status: 200, body: shownRelease(state, release) }
  }),

  route('delete', '/repos/{owner}/{repo}/releases/{release_id}', WRITE).answers(
    async ({ state, params }) => {
      const release = findRelease(state, params.release_id)
      state.releases = state.releases.filter((other) => other !== release)
      return { status: 204 }
    },
  ),

  route('get', '/repos/{owner}/{repo}/releases/{release_id}/assets', READ).answers(async (call) => {
    const { state, params } = call
    const release = findRelease(state, params.release_id)
    const { items, headers } = page(call, release.assets)
    return { status: 200, headers, body: items.map((asset) => shownAsset(state, release, asset)) }
  }),

  route('get', '/repos/{owner}/{repo}/releases/assets/{asset_id}', READ).answers(
    async ({ state, params, accept }) => {
      const { release, asset } = findAsset(state, params.asset_id)
      if (accept.includes('octet-stream')) return { status: 200, body: asset.bytes }
      return { status: 200, body: shownAsset(state, release, asset) }
    },
  ),

  route('delete', '/repos/{owner}/{repo}/releases/assets/{asset_id}', WRITE).answers(
    async ({ state, params }) => {
      const { release, asset } = findAsset(state, params.asset_id)
      release.assets = release.assets.filter((other) => other !== asset)
      return { status: 204 }
    },
  ),
]

/**
 * The one route of the uploads server. It is at another address than the API, which only a
 * release's `upload_url` says.
 */
export const uploadRoute: Route = {
  verb: 'post',
  path: '/uploads/repos/{owner}/{repo}/releases/{release_id}/assets',
  needs: ['contents: write'],
  handle: uploadAsset,
}

async function uploadAsset(call: Call): Promise<Answer> {
  const { state, identity, params, query, bytes, contentType } = call
  const release = findRelease(state, params.release_id)
  if (bytes.length === 0) throw new Refusal(400, 'Bad Content-Length')
  if (!contentType) throw new Refusal(400, 'Bad Content-Type')
  // GitHub allows these letters in names of files, and puts a dot in the place of others.
  const name = (query.get('name') ?? '').replace(/[^A-Za-z0-9._+@-]+/g, '.')
  if (!name)
    throw validationFailed({ resource: 'ReleaseAsset', code: 'missing_field', field: 'name' })
  if (release.assets.some((asset) => asset.name === name)) {
    throw validationFailed({ resource: 'ReleaseAsset', code: 'already_exists', field: 'name' })
  }
  const { login, type } = identity
  const asset: Asset = {
    id: nextId(state),
    name,
    label: query.get('label'),
    contentType,
    bytes,
    state: 'uploaded',
    uploader: { login, type },
    at: now(),
  }
  release.assets.push(asset)
  return { status: 201, body: shownAsset(state, release, asset) }
}

async function checkRelease(state: State, release: Release): Promise<void> {
  const invalid = (field: string, code: string) =>
    validationFailed({ resource: 'Release', code, field })
  const others = state.releases.filter(({ id }) => id !== release.id)
  if ((await gitMaybe(state.git, ['check-ref-format', `refs/tags/${release.tag}`])) === undefined) {
    throw invalid('tag_name', 'invalid')
  }
  if (!release.draft && others.some(({ tag, draft }) => !draft && tag === release.tag)) {
    throw invalid('tag_name', 'already_exists')
  }
  if (!(await commitOf(state.git, release.target))) throw invalid('target_commitish', 'invalid')
  if ((release.body ?? '').length > 125_000) throw invalid('body', 'invalid')
}

/** An existing tag stays where it is, whatever the release's target. */
async function publish(state: State, release: Release): Promise<void> {
  release.publishedAt = now()
  const name = `refs/tags/${release.tag}`
  if (await resolve(state.git, name)) return
  const to = await commitOf(state.git, release.target)
  await moveRef(state.git, name, { to, from: '' })
}

function findRelease(state: State, id: string): Release {
  const release = state.releases.find((other) => String(other.id) === id)
  if (!release) throw notFound()
  return release
}

function findAsset(state: State, id: string): { release: Release; asset: Asset } {
  for (const release of state.releases) {
    const asset = release.assets.find((other) => String(other.id) === id)
    if (asset) return { release, asset }
  }
  throw notFound()
}

function shownRelease(state: State, release: Release) {
  const { id, tag } = release
  const assets = apiUrl(state, `/releases/${id}/assets`)
  return {
    id,
    node_id: `RE_${id}`,
    url: apiUrl(state, `/releases/${id}`),
    html_url: htmlUrl(state, `/releases/tag/${encodeURIComponent(tag)}`),
    assets_url: assets,
    upload_url: `${assets.replace('/repos/', '/uploads/repos/')}{?name,label}`,
    tag_name: tag,
    target_commitish: release.target,
    name: release.name,
    body: release.body,
    draft: release.draft,
    prerelease: release.prerelease,
    author: userOf(release.author),
    created_at: release.createdAt,
    published_at: release.publishedAt,
    assets: release.assets.map((asset) => shownAsset(state, release, asset)),
  }
}

function shownAsset(state: State, { tag }: Release, asset: Asset) {
  const { id, name } = asset
  return {
    id,
    node_id: `RA_${id}`,
    url: apiUrl(state, `/releases/assets/${id}`),
    browser_download_url: htmlUrl(state, `/releases/download/${tag}/${name}`),
    name,
    label: asset.label,
    state: asset.state,
    content_type: asset.contentType,
    size: asset.bytes.length,
    digest: `sha256:${createHash('sha256').update(asset.bytes).digest('hex')}`,
    download_count: 0,
    created_at: asset.at,
    updated_at: asset.at,
    uploader: userOf(asset.uploader),
  }
}
