import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { numbersIn } from '../../../../src/reporting/texts/numbers.ts'
import { typedQuantity } from '../../../../src/service/page/quantity.ts'
import { bigList, naughty } from '../../reporting/examples.ts'

describe('a quantity that a buyer types', () => {
  it.each([
    ['24', 24],
    [' 24 ', 24],
    ['0', 0],
    ['1,5', 1.5],
    ['1.5', 1.5],
    ['0,125', 0.125],
    ['0.125', 0.125],
    ['1234,5', 1234.5],
    ['1.234,5', 1234.5],
    ['1,234.5', 1234.5],
    ['1.234.567', 1_234_567],
    ['1,234,567', 1_234_567],
    ['1.234.567,89', 1_234_567.89],
    ['1234.567', 1234.567],
  ])('%s is read as it is meant, in Brazil and elsewhere', (text, quantity) => {
    expect(typedQuantity(text)).toEqual({ outcome: 'read', quantity })
  })

  it.each(['1.234', '1,234', '12.000', '999,999'])(
    '%s is asked about: to some it is a thousand times what it is to others',
    (text) => expect(typedQuantity(text).outcome).toBe('ambiguous'),
  )

  it.each([
    ...['-1', '+1', '1e3', '0x10', 'Infinity', 'NaN', '1..5', '1,5,5', '12.34,5', '1.23.456', '.5'],
    ...['5.', '١٢', '１２', '1 234', "1'000", '24 un', '½', '1,2345', 'null', '=1+1'],
  ])('%j is none', (text) => expect(typedQuantity(text)).toEqual({ outcome: 'no number' }))

  it('that is empty is missing, and one that no chain buys is too large', () => {
    expect(typedQuantity('  ')).toEqual({ outcome: 'missing' })
    expect(typedQuantity('9'.repeat(18))).toEqual({ outcome: 'too large' })
  })

  it('is read as the page writes it, or asked about, but never as something else', () => {
    const thousandths = fc.integer({ min: 0, max: 1e9 }).map((n) => n / 1000)
    fc.assert(
      fc.property(thousandths, fc.constantFrom('en' as const, 'pt-BR' as const), (n, language) => {
        const typed = typedQuantity(numbersIn[language].amount(n))
        if (typed.outcome === 'ambiguous') expect([typed.whole, typed.decimal]).toContain(n)
        else expect(typed).toEqual({ outcome: 'read', quantity: n })
      }),
    )
  })

  it('is a number within bounds or refused, whatever comes', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(...bigList, ...naughty.map(({ text }) => text)),
      fc.array(fc.constantFrom('0', '1', '9', '.', ',', ' ', '-')).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const typed = typedQuantity(text)
        if (typed.outcome !== 'read') return
        expect(typed.quantity).toBeGreaterThanOrEqual(0)
        expect(typed.quantity).toBeLessThanOrEqual(1e9)
      }),
    )
  })
})
