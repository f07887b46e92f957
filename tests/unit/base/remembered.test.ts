import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BoundedMap, remembered } from '../../../src/base/remembered.ts'

describe('what is remembered', () => {
  it('is made once for each key, of texts and of objects, also where it is nothing much', () => {
    const [one, other] = [{}, {}]
    const made: unknown[] = []
    const make = (value: unknown) => () => {
      made.push(value)
      return value
    }
    const texts = new Map<string, unknown>()
    const objects = new WeakMap<object, unknown>()
    for (let time = 0; time < 2; time++) {
      expect(remembered(texts, 'a', make(0))).toBe(0)
      expect(remembered(texts, 'b', make(''))).toBe('')
      expect(remembered(objects, one, make(false))).toBe(false)
      expect(remembered(objects, other, make('other'))).toBe('other')
    }
    expect(made).toEqual([0, '', false, 'other'])
  })

  it('is not remembered where making it fails: it is tried again', () => {
    const store = new Map<string, number>()
    const fail = () => {
      throw new Error('not yet')
    }
    expect(() => remembered(store, 'a', fail)).toThrow('not yet')
    expect(remembered(store, 'a', () => 1)).toBe(1)
  })
})

describe('a bounded map', () => {
  it('holds the newest, never more than it may, and answers as a map does of what it holds', () => {
    const keys = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1 })
    fc.assert(
      fc.property(keys, fc.integer({ min: 1, max: 5 }), (written, most) => {
        const map = new BoundedMap<number, string>(most)
        for (const key of written) {
          map.set(key, `value ${key}`)
          expect(map.get(key)).toBe(`value ${key}`)
          expect(map.size).toBeLessThanOrEqual(most)
        }
        for (const [key, value] of map) expect(value).toBe(`value ${key}`)
      }),
    )
  })

  it('forgets nothing before it is full, nor where a key is written again', () => {
    const map = new BoundedMap<string, number>(2).set('a', 1).set('b', 2).set('a', 3)
    expect([...map]).toEqual([
      ['a', 3],
      ['b', 2],
    ])
  })
})
