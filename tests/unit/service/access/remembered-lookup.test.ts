import { expect, it } from 'vitest'
import { LedgerUnavailable } from '../../../../src/ledger/events/event-log.ts'
import { rememberedLookup } from '../../../../src/service/access/remembered-lookup.ts'

/** A database that counts how often it is asked, and can be lost. */
function database() {
  const state = {
    known: new Map([['a', 'Ana']]),
    asked: 0,
    lost: false,
    now: Date.parse('2026-03-02T12:00:00Z'),
  }
  const lookup = rememberedLookup(
    async (key) => {
      state.asked++
      if (state.lost) throw new Error('connection refused')
      return state.known.get(key)
    },
    () => new Date(state.now),
  )
  return { state, ...lookup }
}

it('asks once for all that ask in the same moment, so that many clients with one token cost one look', async () => {
  const { state, find } = database()
  expect(await Promise.all(Array.from({ length: 50 }, () => find('a')))).toEqual(
    Array(50).fill('Ana'),
  )
  expect(state.asked).toBe(1)
})

it('never answers from before somebody asked: what was taken away meanwhile is gone', async () => {
  const { state, find } = database()
  expect(await find('a')).toBe('Ana')
  const asking = find('a')
  state.known.delete('a')
  expect(await asking).toBeUndefined()
})

it('lets who was known go on for an hour while the database is lost, and nobody new in', async () => {
  const { state, find } = database()
  await find('a')
  state.lost = true
  expect(await find('a')).toBe('Ana')
  await expect(find('b')).rejects.toThrow(LedgerUnavailable)
  state.now += 3_600_001
  await expect(find('a')).rejects.toThrow(LedgerUnavailable)
  state.lost = false
  state.now += 1001
  expect(await find('a')).toBe('Ana')
})

it('does not wait for a lost database again with every request', async () => {
  const { state, find } = database()
  await find('a')
  state.lost = true
  for (let i = 0; i < 10; i++) await find('a')
  expect(state.asked).toBe(2)
  state.now += 1001
  state.lost = false
  state.known.set('a', 'Ana Souza')
  expect(await find('a')).toBe('Ana Souza')
})

it('forgets whom it has not seen the longest, so that memory does not grow with who asks', async () => {
  const { state, find, knows } = database()
  for (let i = 0; i < 10_001; i++) state.known.set(`k${i}`, 'somebody')
  for (let i = 0; i < 10_001; i++) await find(`k${i}`)
  expect([knows('k0'), knows('k1'), knows('k10000')]).toEqual([false, true, true])
})
