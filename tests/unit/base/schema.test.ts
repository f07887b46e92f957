import { Type } from 'typebox'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/base/errors.ts'
import { checker, parseJson } from '../../../src/base/schema.ts'
import { object, record, union } from '../../../src/base/schema-parts.ts'

const check = checker(
  object({
    horizon: Type.Optional(Type.Integer()),
    families: Type.Optional(Type.Array(Type.Unknown(), { maxItems: 1 })),
  }),
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
    const format = Type.Literal('cd4ml-thing/2')
    const thing = checker(object({ format, lineage: object({ day: Type.String() }) }))
    expect(() => thing({ format: 'cd4ml-thing/1', lineage: {} }, 'thing.json')).toThrow(
      'thing.json: format: must be "cd4ml-thing/2", but is "cd4ml-thing/1"',
    )
    expect(() => thing({ format: 1, lineage: {} }, 'thing.json')).toThrow(
      'thing.json: format: must be "cd4ml-thing/2", but is 1',
    )
  })

  it('cuts a long value short, so that the message can be read', () => {
    const value = { horizon: 'x'.repeat(1_000_000) }
    expect(() => check(value, 'recipe.yml')).toThrow(/^.{0,200}\n.*$/)
  })
})

describe('a union', () => {
  const dog = object({ animal: Type.Literal('dog'), legs: Type.Integer() })
  const bird = object({ animal: Type.Enum(['hen', 'owl']), wings: Type.Integer() })
  const zoo = checker(object({ pet: union('animal', [dog, bird]) }))

  it('hands on either member', () => {
    expect(zoo({ pet: { animal: 'dog', legs: 4 } }, 'zoo.json').pet).toHaveProperty('legs', 4)
    expect(zoo({ pet: { animal: 'owl', wings: 2 } }, 'zoo.json').pet).toHaveProperty('wings', 2)
  })

  it.each([
    [{ animal: 'dog', legs: 'four' }, 'zoo.json: pet.legs: must be integer, but is "four"'],
    [{ animal: 'owl', legs: 4, wings: 2 }, 'zoo.json: pet: must not have the key "legs"'],
    [{ animal: 'cat' }, 'zoo.json: pet.animal: must be one of dog, hen, owl, but is "cat"'],
    [{ legs: 4 }, 'zoo.json: pet.animal: must be one of dog, hen, owl, but is missing'],
    ['dog', 'zoo.json: pet: must be object, but is "dog"'],
  ])('says of %j what is wrong with the member that was meant', (pet, message) => {
    expect(() => zoo({ pet }, 'zoo.json')).toThrow(message)
  })

  it('of kinds of value names all that may stand there', () => {
    const list = checker(object({ value: Type.Union([Type.Number(), Type.Boolean()]) }))
    expect(() => list({ value: 'x' }, 'a.yml')).toThrow(
      'value: must be number or boolean, but is "x"',
    )
  })
})

it('checks the values of a record whatever their keys are, also of one with a line end', () => {
  const sizes = checker(record(Type.Integer()))
  expect(sizes({ a: 1, 'b\nc': 2 }, 'sizes.json')).toEqual({ a: 1, 'b\nc': 2 })
  expect(() => sizes({ 'b\nc': 'two' }, 'sizes.json')).toThrow('must be integer')
})

it('names the file of text that is not JSON', () => {
  expect(() => parseJson('{"a": ', 'model.json')).toThrow(/^model\.json: is not valid JSON/)
})

function nested(depth: number): unknown {
  return JSON.parse('['.repeat(depth) + ']'.repeat(depth))
}
