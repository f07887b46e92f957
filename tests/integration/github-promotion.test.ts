import { describe, expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import { keepPromotion } from '../../src/github/promotion-pull-request.ts'
import {
  as,
  challenge,
  head,
  MARIA,
  merge,
  type Place,
  push,
  startPlace,
} from './github-fixture.ts'

describe('a rollback under review', () => {
  it('is not rewritten by a retraining, only by what a person asks for', async () => {
    const { place, number, rollback } = await withRollback()
    const before = await branch(place)
    expect(await keepPromotion(place.github, await challenge(place.clone, -0.2))).toEqual({
      outcome: 'waits',
      number,
      url: expect.stringContaining(`/pull/${number}`),
      reason: expect.stringContaining('rollback that waits for review'),
    })
    expect(await branch(place)).toEqual(before)
    expect(await keepPromotion(place.github, rollback)).toMatchObject({ outcome: 'unchanged' })
    const other = await challenge(place.clone, -0.3, { effect: undefined }, ANOTHER)
    expect(await keepPromotion(place.github, other)).toMatchObject({ outcome: 'updated', number })
  })

  it('gives way once a person has closed it', async () => {
    const { place, number } = await withRollback()
    const { api, owner, repo } = as(place.server, MARIA)
    await api.rest.pulls.update({ owner, repo, pull_number: number, state: 'closed' })
    const next = await challenge(place.clone, -0.2)
    expect(await keepPromotion(place.github, next)).toMatchObject({ outcome: 'opened' })
  })

  async function withRollback() {
    const place = await startPlace()
    await keepPromotion(place.github, await challenge(place.clone, -0.05))
    await merge(place, 1)
    const rollback = await challenge(place.clone, -0.04, { effect: undefined }, RESTORES)
    const opened = await keepPromotion(place.github, rollback)
    if (opened.outcome !== 'opened') throw new Error(opened.outcome)
    return { place, number: opened.number, rollback }
  }
})

const RESTORES = { version: 1, reason: 'Too high' }
const ANOTHER = { version: 1, reason: 'Far too high' }

describe('a challenger that is better', () => {
  it('reaches the reviewer as one commit on the base, in one pull request with its label', async () => {
    const place = await startPlace()
    const request = await challenge(place.clone, -0.05)
    const result = await keepPromotion(place.github, request)
    expect(result).toMatchObject({ outcome: 'opened', number: 1 })
    expect(await branch(place)).toEqual({ tree: request.tree, parents: [request.baseCommit] })
    const [pull] = await pulls(place)
    expect(pull).toMatchObject({
      title: request.title,
      body: request.body,
      state: 'open',
      labels: [{ name: 'promotion' }],
    })
  })

  it('bothers nobody when the same result comes again ten times', async () => {
    const place = await startPlace()
    const request = await challenge(place.clone, -0.05)
    const first = await keepPromotion(place.github, request)
    place.server.requests.length = 0
    for (let run = 0; run < 10; run++) {
      expect(await keepPromotion(place.github, request)).toEqual({ ...first, outcome: 'unchanged' })
    }
    expect(place.server.requests.filter(({ method }) => method !== 'GET')).toEqual([])
  })

  it('replaces an earlier one in the same pull request, files that it has not taken away', async () => {
    const place = await startPlace()
    await keepPromotion(place.github, await challenge(place.clone, -0.05))
    const better = await challenge(place.clone, -0.2)
    expect(await keepPromotion(place.github, better)).toMatchObject({
      outcome: 'updated',
      number: 1,
    })
    expect(await branch(place)).toEqual({ tree: better.tree, parents: [better.baseCommit] })
    expect(await pulls(place)).toMatchObject([{ state: 'open', body: better.body }])
  })

  it('follows a merged one with a pull request of its own, deleting what it has not', async () => {
    const place = await startPlace()
    await keepPromotion(place.github, await challenge(place.clone, -0.2))
    await merge(place, 1)
    const next = await challenge(place.clone, -0.05)
    expect([...next.files.values()]).toContain('deleted')
    const result = await keepPromotion(place.github, next)
    expect(result).toMatchObject({ outcome: 'opened', number: 2 })
    expect(result).not.toHaveProperty('replaces')
    expect(await branch(place)).toMatchObject({ tree: next.tree })
  })
})

describe('what others do meanwhile', () => {
  it('does not trouble the reviewer where main moved on without another version', async () => {
    const place = await startPlace()
    const request = await challenge(place.clone, -0.05)
    await push(place, { 'notes.txt': 'Call the bakery.\n' })
    expect(await keepPromotion(place.github, request)).toMatchObject({ outcome: 'opened' })
    expect(await branch(place)).toEqual({ tree: request.tree, parents: [request.baseCommit] })
  })

  it('proposes nothing that was compared with a version that is in production no more', async () => {
    const place = await startPlace()
    const late = await challenge(place.clone, -0.05)
    await keepPromotion(place.github, await challenge(place.clone, -0.2))
    await merge(place, 1)
    const result = await keepPromotion(place.github, late)
    expect(result).toEqual({ outcome: 'stale', reason: expect.stringContaining('compare again') })
    expect(await pulls(place)).toHaveLength(1)
  })

  it('writes the branch again, for the same pull request, where somebody pushed over it', async () => {
    const place = await startPlace()
    const request = await challenge(place.clone, -0.05)
    await keepPromotion(place.github, request)
    const other = await push(place, { 'notes.txt': 'Mine now.\n' })
    await git(place.clone, ['commit', '--quiet', '--allow-empty', '-m', 'Edit'])
    await git(place.clone, ['push', '--quiet', '--force', 'origin', 'main:promotion/demand'])
    expect(await keepPromotion(place.github, request)).toMatchObject({
      outcome: 'updated',
      number: 1,
    })
    expect(await branch(place)).toEqual({ tree: request.tree, parents: [request.baseCommit] })
    expect(await head(place.server.git)).toBe(other)
    expect(await pulls(place)).toHaveLength(1)
  })

  it('brings the text back that somebody edited, and the label that somebody took away', async () => {
    const place = await startPlace()
    const request = await challenge(place.clone, -0.05)
    await keepPromotion(place.github, request)
    const { api, owner, repo } = as(place.server, MARIA)
    await api.rest.pulls.update({ owner, repo, pull_number: 1, body: 'Trust me.' })
    await api.rest.issues.removeLabel({ owner, repo, issue_number: 1, name: 'promotion' })
    expect(await keepPromotion(place.github, request)).toMatchObject({ outcome: 'updated' })
    expect(await pulls(place)).toMatchObject([
      { body: request.body, labels: [{ name: 'promotion' }] },
    ])
  })

  it('leaves the reviewer one branch and one pull request that fit where two runs propose at once', async () => {
    const place = await startPlace()
    const requests = [await challenge(place.clone, -0.05), await challenge(place.clone, -0.06)]
    const results = await Promise.all(
      requests.map((request) => keepPromotion(place.github, request)),
    )
    const standing = await branch(place)
    const winner = requests.find(({ tree }) => tree === standing.tree)
    const [pull, ...others] = await pulls(place)
    expect(others).toEqual([])
    expect(pull.body).toBe(winner?.body)
    expect(results.filter(({ outcome }) => outcome === 'opened')).toHaveLength(1)
  })

  it('takes a pull request of the same name in a fork for what it is', async () => {
    const place = await startPlace()
    await git(place.clone, ['commit', '--quiet', '--allow-empty', '-m', 'From a fork'])
    await git(place.clone, [
      'push',
      '--quiet',
      'origin',
      'main:refs/forks/mallory/heads/promotion/demand',
    ])
    const { api, owner, repo } = as(place.server, { ...MARIA, login: 'mallory' })
    const head = 'mallory:promotion/demand'
    await api.rest.pulls.create({ owner, repo, head, base: 'main', title: 'Promote version 1' })
    await git(place.clone, ['reset', '--quiet', '--hard', 'origin/main'])
    const result = await keepPromotion(place.github, await challenge(place.clone, -0.05))
    expect(result).toMatchObject({ outcome: 'opened', number: 2 })
  })
})

describe('a pull request that a person closed', () => {
  it('stays closed, and its branch as it is, while nothing better comes', async () => {
    const place = await closed(-0.05)
    const before = await branch(place)
    const result = await keepPromotion(place.github, await challenge(place.clone, -0.05))
    expect(result).toMatchObject({ outcome: 'stays closed', number: 1 })
    expect(result).toHaveProperty('reason', expect.stringContaining('-5.00%'))
    const worse = await keepPromotion(place.github, await challenge(place.clone, -0.04))
    expect(worse).toMatchObject({ outcome: 'stays closed', number: 1 })
    expect(await branch(place)).toEqual(before)
    expect(await pulls(place)).toHaveLength(1)
  })

  it('is followed by a new one that names it when a better challenger comes, which then stays as it is', async () => {
    const place = await closed(-0.05)
    const better = await challenge(place.clone, -0.06)
    const opened = await keepPromotion(place.github, better)
    expect(opened).toMatchObject({ outcome: 'opened', number: 2, replaces: 1 })
    const [pull] = await pulls(place)
    expect(pull.body).toContain('It comes after #1')
    expect(await keepPromotion(place.github, better)).toMatchObject({
      outcome: 'unchanged',
      number: 2,
    })
  })

  it('says nothing about a challenger of another version in production', async () => {
    const place = await closed(-0.3)
    await git(place.clone, ['fetch', '--quiet', 'origin', 'promotion/demand'])
    await git(place.clone, ['merge', '--quiet', '--no-ff', '-m', 'By hand', 'FETCH_HEAD'])
    await git(place.clone, ['push', '--quiet', 'origin', 'main'])
    const result = await keepPromotion(place.github, await challenge(place.clone, -0.05))
    expect(result).toMatchObject({ outcome: 'opened', number: 2, replaces: 1 })
  })

  it('does not hold back a version that a person asks for', async () => {
    const place = await closed(-0.05)
    const rollback = await challenge(place.clone, -0.04, { effect: undefined })
    expect(await keepPromotion(place.github, rollback)).toMatchObject({ outcome: 'opened' })
  })

  it('stays closed where its branch is deleted, which closes it too', async () => {
    const place = await startPlace()
    const request = await challenge(place.clone, -0.05)
    await keepPromotion(place.github, request)
    await git(place.clone, ['push', '--quiet', '--delete', 'origin', 'promotion/demand'])
    expect(await keepPromotion(place.github, request)).toMatchObject({ outcome: 'stays closed' })
    const better = await challenge(place.clone, -0.06)
    expect(await keepPromotion(place.github, better)).toMatchObject({
      outcome: 'opened',
      replaces: 1,
    })
  })

  it('stays closed where nobody can read any more what it proposed', async () => {
    const place = await startPlace()
    await git(place.clone, ['commit', '--quiet', '--allow-empty', '-m', 'Not by cd4ml'])
    await git(place.clone, ['push', '--quiet', 'origin', 'main:promotion/demand'])
    await git(place.clone, ['reset', '--quiet', '--hard', 'origin/main'])
    const { api, owner, repo } = as(place.server, MARIA)
    const head = 'promotion/demand'
    await api.rest.pulls.create({ owner, repo, head, base: 'main', title: 'By hand' })
    await api.rest.pulls.update({ owner, repo, pull_number: 1, state: 'closed' })
    const result = await keepPromotion(place.github, await challenge(place.clone, -0.05))
    expect(result).toMatchObject({ outcome: 'stays closed' })
    expect(result).toHaveProperty('reason', expect.stringContaining('cannot be read'))
  })
})

it('never moves the branch to a tree that git did not make of the same files', async () => {
  const place = await startPlace()
  const request = await challenge(place.clone, -0.05, { tree: 'f'.repeat(40) })
  await expect(keepPromotion(place.github, request)).rejects.toThrow('of which git made ffff')
  await expect(branch(place)).rejects.toThrow()
})

async function closed(effect: number): Promise<Place> {
  const place = await startPlace()
  await keepPromotion(place.github, await challenge(place.clone, effect))
  const { api, owner, repo } = as(place.server, MARIA)
  await api.rest.pulls.update({ owner, repo, pull_number: 1, state: 'closed' })
  return place
}

/** Newest first. */
async function pulls({ github: { api, owner, repo } }: Place) {
  return (await api.rest.pulls.list({ owner, repo, state: 'all' })).data
}

async function branch({ server }: Place): Promise<{ tree: string; parents: string[] }> {
  const name = 'refs/heads/promotion/demand'
  const ids = await git(server.git, ['rev-parse', `${name}^{tree}`, `${name}^@`])
  const [tree, ...parents] = ids.trim().split('\n')
  return { tree, parents }
}
