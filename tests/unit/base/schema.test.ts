import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/base/errors.ts'
import { checker, parseJson } from '../../../src/base/schema.ts'

const check = checker<{ horizon: number }>(
  {
    type: 'object',
    additionalProperties: false,
    properties: { horizon: { type: 'integer' }, families: { type: 'array', maxItems: 1 } },
  },
  'Write a whole number.',
)

describe('a schema', () => {
  it('hands on what satisfies it', () => {
    expect(check({ horizon: 3 }, 'recipe.yml')).toEqual({ horizon: 3 })
  })

  it.each([
    [
      'a word for a number',
      { horizon: 'ten' },
      'recipe.yml: horizon: must be integer, but is "ten"',
    ],
    [
      'infinity',
      { horizon: Number.POSITIVE_INFINITY },
      'recipe.yml: horizon: must be integer, but is Infinity',
    ],
    ['NaN', { horizon: Number.NaN }, 'recipe.yml: horizon: must be integer, but is NaN'],
    ['null', null, 'recipe.yml: must be object, but is null'],
    [
      'a prototype as a key',
      JSON.parse('{"__proto__": {"horizon": 3}}'),
      'recipe.yml: must not have the key "__proto__"',
    ],
    ['deep nesting', { horizon: nested(100_000) }, 'must be integer, but is [ [ ['],
  ])('refuses %s, and says where and what to do', (_what, value, message) => {
    expect(() => check(value, 'recipe.yml')).toThrow(UserError)
    expect(() => check(value, 'recipe.yml')).toThrow(message)
    expect(() => check(value, 'recipe.yml')).toThrow('Write a whole number.')
  })

  it('says of a file of another format just that, whatever else it lacks', () => {
    const format = { const: 'cd4ml-thing/2' }
    const lineage = { type: 'object', required: ['day'], properties: { day: {} } }
    const thing = checker({ type: 'object', properties: { format, lineage } })
    expect(() => thing({ format: 'cd4ml-thing/1', lineage: {} }, 'thing.json')).toThrow(
      'thing.json: format: must be "cd4ml-thing/2", but is "cd4ml-thing/1"',
    )
  })

  it('cuts a long value short, so that the message can be read', () => {
    const value = { horizon: 'x'.repeat(1_000_000) }
    expect(() => check(value, 'recipe.yml')).toThrow(/^.{0,200}\n.*$/)
  })
})

it('names the file of text that is not JSON', () => {
  expect(() => parseJson('{"a": ', 'model.json')).toThrow(/^model\.json: is not valid JSON/)
})

function nested(depth: number): unknown {
  return JSON.parse('['.repeat(depth) + ']'.repeat(depth))
}
