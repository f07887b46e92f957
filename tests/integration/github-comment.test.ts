import { expect, it } from 'vitest'
import { addComment, keepComment } from '../../src/github/comment.ts'
import { as, MARIA, type Place, startPlace } from './github-fixture.ts'

const KEY = 'experiment'

it('keeps one comment for a reader, whose text is that of the newest run', async () => {
  const place = await withIssue()
  const first = await keepComment(place.github, { issue: 1, key: KEY, body: 'Worse.' })
  expect(first).toMatchObject({ outcome: 'created' })
  const second = await keepComment(place.github, { issue: 1, key: KEY, body: 'Better.' })
  expect(second).toEqual({ outcome: 'updated', url: first.url })
  for (let run = 0; run < 10; run++) {
    const again = await keepComment(place.github, { issue: 1, key: KEY, body: 'Better.' })
    expect(again).toEqual({ outcome: 'unchanged', url: first.url })
  }
  const [comment, ...others] = await comments(place)
  expect(comment.body).toBe('<!-- cd4ml:experiment -->\nBetter.')
  expect(others).toEqual([])
})

it('never edits what a person wrote, were it our own text with our marker', async () => {
  const place = await withIssue()
  const { api, owner, repo } = as(place.server, MARIA)
  const copied = '<!-- cd4ml:experiment -->\nBetter.'
  await api.rest.issues.createComment({ owner, repo, issue_number: 1, body: copied })
  const kept = await keepComment(place.github, { issue: 1, key: KEY, body: 'Worse.' })
  expect(kept.outcome).toBe('created')
  expect((await comments(place)).map(({ body }) => body)).toEqual([
    copied,
    '<!-- cd4ml:experiment -->\nWorse.',
  ])
})

it('takes a person who runs it with their own token for the author, and nobody else', async () => {
  const place = await withIssue()
  const maria = as(place.server, MARIA)
  await keepComment(place.github, { issue: 1, key: KEY, body: "The bot's." })
  await keepComment(maria, { issue: 1, key: KEY, body: "Maria's." })
  const updated = await keepComment(maria, { issue: 1, key: KEY, body: "Maria's, again." })
  expect(updated.outcome).toBe('updated')
  expect((await comments(place)).map(({ user }) => user?.login)).toEqual([
    'github-actions[bot]',
    'maria',
  ])
})

it('finds its comment behind a hundred others', async () => {
  const place = await withIssue()
  const { api, owner, repo } = as(place.server, MARIA)
  const others = Array.from({ length: 101 }, (_, i) => `Comment ${i}`)
  for (const body of others) {
    await api.rest.issues.createComment({ owner, repo, issue_number: 1, body })
  }
  await keepComment(place.github, { issue: 1, key: KEY, body: 'Worse.' })
  const kept = await keepComment(place.github, { issue: 1, key: KEY, body: 'Better.' })
  expect(kept.outcome).toBe('updated')
})

it.each([
  'dropped after',
  'dropped before',
  500,
  502,
  429,
  'rate-limited',
  'secondary-limit',
] as const)('comments once in spite of %s, and of ten reruns', async (kind) => {
  const place = await withIssue()
  place.server.fault({ method: 'POST', path: /comments$/, times: 1, kind })
  place.server.fault({ method: 'GET', path: /comments$/, times: 1, kind })
  for (let run = 0; run < 11; run++) {
    await keepComment(place.github, { issue: 1, key: KEY, body: 'Better.' })
  }
  expect(await comments(place)).toHaveLength(1)
})

it('says a thing once: the same words again are no second comment, other words are', async () => {
  const place = await withIssue()
  for (const body of ['It works again.', 'It works again.', 'Again.']) {
    await addComment(place.github, { issue: 1, body })
  }
  expect((await comments(place)).map(({ body }) => body)).toEqual(['It works again.', 'Again.'])
})

it('refuses a comment that GitHub would refuse for its length, before it sends anything', async () => {
  const place = await withIssue()
  const body = 'x'.repeat(65_536)
  await expect(keepComment(place.github, { issue: 1, key: KEY, body })).rejects.toThrow('65536')
})

async function withIssue(): Promise<Place> {
  const place = await startPlace()
  const { api, owner, repo } = as(place.server, MARIA)
  await api.rest.issues.create({ owner, repo, title: 'Try the harvest as a feature' })
  return place
}

async function comments({ github: { api, owner, repo } }: Place) {
  const parameters = { owner, repo, issue_number: 1, per_page: 100 }
  return await api.paginate(api.rest.issues.listComments, parameters)
}
