import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Computer,
  fitKey,
  panelDigest,
  thisComputer,
} from '../../../src/evaluation/search/fit-key.ts'
import type { FitTask } from '../../../src/evaluation/search/fit-task.ts'
import { contextOf, panelOf } from '../forecasting/panels.ts'

/** All that a fit follows from; only the name of the panel within one process is no part of it. */
type Origins = { task: Omit<FitTask, 'panelKey'>; computer: Computer }

describe('the key of a fit', () => {
  it('is another one after any change of what the fit follows from', () => {
    const changes = changesOf(origins())
    expect(changes.length).toBeGreaterThan(60)
    const keys = changes.map(({ change }) => keyOf(changed(change)))
    expect(new Set([...keys, keyOf(origins())]).size).toBe(changes.length + 1)
  })

  it('is another one for other numbers in the panel, however little they differ', () => {
    const names = ['units', 'stockedShare', 'firstShare', 'price', 'weekdayShares'] as const
    const key = keyOf(origins())
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.nat(),
        fc.double(),
        fc.double(),
        (name, at, one, other) => {
          fc.pre(!Object.is(one, other))
          const withValue = (value: number) =>
            keyOf(
              changed(({ task }) => {
                const values = task.panel[name]
                values[at % values.length] = value
              }),
            )
          expect(withValue(one)).not.toBe(withValue(other))
          expect([withValue(one), withValue(other)].filter((it) => it === key).length).toBeLessThan(
            2,
          )
        },
      ),
    )
  })

  it('is another one where the same numbers stand in another array, row or order', () => {
    const twisted: ((it: Origins) => void)[] = [
      ({ task: { panel } }) => {
        ;[panel.units, panel.price] = [panel.price, panel.units]
      },
      ({ task: { panel } }) => panel.units.reverse(),
      ({ task: { panel } }) => panel.series.reverse(),
      ({ task: { panel } }) => {
        ;[panel.series[0].name, panel.series[0].category] = ['bakery', 'Bread']
      },
      ({ task: { panel } }) => {
        panel.series = panel.series.flatMap((it) => [it, it])
        panel.periods /= 2
      },
    ]
    const keys = twisted.map((twist) => keyOf(changed(twist)))
    expect(new Set([...keys, keyOf(origins())]).size).toBe(twisted.length + 1)
  })

  it('is the same for the same content, whoever made it and in whichever order', () => {
    const other = origins()
    const { panel, candidate, context } = other.task
    const shared = new Float64Array(new SharedArrayBuffer(8 * (panel.units.length + 3)), 8)
    shared.set(panel.units)
    other.task = {
      context: backwards(context),
      candidate: { settings: backwards(candidate.settings), family: candidate.family },
      panel: backwards({ ...panel, units: shared.subarray(0, panel.units.length) }),
    }
    other.computer = backwards(other.computer)
    expect(keyOf(other)).toBe(keyOf(origins()))
  })

  it('is made with the code, Node and time zone that are at work', async () => {
    const { code, ...computer } = await thisComputer()
    expect(code).toMatch(/^[0-9a-f]{64}$/)
    expect(computer).toEqual({
      node: process.version,
      architecture: `${process.platform} ${process.arch}`,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    })
  })
})

function origins(): Origins {
  const panel = panelOf([
    [1, 2, 3, 4],
    [Number.NaN, 5, 6, 7],
  ])
  const described = { productId: 'P1', storeId: 'S1', name: 'Bread', category: 'bakery' }
  return {
    task: {
      panel: { ...panel, series: [described, { ...described, productId: 'P2' }] },
      candidate: { family: 'boosted-trees', settings: { trees: 160, power: 1.3, season: 'none' } },
      context: contextOf('week', 3),
    },
    computer: { code: 'c0de', node: 'v24.1.0', architecture: 'linux x64', timeZone: 'UTC' },
  }
}

function changed(change: (it: Origins) => void): Origins {
  const other = origins()
  change(other)
  return other
}

function keyOf({ task, computer }: Origins): string {
  return fitKey(task, panelDigest(task.panel), computer)
}

/** One for each value within, wherever it stands, and one for each that is taken away. */
function changesOf(value: object, path: string[] = []) {
  const found: { path: string; change: (it: Origins) => void }[] = []
  for (const [key, inner] of Object.entries(value)) {
    const here = [...path, key]
    const at = (it: object) => path.reduce((holder, name) => Reflect.get(holder, name), it)
    if (typeof inner === 'object') found.push(...changesOf(inner, here))
    else {
      const other = typeof inner === 'number' ? (Number.isNaN(inner) ? 0 : inner + 1) : `${inner}!`
      found.push({ path: here.join('.'), change: (it) => Reflect.set(at(it), key, other) })
    }
    if (!ArrayBuffer.isView(value) && typeof inner !== 'object') {
      found.push({
        path: `${here.join('.')} taken away`,
        change: (it) => Reflect.deleteProperty(at(it), key),
      })
    }
  }
  return found
}

function backwards<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).reverse()) as T
}
