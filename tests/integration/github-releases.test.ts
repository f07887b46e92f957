import { expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import { release } from '../../src/steps/promotion/release.ts'
import { commitAll, put } from '../repository.ts'
import { type Place, startPlace } from './github-fixture.ts'
import { newProject, ship } from './registry-fixture.ts'

it('releases also the versions whose runs GitHub has dropped from the queue, oldest first', async () => {
  const { repo, place } = await project()
  const commits = [await shipped(repo, 1), await shipped(repo, 2), await shipped(repo, 3)]
  const first = await released(place, repo)
  expect(first).toMatchObject({ newest: { outcome: 'created', version: 3 }, problems: [] })
  expect(first.earlier.map(({ version }) => version)).toEqual([1, 2])
  expect(await tags(place)).toEqual(
    commits.map((commit, i) => `${commit} refs/tags/model/v${i + 1}`),
  )
  const again = await released(place, repo)
  expect(again).toMatchObject({ newest: { outcome: 'unchanged' }, earlier: [] })
})

it('completes the release of an earlier version that a run which died has left as a draft', async () => {
  const { repo, place } = await project()
  await shipped(repo, 1)
  await released(place, repo)
  const { api, owner, repo: name } = place.github
  const [{ id }] = (await api.rest.repos.listReleases({ owner, repo: name })).data
  await api.rest.repos.updateRelease({ owner, repo: name, release_id: id, draft: true })
  await shipped(repo, 2)
  expect((await released(place, repo)).earlier.map(({ version }) => version)).toEqual([1])
})

it('releases nothing of the sample, and the first own model as version 1', async () => {
  const { repo, place } = await project()
  await asSample(repo)
  await shipped(repo, 1)
  await shipped(repo, 2)
  expect(await released(place, repo)).toEqual({ newest: undefined, earlier: [], problems: [] })
  expect(await tags(place)).toEqual([])

  await becomeOwn(repo)
  expect((await released(place, repo)).newest).toBe(undefined)
  const own = await shipped(repo, 1)
  expect((await released(place, repo)).newest).toMatchObject({ outcome: 'created', version: 1 })
  expect(await tags(place)).toEqual([`${own} refs/tags/model/v1`])
})

it('says how to go on where an older copy has released the sample, and goes on with the next version', async () => {
  const { repo, place } = await project()
  await asSample(repo)
  const sample = await shipped(repo, 1)
  await push(place, repo)
  await git(repo, ['push', '--quiet', place.server.git, `${sample}:refs/tags/model/v1`])
  await becomeOwn(repo)
  const own = await shipped(repo, 1)
  await expect(released(place, repo)).rejects.toThrow(
    /model\/v1 is that of the sample.*\n.*gh release delete model\/v1 --cleanup-tag/,
  )

  const next = await shipped(repo, 2)
  const { newest, problems } = await released(place, repo)
  expect(newest).toMatchObject({ outcome: 'created', version: 2 })
  expect(problems).toEqual([expect.stringContaining('gh release delete')])
  await git(repo, ['push', '--quiet', place.server.git, ':refs/tags/model/v1'])
  expect((await released(place, repo)).earlier).toMatchObject([{ version: 1 }])
  expect(await tags(place)).toEqual([`${own} refs/tags/model/v1`, `${next} refs/tags/model/v2`])
})

async function project(): Promise<{ repo: string; place: Place }> {
  return { repo: await newProject(), place: await startPlace() }
}

/** A version more in production, or the first where nothing is. */
async function shipped(repo: string, version: number): Promise<string> {
  return await ship(repo, `families: [ridge] # ${version}\n`, `2026-10-0${version}T12:00:00Z`)
}

async function asSample(repo: string): Promise<void> {
  const data = await git(repo, ['rev-parse', 'HEAD:data'])
  await put(repo, { '.github/sample-data': `# Comment\n${data}` })
  await commitAll(repo, 'Ship the sample')
}

/** As `cd4ml init` does: other sales, and nothing in production. */
async function becomeOwn(repo: string): Promise<void> {
  await git(repo, ['rm', '--quiet', '-r', 'model-registry/production'])
  await put(repo, { 'data/sales/2026-09.csv': 'id;data_venda\r\n7;30/09/2026\r\n' })
  await commitAll(repo, 'Start with our own sales')
}

async function released(place: Place, repo: string) {
  await push(place, repo)
  return await release(place.github, on(repo))
}

function on(repo: string) {
  return { repo, repository: 'https://github.com/shop/demand' }
}

async function push({ server }: Place, repo: string): Promise<void> {
  await git(repo, ['push', '--quiet', '--force', server.git, 'main'])
}

async function tags({ server }: Place): Promise<string[]> {
  const format = '--format=%(objectname) %(refname)'
  const listed = await git(server.git, ['for-each-ref', format, 'refs/tags'])
  return listed.split('\n').filter(Boolean)
}
