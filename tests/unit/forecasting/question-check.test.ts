import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { questionCheck } from '../../../src/forecasting/question-check.ts'
import { type QuestionSchema, questionSchema } from '../../../src/forecasting/question-schema.ts'

const plain = questionSchema([{ storeId: '1' }])
const pricing: QuestionSchema = {
  ...plain,
  properties: {
    ...plain.properties,
    price: { type: 'number', exclusiveMinimum: 0, maximum: 1000 },
    promotion: { type: 'boolean' },
    weather: { type: 'string', enum: ['dry', 'wet'] },
    voucher: { type: 'string', pattern: '^(a+)+$', maxLength: 9000 },
  },
  required: ['product', 'price'],
}
const question = { product: '1042', month: '2026-12' }
const checked = questionCheck(pricing)
const fields = (asked: unknown) => checked(asked).map(({ field }) => field)

describe('a question is checked by what the model itself can be asked', () => {
  it.each<[string, object, string[]]>([
    ['all that is needed', { price: 4.5 }, []],
    ['all that can be said', { price: 4.5, promotion: true, weather: 'wet', voucher: 'aa' }, []],
    ['what it needs missing', {}, ['/price']],
    ['a price in words', { price: '4.50' }, ['/price']],
    ['a price of nothing', { price: 0 }, ['/price']],
    ['a price without end', { price: Number.POSITIVE_INFINITY }, ['/price']],
    ['a price that is no number', { price: Number.NaN }, ['/price']],
    ['weather that nobody knows', { price: 1, weather: 'odd' }, ['/weather']],
    ['two mistakes', { price: -1, promotion: 'yes' }, ['/price', '/promotion']],
    ['something else', { price: 1, discount: 2 }, ['/discount']],
  ])('with %s', (_, more, wrong) => {
    expect(fields({ ...question, ...more }).sort()).toEqual(wrong)
  })

  it('in terms of who asks: which fields stand for each other', () => {
    expect(questionCheck(plain)({ product: '1042', from: '2026-12-01' })).toEqual([
      { field: '', came: 'from', expected: 'must have either month, or from and to' },
    ])
    expect(questionCheck(plain)({ product: '1042', month: '12/2026' })).toEqual([
      { field: '/month', came: '"12/2026"', expected: 'must be a month, such as 2026-12' },
    ])
  })

  it('in time that grows with its length alone, by a pattern that would take others forever', () => {
    expect(fields({ ...question, price: 1, voucher: `${'a'.repeat(8000)}!` })).toEqual(['/voucher'])
  })

  it('in one sentence where it has keys without end', () => {
    const keys = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`key${i}`, i]))
    expect(checked({ ...question, price: 1, ...keys })).toEqual([
      {
        field: '',
        came: '10,003 keys',
        expected: expect.stringContaining('no keys but product, store, from, to, month, price'),
      },
    ])
  })

  it('whatever comes: it is refused or taken, and no error', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (anything) => {
        expect(checked(anything).length).toBeGreaterThan(0)
      }),
    )
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const taken = checked({ ...question, price: 1, promotion: json })
        expect(taken.length === 0).toBe(typeof json === 'boolean')
      }),
    )
  })
})
