import { expect, test } from 'vitest'
import { UserError, unlessMistaken } from '../../../src/base/errors.ts'

const mistaken = () => {
  throw new UserError('is no model')
}
const broken = () => {
  throw new TypeError('undefined is not a function')
}

test('what is optional is taken where it can be, and left where a mistake of a person stops it', async () => {
  expect(unlessMistaken(() => 0)).toBe(0)
  expect(unlessMistaken(mistaken)).toBeUndefined()
  expect(await unlessMistaken(async () => 0)).toBe(0)
  expect(await unlessMistaken(async () => mistaken())).toBeUndefined()
})

test('a bug is not taken for something that is only left out', async () => {
  expect(() => unlessMistaken(broken)).toThrow(TypeError)
  await expect(unlessMistaken(async () => broken())).rejects.toThrow(TypeError)
})
