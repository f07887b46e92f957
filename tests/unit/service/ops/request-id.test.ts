import { expect, it } from 'vitest'
import { requestId } from '../../../../src/service/ops/logging.ts'

it.each(['a', '0af7651916cd43dd8448eb211c80319c', 'Root_1-67891233.abcdef', 'x'.repeat(64)])(
  'goes on with the id that a proxy gave: %s',
  (given) => expect(requestId({ headers: { 'x-request-id': given } })).toBe(given),
)

it.each([
  '',
  'x'.repeat(65),
  'a b',
  'a\nb',
  'ação',
  '"}',
  '<script>',
  'a/b',
  ['a', 'b'],
  undefined,
])('takes no id that would spoil a log or a header: %j', (given) => {
  expect(requestId({ headers: { 'x-request-id': given } })).toMatch(/^[0-9a-f-]{36}$/)
})
