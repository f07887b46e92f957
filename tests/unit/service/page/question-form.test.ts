import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { dayFromIso } from '../../../../src/base/day.ts'
import type { Language } from '../../../../src/base/language.ts'
import type { QuestionSchema } from '../../../../src/forecasting/question-schema.ts'
import { questionSchema } from '../../../../src/forecasting/question-schema.ts'
import type { RefusedQuestion } from '../../../../src/service/engine/engine.ts'
import { questionForm, typedQuestion } from '../../../../src/service/page/question-form.ts'
import { bigList } from '../../reporting/examples.ts'

const plain = questionSchema([{ storeId: 'Norte' }])
const schema: QuestionSchema = {
  ...plain,
  properties: {
    ...plain.properties,
    price: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1000.5,
      'x-title': { en: 'Price', 'pt-BR': 'Preço' },
    },
    shops: { type: 'integer' },
    promotion: { type: 'boolean' },
    weather: { type: 'string', enum: ['dry', 'wet'] },
    note: { type: 'string', pattern: '^[a-z]+$' },
  },
}

const typed = (fields: Record<string, string>, language: Language = 'pt-BR') =>
  typedQuestion(schema, new Map(Object.entries(fields).map(([name, it]) => [`in.${name}`, it])), {
    language,
    today: dayFromIso('2026-11-02')!,
  })

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
    expect(typed({ to: '24.12.2026', month: 'dez/2026' })?.question).toEqual({
      to: '2026-12-24',
      month: '2026-12',
    })
    expect(typed({ month: 'Março' })?.question).toEqual({ month: '2027-03' })
  })

  it('keeps a day that may be another where both are written', () => {
    expect(typed({ from: '1/12/2026', to: '24/12/2026' }, 'en')?.question).toEqual({
      from: '1/12/2026',
      to: '2026-12-24',
    })
  })

  it('takes no other text for a day or a month', () => {
    expect(typed({ note: '12/2026' })?.question).toEqual({ note: '12/2026' })
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
      ['note', 'text'],
    ])
    expect(document.querySelector('form > p')?.textContent).toBe('Fill in Month, or From and To.')
  })

  it('shows days and months as its reader writes them, so that they are taken when written so', () => {
    const document = shown({ language: 'pt-BR' })
    const hints = ['month', 'from', 'to'].map(
      (name) => document.getElementById(`about.in.${name}`)?.textContent,
    )
    expect(hints).toEqual([
      'Em vez de dias: um mês, como dez/2026.',
      'O primeiro dia, como 01/12/2026.',
      'O último dia, como 24/12/2026.',
    ])
    const written = { month: 'dez/2026', from: '01/12/2026', to: '24/12/2026' }
    expect(typed(written)?.question).toEqual({
      month: '2026-12',
      from: '2026-12-01',
      to: '2026-12-24',
    })
  })

  it('comes back with whatever was typed, and says beside each field what is wrong with it', () => {
    for (const text of bigList.map((it) => it.trim().slice(0, 200)).filter(Boolean)) {
      const problems = [{ field: '/price', came: text, expected: 'must be number' }]
      const document = shown({
        asked: typed({ price: text }),
        refused: { outcome: 'refused', problems },
      })
      const field = document.getElementById('in.price')!
      expect(field.getAttribute('aria-invalid')).toBe('true')
      const described = field.getAttribute('aria-describedby')!
      expect(document.getElementById(described)?.textContent).toContain('Write another number')
      expect(document.querySelectorAll('[autofocus]')).toHaveLength(1)
    }
  })

  const said = (
    field: string,
    fields: Record<string, string>,
    noAnswer?: RefusedQuestion['noAnswer'],
  ) => {
    const problems = [{ field: `/${field}`, expected: 'must be as the model says' }]
    const refused = { outcome: 'refused' as const, problems, ...(noAnswer && { noAnswer }) }
    return (['en', 'pt-BR'] as const).map(
      (language) =>
        shown({ asked: typed(fields), refused, language }).getElementById(`problem.in.${field}`)
          ?.textContent,
    )
  }
  const day = (iso: string) => dayFromIso(iso)!

  it('says in both languages of which days nothing can be said', () => {
    const to = day('2020-01-31')
    const knownThrough = day('2026-10-25')
    expect(said('month', { month: '2020-01' }, { outcome: 'over', to, knownThrough })).toEqual([
      'Choose days after 2026-10-25: up to then it is known what sold.',
      'Escolha dias depois de 25/10/2026: até lá já se sabe o que vendeu.',
    ])
    const far = { frequency: 'week', periods: 99, horizon: 8, latest: day('2027-04-11') } as const
    expect(said('to', { to: '2030-01-01' }, { outcome: 'too far', to, ...far })).toEqual([
      'Choose days up to 2027-04-11: farther ahead nothing can be said.',
      'Escolha dias até 11/04/2027: mais adiante não se pode dizer nada.',
    ])
    const backward = { outcome: 'backward', from: day('2026-12-24'), to } as const
    expect(said('to', { to: '2020-01-31' }, backward)).toEqual([
      'The last day cannot be before the first, 2026-12-24.',
      'O último dia não pode vir antes do primeiro, 24/12/2026.',
    ])
  })

  it('says in both languages what a field takes, and leaves to the model only what is its own', () => {
    expect(said('from', { from: 'tomorrow' })[1]).toBe(
      'Escreva um dia que exista, como 01/12/2026.',
    )
    expect(said('month', { month: '13/2026' })[1]).toBe('Escreva um mês, como dez/2026.')
    expect(said('price', { price: '0' })).toEqual([
      'Write another number, such as 2.5. It has to be greater than 0 and at most 1,000.5.',
      'Escreva outro número, como 2,5. Precisa ser maior que 0 e no máximo 1.000,5.',
    ])
    expect(said('shops', { price: '1' })[1]).toBe('Preencha este campo.')
    expect(said('weather', { weather: 'hail' })[1]).toBe('Escolha um valor da lista.')
    expect(said('note', { note: '?' })[1]).toBe('Escreva outra coisa. (must be as the model says)')
  })
})
