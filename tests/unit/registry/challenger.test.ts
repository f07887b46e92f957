import fc from 'fast-check'
import { expect, test } from 'vitest'
import { UserError } from '../../../src/base/errors.ts'
import {
  type Fingerprint,
  requireFresh,
  type TrainingRecord,
} from '../../../src/registry/challenger.ts'

const fingerprint: Fingerprint = { data: 'd', contract: 'c', recipe: 'r', asOf: '2026-10-01' }
const trained = (of: Fingerprint) => ({ fingerprint: of }) as TrainingRecord

test('a challenger that was trained on what there is now is compared', () => {
  expect(() => requireFresh(trained(fingerprint), { ...fingerprint })).not.toThrow()
  const { asOf: _, ...now } = fingerprint
  expect(() => requireFresh(trained(now), now)).not.toThrow()
})

test('of a challenger that was trained on something else exactly that is named', () => {
  const parts = fc.subarray(['data', 'contract', 'recipe', 'asOf'] as const, { minLength: 1 })
  fc.assert(
    fc.property(parts, fc.constantFrom('other', undefined), (changed, other) => {
      const now = { ...fingerprint, ...Object.fromEntries(changed.map((part) => [part, other])) }
      expect(() => requireFresh(trained(fingerprint), now as Fingerprint)).toThrow(
        new UserError(`the challenger was trained with another ${changed.join(', ')}`, {
          remedy: 'Run cd4ml train again, with the same options as this command.',
        }),
      )
      expect(() => requireFresh(trained(now as Fingerprint), fingerprint)).toThrow(UserError)
    }),
  )
})
