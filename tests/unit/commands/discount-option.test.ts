import { expect, it } from 'vitest'
import { parseDiscount } from '../../../src/commands/options.ts'

it.each([
  ['20', 0.2],
  ['20%', 0.2],
  ['12,5 %', 0.125],
  ['0.5%', 0.005],
  ['0', 0],
])('a buyer who asks what if %s were off is understood', (written, share) => {
  expect(parseDiscount(written)).toBeCloseTo(share, 12)
})

it.each(['0.2', '0,2', '100', '120', '-5', '20 off', ''])(
  'a buyer who asks what if %j were off is not guessed at: 0.2 may be 20%%',
  (written) => {
    expect(() => parseDiscount(written)).toThrow(/must be percent of the usual price/)
  },
)
