import fc from 'fast-check'
import { expect, it } from 'vitest'
import { untrustedJson } from '../../../../src/service/http/untrusted-json.ts'

it('hands on what any program has written, as it was written', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      const text = JSON.stringify(value)
      fc.pre(!/__proto__|constructor/.test(text))
      expect(JSON.stringify(untrustedJson(text))).toBe(text)
    }),
  )
})

it.each([1, 10_000, 1_000_000])(
  'takes no list of 20 and %d more levels, and does not fail over it',
  (more) => {
    const levels = 20 + more
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ]) {
      const text = `${open.repeat(levels)}1${close.repeat(levels)}`
      expect(() => untrustedJson(text)).toThrow('more than 20 levels')
    }
  },
)

it('takes no object of more than 1,000 keys, and is not held up by one of a million', () => {
  const object = (keys: number) =>
    `{${Array.from({ length: keys }, (_, i) => `"k${i}":[0,{"a":1}]`).join(',')}}`
  expect(untrustedJson(object(1000))).toBeDefined()
  expect(() => untrustedJson(object(1001))).toThrow('more than 1000 keys')
  // It is refused before it is made.
  expect(() => untrustedJson(`[${object(500_000)},no JSON`)).toThrow('more than 1000 keys')
})

it('takes 20 levels', () => {
  expect(untrustedJson(`${'['.repeat(20)}1${']'.repeat(20)}`)).toBeDefined()
})

it.each([
  '{"__proto__":{"admin":true}}',
  '{"\\u005f_proto__":1}',
  '[{"a":{"__proto__":null}}]',
  '{"constructor":{"prototype":{"admin":true}}}',
])('takes no key that would change all objects: %s', (text) => {
  expect(() => untrustedJson(text)).toThrow(/it has a key (__proto__|constructor)/)
})

it.each(['{"constructor":"Bauunternehmen"}', '{"prototype":1}', '["__proto__"]', '{"a":{}}'])(
  'takes such a word where it is none: %s',
  (text) => expect(untrustedJson(text)).toEqual(JSON.parse(text)),
)

it.each(['{"a":1,"a":1}', '[{"b":{"a":1,"\\u0061":2}}]', '{"":1,"":2}', '{"a\\\\":1,"a\\\\":2}'])(
  'does not choose between two things that %s says under one key',
  (text) => expect(() => untrustedJson(text)).toThrow('the same key twice'),
)

it.each(['{"a":{"a":[{"a":":"}]}}', '{"a\\"":1,"b":"\\\\"}', '["a:b"]', '["{[\\"{["]'])(
  'knows keys from what looks like them in texts: %s',
  (text) => expect(untrustedJson(text)).toEqual(JSON.parse(text)),
)

it.each(['{', '', 'NaN', "{'a':1}", '{"a":1,}', '\ufeff{}', '1 2'])(
  'says of %j that it is no JSON',
  (text) => expect(() => untrustedJson(text)).toThrow('The body is no JSON that can be read'),
)
