import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import type { QuestionSchema } from '../../../../src/forecasting/question-schema.ts'
import { questionSchema } from '../../../../src/forecasting/question-schema.ts'
import { questionForm, typedQuestion } from '../../../../src/service/page/question-form.ts'
import { bigList } from '../../reporting/examples.ts'

const plain = questionSchema([{ storeId: 'Norte' }])
const schema: QuestionSchema = {
  ...plain,
  properties: {
    ...plain.properties,
    price: { type: 'number', exclusiveMinimum: 0, 'x-title': { en: 'Price', 'pt-BR': 'Preço' } },
    shops: { type: 'integer' },
    promotion: { type: 'boolean' },
    weather: { type: 'string', enum: ['dry', 'wet'] },
  },
}

const typed = (fields: Record<string, string>) =>
  typedQuestion(schema, new Map(Object.entries(fields).map(([name, it]) => [`in.${name}`, it])))

describe('a question as it was typed', () => {
  it('has the values that the model takes', () => {
    const all = {
      from: '2026-12-01',
      price: '1.234,50',
      shops: '3',
      promotion: 'yes',
      weather: 'wet',
    }
    expect(typed(all)?.question).toEqual({
      ...{ from: '2026-12-01', price: 1234.5, shops: 3, promotion: true, weather: 'wet' },
    })
  })

  it('may write days and months as in Brazil, where no browser has a calendar', () => {
    expect(typed({ from: '1/12/2026', month: '12/2026' })?.question).toEqual({
      from: '2026-12-01',
      month: '2026-12',
    })
  })

  it('keeps what is no such value, for the model to say what it expects', () => {
    const odd = { price: '1.234', shops: 'three', promotion: 'maybe', from: 'tomorrow' }
    expect(typed(odd)?.question).toEqual(odd)
  })

  it('is none where nothing was typed, and takes no field that the model does not have', () => {
    expect(typed({})).toBeUndefined()
    expect(
      typed({ from: '  ', product: '7', store: 'x', other: '1', __proto__: '1' }),
    ).toBeUndefined()
  })
})

describe('the form of a question', () => {
  const shown = (options: Partial<Parameters<typeof questionForm>[1]> = {}) =>
    parseHTML(
      `<html><body>${questionForm(schema, { action: '/products/7', given: {}, asked: undefined, language: 'en', ...options })}</body></html>`,
    ).document

  it('has a field with a label for each input, of a kind that suits it', () => {
    const document = shown()
    const fields = [...document.querySelectorAll('[name]')].map((field) => [
      document.querySelector(`label[for="${field.id}"]`)?.textContent,
      field.getAttribute('type') ?? field.localName,
    ])
    expect(fields).toEqual([
      ['Month', 'month'],
      ['From', 'date'],
      ['To', 'date'],
      ['Price', 'text'],
      ['shops', 'text'],
      ['promotion', 'select'],
      ['weather', 'select'],
    ])
    expect(document.querySelector('form > p')?.textContent).toBe('Fill in Month, or From and To.')
  })

  it('comes back with whatever was typed, and says beside each field what is wrong with it', () => {
    for (const text of bigList.map((it) => it.trim().slice(0, 200)).filter(Boolean)) {
      const problems = [{ field: '/price', came: text, expected: 'must be number' }]
      const document = shown({ asked: typed({ price: text }), problems })
      const field = document.getElementById('in.price')!
      expect(field.getAttribute('aria-invalid')).toBe('true')
      const described = field.getAttribute('aria-describedby')!
      expect(document.getElementById(described)?.textContent).toContain('Write another number')
      expect(document.querySelectorAll('[autofocus]')).toHaveLength(1)
    }
  })
})
