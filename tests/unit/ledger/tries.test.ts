import { describe, expect, test } from 'vitest'
import type { RunRecord } from '../../../src/ledger/run-record.ts'
import { type Try, tryNumber } from '../../../src/ledger/tries.ts'
import { run } from '../reporting/examples.ts'

const champion = made(0)

describe('number of a try', () => {
  test('who tries seven recipes against one champion is told that the seventh is the seventh', () => {
    const earlier = [1, 2, 3, 4, 5, 6].map((recipe) => compared(made(recipe)))
    expect(tryNumber(earlier, made(7), champion)).toBe(7)
    expect(tryNumber([], made(7), champion)).toBe(1)
  })

  test('comparing the same challenger again changes nothing: it keeps its place', () => {
    const earlier = [1, 2, 2, 3, 2].map((recipe) => compared(made(recipe)))
    expect(tryNumber(earlier, made(2), champion)).toBe(2)
    expect(tryNumber(earlier, made(4), champion)).toBe(4)
  })

  test('the same recipe and code on newer sales is the same try', () => {
    const earlier = [1, 2, 3].map((recipe) => compared(made(recipe)))
    expect(tryNumber(earlier, { ...made(2), model: model(99) }, champion)).toBe(2)
  })

  test('50 ways to write one recipe, on the same sales, are one try', () => {
    const written = Array.from({ length: 50 }, (_, i) => ({ ...made(1), recipe: `written ${i}` }))
    const earlier = written.map((it) => compared(it))
    expect(tryNumber(earlier, written[49], champion)).toBe(1)
    expect(tryNumber(earlier, made(2), champion)).toBe(2)
  })

  test('the same recipe with other code is another try', () => {
    const earlier = [compared(made(1))]
    const other = { ...made(1), model: model(99), code: 'c'.repeat(40) }
    expect(tryNumber(earlier, other, champion)).toBe(2)
  })

  test('what is not committed is known by its model alone', () => {
    const { code: _, ...uncommitted } = made(1)
    expect(tryNumber([compared(uncommitted)], uncommitted, champion)).toBe(1)
    expect(tryNumber([compared(uncommitted)], { ...uncommitted, model: model(2) }, champion)).toBe(
      2,
    )
  })

  test('a retraining of what is in production is no experiment: it neither counts nor is counted', () => {
    const refreshed = { ...champion, model: model(50) }
    expect(tryNumber([], refreshed, champion)).toBeUndefined()
    expect(tryNumber([], champion, champion)).toBeUndefined()
    expect(tryNumber([compared(refreshed), compared(champion)], made(1), champion)).toBe(1)
  })

  test('a new champion begins a new campaign, and so does the first model of all', () => {
    const earlier = [compared(made(1)), compared(made(2))]
    expect(tryNumber(earlier, made(3), made(1))).toBe(1)
    expect(tryNumber(earlier, made(3), undefined)).toBe(1)
    expect(tryNumber([compared(made(1), 'nothing')], made(3), undefined)).toBe(2)
  })

  test('trainings, failures and records of before tries were counted are no tries', () => {
    const { challenger: _, ...old } = run().comparison!
    const { comparison: __, ...failed } = run({ exitCode: 2 })
    const none = [
      { ...compared(made(1)), kind: 'train' as const },
      run({ comparison: old }),
      failed,
    ]
    expect(tryNumber(none, made(2), champion)).toBe(1)
  })
})

describe('records that a hostile job made up', () => {
  const url = 'https://github.com/shop/demand/actions/runs/666'
  const forged = (recipe: number) => compared(made(recipe), champion, url)

  test('a thousand of them from one run of a workflow are one try', () => {
    const flood = Array.from({ length: 1000 }, (_, i) => forged(100 + i))
    expect(tryNumber(flood, made(1), champion)).toBe(2)
  })

  test('they do not make 50 recipes one try: each still counts in its own run', () => {
    const linked = Array.from({ length: 50 }, (_, i) => forged(1 + i))
    const honest = Array.from({ length: 49 }, (_, i) => compared(made(1 + i)))
    expect(tryNumber([...linked, ...honest], made(50), champion)).toBe(50)
  })

  test('who claims the recipe of one try and the model of another is the later one', () => {
    const earlier = [1, 2, 3].map((recipe) => compared(made(recipe)))
    expect(tryNumber(earlier, { ...made(1), model: model(3) }, champion)).toBe(3)
  })
})

function made(recipe: number): Try {
  return { model: model(recipe), recipe: `recipe ${recipe}`, code: 'a'.repeat(40) }
}

function model(number: number): string {
  return number.toString(16).padStart(64, '0')
}

let runs = 0

function compared(
  { recipe, ...challenger }: Try,
  reference: Try | 'nothing' = champion,
  url = `https://github.com/shop/demand/actions/runs/${++runs}`,
): RunRecord {
  const { champion: _, ...comparison } = run().comparison!
  return run({
    recipe,
    workflow: { url, event: 'push' },
    comparison: {
      ...comparison,
      challenger,
      ...(reference !== 'nothing' && {
        champion: { version: 3, model: 'ridge', digest: reference.model },
      }),
    },
  })
}
