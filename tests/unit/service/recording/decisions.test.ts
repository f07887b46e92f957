import { beforeEach, describe, expect, it } from 'vitest'
import type { EventOf } from '../../../../src/ledger/events/event.ts'
import { readDecisionReasons } from '../../../../src/ordering/decision-reasons.ts'
import { prepareDecisions } from '../../../../src/service/recording/decisions.ts'
import { envelope, recorded } from '../../../../src/service/recording/prepared.ts'
import { memoryLog } from '../memory-log.ts'

const reasons = await readDecisionReasons('.')
const recording = { source: '/cd4ml/service', time: '2026-11-27T12:00:00.000Z' }
const basis = {
  version: 3,
  model: 'a'.repeat(64),
  data: 'b'.repeat(40),
  salesThrough: '2026-11-26',
}
const series = { product: '1016' }

const order: EventOf<'cd4ml.order.v1'> = {
  ...envelope(recording, series),
  type: 'cd4ml.order.v1',
  data: { ...series, day: '2026-11-27', outcome: 'order', advice: { units: 24 }, basis },
}
const unknown: EventOf<'cd4ml.order.v1'> = {
  ...envelope(recording, series),
  type: 'cd4ml.order.v1',
  data: { ...series, day: '2026-11-27', outcome: 'unknown', advice: { missing: 'stock' }, basis },
}
const forecast: EventOf<'cd4ml.forecast.v1'> = {
  ...envelope(recording, series),
  type: 'cd4ml.forecast.v1',
  data: {
    ...series,
    from: '2027-02-01',
    to: '2027-02-28',
    mean: 31.5,
    quantiles: Array(13).fill(30),
    restsOn: 'series',
    basis,
  },
}

let log = memoryLog()
beforeEach(async () => {
  log = memoryLog()
  await log.append({ events: [order, unknown, forecast] })
})

const decide = async (...decisions: unknown[]) =>
  recorded(
    log,
    await prepareDecisions({ log, reasons }, decisions, { ...recording, person: 'p-1' }),
  )

describe('a decision on an order', () => {
  it('that was followed is recorded with the quantity that was advised', async () => {
    const [made] = await decide({ of: order.id, decision: 'followed' })
    expect(made).toMatchObject({
      outcome: 'recorded',
      event: {
        subject: '1016',
        data: {
          of: { type: 'order', id: order.id },
          decision: 'followed',
          quantity: 24,
          by: 'p-1',
        },
      },
    })
    expect(log.events).toContainEqual(made.outcome === 'recorded' && made.event)
  })

  it('that was changed is recorded with quantity and reason, and the note apart from it', async () => {
    const said = { decision: 'changed', quantity: 60, reason: 'event', note: 'Festa junina' }
    const [made] = await decide({ of: order.id, ...said })
    if (made.outcome !== 'recorded') throw new Error('not recorded')
    expect(made.event.data).toMatchObject({ decision: 'changed', quantity: 60, reason: 'event' })
    expect(JSON.stringify(log.events)).not.toContain('Festa')
    expect(await log.notes([made.event.id])).toEqual(new Map([[made.event.id, 'Festa junina']]))
  })

  const id = order.id
  it.each([
    ['is on nothing', { of: basis.model, decision: 'none' }, '/of'],
    [
      'is on an event that is not there',
      { of: envelope(recording, series).id, decision: 'none' },
      '/of',
    ],
    ['says neither what', { of: id }, '/decision'],
    [
      'follows, but says another quantity',
      { of: id, decision: 'followed', quantity: 25 },
      '/quantity',
    ],
    ['follows an order that is not known', { of: unknown.id, decision: 'followed' }, '/decision'],
    [
      'changes nothing',
      { of: id, decision: 'changed', quantity: 24, reason: 'event' },
      '/quantity',
    ],
    ['changes without a quantity', { of: id, decision: 'changed', reason: 'event' }, '/quantity'],
    ['changes without a reason', { of: id, decision: 'changed', quantity: 2 }, '/reason'],
    [
      'orders less than nothing',
      { of: id, decision: 'changed', quantity: -1, reason: 'event' },
      '/quantity',
    ],
    [
      'has a reason of its own',
      { of: id, decision: 'changed', quantity: 2, reason: 'mood' },
      '/reason',
    ],
    ['has a quantity, but decides nothing', { of: id, decision: 'none', quantity: 2 }, '/quantity'],
    ['corrects what is no decision', { of: id, decision: 'none', supersedes: id }, '/supersedes'],
    [
      'has a quantity that is a text',
      { of: id, decision: 'changed', quantity: '2', reason: 'event' },
      '/quantity',
    ],
    ['names somebody else', { of: id, decision: 'none', by: 'p-2' }, '/by'],
  ])('that %s is refused with the field, and nothing is recorded', async (_, said, field) => {
    const before = log.events.length
    const [made] = await decide(said)
    expect(made).toMatchObject({ outcome: 'refused', problems: [{ field }] })
    expect(log.events.length).toBe(before)
  })
})

describe('a decision on a forecast of which CSV said four decimals', () => {
  const long = {
    ...forecast,
    ...envelope(recording, series),
    data: { ...forecast.data, mean: 100.50178910563095 },
  }
  beforeEach(async () => void (await log.append({ events: [long] })))

  it('follows it with what was said, and is recorded as what was forecast', async () => {
    const [made] = await decide({ of: long.id, decision: 'followed', quantity: 100.5018 })
    expect(made).toMatchObject({
      outcome: 'recorded',
      event: { data: { quantity: long.data.mean } },
    })
  })

  it('changes nothing with what was said', async () => {
    const said = { decision: 'changed', quantity: 100.5018, reason: 'event' }
    const [made] = await decide({ of: long.id, ...said })
    expect(made).toMatchObject({ outcome: 'refused', problems: [{ field: '/quantity' }] })
  })
})

it('keeps a decision on a forecast apart from one on an order', async () => {
  const [made] = await decide({ of: forecast.id, decision: 'followed' })
  expect(made).toMatchObject({
    event: { data: { of: { type: 'forecast', id: forecast.id }, quantity: 31.5 } },
  })
})

it('lets what is wrong with one decision of a list say nothing of the others', async () => {
  const made = await decide({ of: order.id, decision: 'followed' }, null, {
    of: forecast.id,
    decision: 'none',
  })
  expect(made.map(({ outcome }) => outcome)).toEqual(['recorded', 'refused', 'recorded'])
})

describe('what was decided before', () => {
  it('counts until a decision says that it corrects it, and a correction is corrected in its turn', async () => {
    const [first] = await decide({ of: order.id, decision: 'none' })
    if (first.outcome !== 'recorded') throw new Error('not recorded')
    expect(await decide({ of: order.id, decision: 'followed' })).toMatchObject([
      { outcome: 'conflict', with: first.event.id, problems: [{ field: '/supersedes' }] },
    ])
    const correction = { of: order.id, decision: 'followed', supersedes: first.event.id }
    const [second] = await decide(correction)
    if (second.outcome !== 'recorded') throw new Error('not recorded')
    expect(second.event.supersedes).toBe(first.event.id)
    expect(await decide({ ...correction, decision: 'none' })).toMatchObject([
      { outcome: 'conflict', with: second.event.id },
    ])
  })

  it('lets one of two that are sent at once be the first', async () => {
    const made = await decide(
      { of: order.id, decision: 'followed' },
      { of: order.id, decision: 'none' },
    )
    expect(made.map(({ outcome }) => outcome)).toEqual(['recorded', 'conflict'])
  })

  it('cannot be corrected by a decision on something else', async () => {
    const [first] = await decide({ of: order.id, decision: 'followed' })
    if (first.outcome !== 'recorded') throw new Error('not recorded')
    const other = { of: forecast.id, decision: 'none', supersedes: first.event.id }
    expect(await decide(other)).toMatchObject([{ outcome: 'refused' }])
  })
})
