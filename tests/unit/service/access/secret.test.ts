import { expect, it } from 'vitest'
import {
  formTokenOf,
  isSecret,
  newSecret,
  secretHash,
} from '../../../../src/service/access/secret.ts'

it('makes secrets of 256 bits that never recur, and tells what each is for', () => {
  const made = Array.from({ length: 1000 }, () => newSecret('token'))
  expect(new Set(made).size).toBe(1000)
  expect(Buffer.from(made[0].slice('cd4ml_'.length), 'base64url')).toHaveLength(32)
  expect([isSecret('token', made[0]), isSecret('session', made[0])]).toEqual([true, false])
})

it.each([
  '',
  'cd4ml_',
  `cd4ml_${'a'.repeat(42)}`,
  `cd4ml_${'a'.repeat(44)}`,
  `cd4ml_${'ä'.repeat(43)}`,
])('takes no text for a secret that cannot be one: %s', (text) =>
  expect(isSecret('token', text)).toBe(false),
)

it('keeps of a secret what does not lead back to it, and gives forms something else', () => {
  const secret = newSecret('session')
  expect(secretHash(secret)).toMatch(/^[0-9a-f]{64}$/)
  expect(Buffer.from(formTokenOf(secret), 'base64url').toString('hex')).not.toBe(secretHash(secret))
})
