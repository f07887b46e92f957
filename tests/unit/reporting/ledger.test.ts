import { describe, expect, test } from 'vitest'
import type { Language } from '../../../src/base/language.ts'
import type { MadeForecasts } from '../../../src/ledger/forecast-record.ts'
import {
  addForecasts,
  addRuns,
  emptyLeaderboard,
  type Leaderboard,
  MOST_RUNS,
} from '../../../src/ledger/leaderboard.ts'
import type { RunRecord } from '../../../src/ledger/run-record.ts'
import { leaderboardText } from '../../../src/reporting/leaderboard.ts'
import { bigList, interval, kept, made, madeWithOrders, naughty, run } from './examples.ts'
import { expectHarmless, shapeOf } from './harmless.ts'
import { expectApproved, languages } from './languages.ts'

const repository = 'https://github.com/shop/demand'

describe('README of the ledger', () => {
  test('people who open the branch read the same page as was last approved', async () => {
    const page = (of: Leaderboard) => (language: Language) =>
      leaderboardText(of, repository, language)
    await expectApproved('ledger', page(leaderboard()))
    await expectApproved('ledger-empty', page(emptyLeaderboard))
  })

  test('the best of those that can be compared stands first, whenever it ran', () => {
    const page = leaderboardText(leaderboard(), repository, 'en')
    const group = page.slice(page.indexOf('### Against v3'))
    expect(group.indexOf('ridge (penalty 1)')).toBeLessThan(group.indexOf('ridge (penalty 10)'))
  })

  test('an experiment on other sales, or as of another day, is not ranked among these', () => {
    const page = leaderboardText(
      addRuns(emptyLeaderboard, [
        numbered(1),
        numbered(2, { data: '3'.repeat(64) }),
        numbered(3, { asOf: '2026-06-30' }),
      ]),
      repository,
      'en',
    )
    expect(page.match(/On the sales .*$/gm)).toEqual([
      'On the sales 2222222222, as of 2026-06-30; the best first.',
      'On the sales 3333333333; the best first.',
      'On the sales 2222222222; the best first.',
    ])
  })

  test('forecasts that could not be renewed are marked with their age and the reason', () => {
    const stale = addForecasts(emptyLeaderboard, [made(), kept()])
    expect(leaderboardText(stale, repository, 'en')).toContain(
      '⚠️ **These forecasts were 3 days old when newer ones could not be made.** On 2026-11-05: The sales of 2026-11.csv are not readable.',
    )
    const fresh = addForecasts(stale, [made({ at: '2026-11-06T06:00:00.000Z' })])
    expect(leaderboardText(fresh, repository, 'en')).not.toContain('⚠️')
  })

  test('who looks for forecasts finds the newest, and those of an earlier format where they still stand', () => {
    const page = (record: MadeForecasts) =>
      leaderboardText(addForecasts(emptyLeaderboard, [record]), repository, 'en')
    expect(page(made())).toContain(
      '[CSV](https://github.com/shop/demand/blob/ledger/forecasts.csv)',
    )
    const folder = 'forecasts/20261102T060000000Z-0a1b2c3d'
    const files = { csv: `${folder}/forecasts.csv`, json: `${folder}/forecasts.json` }
    const earlier = page(made({ format: 'cd4ml-forecasts/1', files }))
    expect(earlier).toContain(`[CSV](https://github.com/shop/demand/blob/ledger/${files.csv})`)
  })

  test('buyers are led to the order of the day, and told of one that is old or could never be made', () => {
    const page = (...records: MadeForecasts[]) =>
      leaderboardText(addForecasts(emptyLeaderboard, records), repository, 'en')
    const link =
      '[Order of the day: 2026-11-02](https://github.com/shop/demand/blob/ledger/orders.md)'
    expect(page(madeWithOrders())).toContain(
      `\n${link}: 41 products, 1,098 units, 10,819.88 at cost.\n`,
    )
    const orders = { outcome: 'kept' as const, problem: 'ordering.yml: *must* be a mapping' }
    const broken = made({ at: '2026-11-04T06:00:00.000Z', orders })
    expect(page(madeWithOrders(), broken)).toContain(
      `⚠️ **This order was 2 days old when a newer one could not be made.** ${link}`,
    )
    expect(page(broken)).toContain(
      '⚠️ **No order could be made yet.** ordering.yml: \\*must\\* be a mapping\n',
    )
  })

  test('a better model that a check held back does not look promoted', () => {
    const { comparison } = run()
    const held = run({ comparison: { ...comparison!, decision: 'keep' } })
    const page = leaderboardText(addRuns(emptyLeaderboard, [held]), repository, 'en')
    expect(page).toContain('| ⛔ better, but a check failed |')
    expect(page).not.toContain('✅ better')
  })

  test('a full board says where older experiments are, and stays a page that GitHub shows', () => {
    const runs = Array.from({ length: MOST_RUNS }, (_, i) =>
      numbered(i, { data: `${i % 7}`.repeat(64) }),
    )
    const page = leaderboardText(addRuns(emptyLeaderboard, runs), repository, 'en')
    expect(page).toContain(`Older ones than these ${MOST_RUNS} are in \`runs/\`.`)
    expect(page).toMatch(/\d+ more experiments in `leaderboard.json`/)
    expect(page).toMatch(/\d+ older experiments in `leaderboard.json`/)
    expect(page.length).toBeLessThan(65_000)
  })

  test.each(naughty)('branches, models and problems stay text: $what', ({ text }) => {
    expectText(text)
  })

  test('so does everything in the big list of naughty strings', () => bigList.forEach(expectText))

  function expectText(text: string) {
    for (const language of languages) {
      const page = (of: string) => leaderboardText(hostile(of), repository, language)
      expectHarmless(page(text))
      expect(shapeOf(page(text)), text).toEqual(shapeOf(page('plain')))
    }
  }
})

function leaderboard(): Leaderboard {
  const { comparison } = run()
  const { verdict: _, comparison: __, metrics: ___, model: ____, ...broken } = numbered(4)
  const { champion: _____, ...first } = comparison!
  return addForecasts(
    addRuns(emptyLeaderboard, [
      numbered(1, {
        comparison: { ...first, decision: 'keep' },
        verdict: 'worse',
        data: '3'.repeat(64),
      }),
      numbered(2, {
        branch: 'feature/ridge',
        model: 'ridge (penalty 1)',
        metrics: { weightedQuantileLoss: 0.19 },
        comparison: { ...comparison!, difference: interval(-0.15, -0.2, -0.1) },
      }),
      numbered(3),
      { ...broken, exitCode: 2 },
    ]),
    [madeWithOrders(), kept()],
  )
}

function numbered(index: number, overrides: Partial<RunRecord> = {}): RunRecord {
  const startedAt = new Date(Date.UTC(2026, 10, 2, 9) + index * 60_000).toISOString()
  return run({ id: `${startedAt.replaceAll(/[-:.]/g, '')}-0a1b2c3d`, startedAt, ...overrides })
}

function hostile(text: string): Leaderboard {
  const { comparison } = run()
  const { verdict: _, comparison: __, ...broken } = numbered(2, { branch: `${text}x` })
  const runs = [
    numbered(1, {
      branch: `${text}x`,
      model: text,
      data: text,
      comparison: { ...comparison!, champion: { version: 3, model: text } },
    }),
    broken,
  ]
  return addForecasts(addRuns(emptyLeaderboard, runs), [
    made({ model: text, orders: { outcome: 'kept', problem: text } }),
    kept({ problem: text }),
  ])
}
