import { expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import { keepRelease, type Release } from '../../src/github/release.ts'
import { as, head, MARIA, type Place, push, startPlace } from './github-fixture.ts'

it('releases a version once, with its tag and every byte of its files', async () => {
  const place = await startPlace()
  const release = await versionOne(place)
  const first = await keepRelease(place.github, release)
  expect(first.outcome).toBe('created')
  for (let run = 0; run < 10; run++) {
    expect(await keepRelease(place.github, release)).toEqual({ ...first, outcome: 'unchanged' })
  }
  expect(await tagged(place)).toBe(release.commit)
  const [only, ...others] = await releases(place)
  expect(others).toEqual([])
  expect(only).toMatchObject({ draft: false, name: 'Model 1', body: 'Better by 5%.' })
  expect(await contents(place, only.assets)).toEqual(release.assets)
})

it('completes what a run that died has left: a draft, and an asset that is half there', async () => {
  const place = await startPlace()
  const release = await versionOne(place)
  const { api, owner, repo } = place.github
  const { data } = await api.rest.repos.createRelease({
    owner,
    repo,
    tag_name: release.tag,
    target_commitish: release.commit,
    draft: true,
  })
  await api.rest.repos.uploadReleaseAsset({
    owner,
    repo,
    release_id: data.id,
    url: data.upload_url,
    name: 'model.json',
    data: '{',
  })
  expect((await keepRelease(place.github, release)).outcome).toBe('completed')
  const [only, ...others] = await releases(place)
  expect(others).toEqual([])
  expect(only.draft).toBe(false)
  expect(await contents(place, only.assets)).toEqual(release.assets)
})

it('leaves notes alone that people have edited', async () => {
  const place = await startPlace()
  const release = await versionOne(place)
  await keepRelease(place.github, release)
  const maria = as(place.server, MARIA)
  const { owner, repo } = maria
  const [{ id }] = await releases(place)
  await maria.api.rest.repos.updateRelease({ owner, repo, release_id: id, body: 'Buy more milk.' })
  expect((await keepRelease(place.github, release)).outcome).toBe('unchanged')
  expect(await releases(place)).toMatchObject([{ body: 'Buy more milk.' }])
})

it('does not release under a tag that stands at another commit, and says what to do', async () => {
  const place = await startPlace()
  const release = await versionOne(place)
  await keepRelease(place.github, release)
  const other = { ...release, commit: await push(place, { 'notes.txt': 'x' }) }
  await expect(keepRelease(place.github, other)).rejects.toThrow(
    /must be at .*delete it and the tag/s,
  )
  expect(await tagged(place)).toBe(release.commit)
})

it('accepts an annotated tag that a person has set at the commit', async () => {
  const place = await startPlace()
  const release = await versionOne(place)
  await git(place.clone, ['tag', '-a', '-m', 'By hand', release.tag])
  await git(place.clone, ['push', '--quiet', 'origin', release.tag])
  expect((await keepRelease(place.github, release)).outcome).toBe('created')
})

it.each(['dropped after', 'dropped before', 500, 429, 'secondary-limit'] as const)(
  'makes one tag and one whole release in spite of %s at every write',
  async (kind) => {
    const place = await startPlace()
    const release = await versionOne(place)
    for (const path of [/git\/refs$/, /releases$/, /assets$/, /assets$/]) {
      place.server.fault({ method: 'POST', path, times: 1, kind })
    }
    place.server.fault({ method: 'PATCH', path: /releases/, times: 1, kind })
    await keepRelease(place.github, release)
    expect((await keepRelease(place.github, release)).outcome).toBe('unchanged')
    const [only, ...others] = await releases(place)
    expect(others).toEqual([])
    expect(await contents(place, only.assets)).toEqual(release.assets)
  },
)

async function versionOne({ clone }: Place): Promise<Release> {
  return {
    tag: 'model/v1',
    commit: await head(clone),
    name: 'Model 1',
    body: 'Better by 5%.',
    assets: new Map([
      ['model.json', Buffer.from('{"learnt":1}\n')],
      ['README.md', Buffer.from('# Uma previsão\n')],
    ]),
  }
}

async function releases({ github: { api, owner, repo } }: Place) {
  return (await api.rest.repos.listReleases({ owner, repo })).data
}

async function contents({ github }: Place, assets: { id: number; name: string }[]) {
  const { api, owner, repo } = github
  const entries = assets.map(async ({ id, name }) => {
    const headers = { accept: 'application/octet-stream' }
    const { data } = await api.rest.repos.getReleaseAsset({ owner, repo, asset_id: id, headers })
    return [name, Buffer.from(data as unknown as ArrayBuffer)] as const
  })
  return new Map(await Promise.all(entries))
}

async function tagged({ server }: Place): Promise<string> {
  return (await git(server.git, ['rev-parse', 'refs/tags/model/v1'])).trim()
}
