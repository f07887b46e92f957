import { expect, it } from 'vitest'
import { clearAlert, raiseAlert } from '../../src/github/alert.ts'
import { as, MARIA, type Place, startPlace } from './github-fixture.ts'

const ALERT = {
  key: 'retrain',
  title: 'Retraining fails',
  body: 'The file is empty.',
  labels: [],
}
const COMMENT = 'Retraining works again.'

it('tells of a failure in one issue, however often it fails', async () => {
  const place = await startPlace()
  const opened = await raiseAlert(place.github, ALERT)
  expect(opened).toMatchObject({ outcome: 'opened', number: 1 })
  for (let run = 0; run < 10; run++) {
    expect(await raiseAlert(place.github, ALERT)).toEqual({ ...opened, outcome: 'unchanged' })
  }
  const updated = await raiseAlert(place.github, { ...ALERT, body: 'The file is stale.' })
  expect(updated).toEqual({ ...opened, outcome: 'updated' })
  expect(await issues(place)).toMatchObject([
    { body: '<!-- cd4ml:retrain -->\nThe file is stale.', labels: [{ name: 'cd4ml alert' }] },
  ])
})

it('closes the issue with a word when it works again, and says it once', async () => {
  const place = await startPlace()
  await raiseAlert(place.github, ALERT)
  const closed = await clearAlert(place.github, { key: 'retrain', comment: COMMENT })
  expect(closed).toMatchObject({ outcome: 'closed', number: 1 })
  for (let run = 0; run < 10; run++) {
    const again = await clearAlert(place.github, { key: 'retrain', comment: COMMENT })
    expect(again).toEqual({ outcome: 'none' })
  }
  expect(await issues(place)).toMatchObject([{ state: 'closed', comments: 1 }])
})

it('reopens the issue of the last time where it fails again', async () => {
  const place = await startPlace()
  await raiseAlert(place.github, ALERT)
  await clearAlert(place.github, { key: 'retrain', comment: COMMENT })
  expect(await raiseAlert(place.github, ALERT)).toMatchObject({ outcome: 'reopened', number: 1 })
  expect(await issues(place)).toMatchObject([{ state: 'open' }])
})

it('keeps what fails for different reasons apart', async () => {
  const place = await startPlace()
  await raiseAlert(place.github, ALERT)
  await raiseAlert(place.github, { ...ALERT, key: 'forecast' })
  await clearAlert(place.github, { key: 'forecast', comment: COMMENT })
  expect((await issues(place)).map(({ state }) => state)).toEqual(['closed', 'open'])
})

it('neither edits nor closes the issue of a person who copied the marker and the label', async () => {
  const place = await startPlace()
  const { api, owner, repo } = as(place.server, MARIA)
  const body = '<!-- cd4ml:retrain -->\nMine.'
  await api.rest.issues.create({ owner, repo, title: 'Mine', body, labels: ['cd4ml alert'] })
  expect(await clearAlert(place.github, { key: 'retrain', comment: COMMENT })).toEqual({
    outcome: 'none',
  })
  expect(await raiseAlert(place.github, ALERT)).toMatchObject({ outcome: 'opened', number: 2 })
  expect(await issues(place)).toMatchObject([{ number: 2 }, { number: 1, body, state: 'open' }])
})

it('is found again, and gets its label again, where a person has taken that off', async () => {
  const place = await startPlace()
  await raiseAlert(place.github, ALERT)
  const { api, owner, repo } = as(place.server, MARIA)
  await api.rest.issues.deleteLabel({ owner, repo, name: 'cd4ml alert' })
  expect(await raiseAlert(place.github, ALERT)).toMatchObject({ outcome: 'unchanged', number: 1 })
  expect(await issues(place)).toMatchObject([{ labels: [{ name: 'cd4ml alert' }] }])
  await api.rest.issues.removeLabel({ owner, repo, issue_number: 1, name: 'cd4ml alert' })
  expect(await clearAlert(place.github, { key: 'retrain', comment: COMMENT })).toMatchObject({
    outcome: 'closed',
    number: 1,
  })
})

it('is closed also where a person has locked it, which takes no comment', async () => {
  const place = await startPlace()
  await raiseAlert(place.github, ALERT)
  const { api, owner, repo } = as(place.server, MARIA)
  await api.rest.issues.lock({ owner, repo, issue_number: 1 })
  const closed = await clearAlert(place.github, { key: 'retrain', comment: COMMENT })
  expect(closed).toMatchObject({ outcome: 'closed', number: 1 })
  expect(await issues(place)).toMatchObject([{ state: 'closed', comments: 0 }])
})

it('of many that fail at the same moment one issue stays open, and is the one from then on', async () => {
  const place = await startPlace()
  const raised = await Promise.all([1, 2, 3].map(() => raiseAlert(place.github, ALERT)))
  expect(new Set(raised.map(({ number }) => number))).toEqual(new Set([1]))
  expect((await issues(place)).filter(({ state }) => state === 'open')).toMatchObject([
    { number: 1 },
  ])
  await clearAlert(place.github, { key: 'retrain', comment: COMMENT })
  expect(await raiseAlert(place.github, ALERT)).toMatchObject({ outcome: 'reopened', number: 1 })
})

it.each(['dropped after', 'dropped before', 500, 429, 'secondary-limit'] as const)(
  'opens one issue and closes it with one comment in spite of %s at every write',
  async (kind) => {
    const place = await startPlace()
    for (const method of ['POST', 'PATCH']) {
      for (const path of [/labels$/, /issues$/, /comments$/, /issues\/1$/]) {
        place.server.fault({ method, path, times: 1, kind })
      }
    }
    await raiseAlert(place.github, ALERT)
    await raiseAlert(place.github, { ...ALERT, body: 'The file is stale.' })
    await clearAlert(place.github, { key: 'retrain', comment: COMMENT })
    await clearAlert(place.github, { key: 'retrain', comment: COMMENT })
    expect(await issues(place)).toMatchObject([{ state: 'closed', comments: 1 }])
  },
)

/** Newest first. */
async function issues({ github: { api, owner, repo } }: Place) {
  return (await api.rest.issues.listForRepo({ owner, repo, state: 'all' })).data
}
