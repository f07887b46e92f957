import { randomUUIDv7 } from 'node:crypto'
import { parseHTML } from 'linkedom'
import { describe, expect, it, onTestFinished } from 'vitest'
import { dayFromIso, isoFromDay } from '../../../src/base/day.ts'
import type { EventOf, RecordedEvent } from '../../../src/ledger/events/event.ts'
import { type EventLog, LedgerUnavailable } from '../../../src/ledger/events/event-log.ts'
import { subjectOf } from '../../../src/ledger/events/subject.ts'
import { folderSource } from '../../../src/service/engine/folder-source.ts'
import { openEngine } from '../../../src/service/engine/open-engine.ts'
import { ordersOfDay } from '../../../src/service/page/orders-of-day.ts'
import { bigList, naughty } from '../../unit/reporting/examples.ts'
import { order, orders } from '../../unit/reporting/order-examples.ts'
import { decisionFields, NOW, pageServer } from './page-fixture.ts'
import { NEXT_DAY, shopInProduction } from './serving.ts'

const champagne = { productId: '1042', name: 'Biscoito champanhe', category: 'Biscoitos' }
const maria = { productId: '1043', name: 'Biscoito Maria', category: 'Biscoitos' }

describe('the page of the day', () => {
  it('shows first what needs a decision and why, then what the rest comes to by category', async () => {
    const enough = { onHand: 100, outcome: 'enough', units: 0, packs: 0 } as const
    const { browser } = await pageServer({
      orders: [
        order(champagne, { onHand: 1, lost: 4 }),
        order(maria, { onHand: 40, units: 8 }),
        order({ productId: '7' }, enough),
      ],
    })
    const document = documentOf(await browser.get('/'))
    expect(texts(document, '.rows legend a')).toEqual(['Biscoito champanhe'])
    expect(texts(document, '.why li')).toEqual(['Will run out'])
    expect(texts(document, 'tbody tr')[0]).toMatch(/^Biscoitos\s*0 of 1\s*8/)
    expect(document.querySelector('tbody a')?.getAttribute('href')).toBe(
      '/products?category=Biscoitos',
    )
  })

  it('says once for all what sales without prices lack, and leads to what is expected to sell', async () => {
    const lacking = (missing: 'price' | 'stock') =>
      ['1', '2'].map((id) => ({ productId: missing + id, outcome: 'unknown' as const, missing }))
    const { browser, engine, log } = await pageServer({
      orders: [...lacking('price'), ...lacking('stock')],
    })
    const document = documentOf(await browser.get('/', { 'accept-language': 'pt' }))
    expect(texts(document, 'h2')[0]).toBe('Ainda não é possível recomendar pedidos')
    expect(texts(document, '.warning')).toEqual([
      'De 2 produtos não se sabe quanto pedir: as vendas não trazem o preço.',
      'De 2 produtos não se sabe quanto pedir: as vendas não trazem compras nem estoque.',
    ])
    expect(texts(document, '.row')).toEqual([])
    expect(await log.find({ type: 'cd4ml.order.v1', limit: 9 })).toEqual([])
    expect(document.querySelector('#rest ~ p a')?.getAttribute('href')).toBe('/products')
    engine.change({ day: '2026-11-03', orders: [...lacking('price'), order(maria)] })
    expect(texts(documentOf(await browser.get('/')), '.why li')).toEqual([
      'Nobody knows how many',
      'Nobody knows how many',
    ])
  })

  it('does so in a project whose files have no prices, and answers for other days there', async () => {
    const engine = await openEngine({
      source: folderSource(await shopInProduction(), async () => NEXT_DAY),
      log: { info: () => {}, warn: () => {} },
    })
    onTestFinished(() => engine.close())
    const { browser } = await pageServer({ engine, language: 'pt-BR' })
    const document = documentOf(await browser.get('/'))
    expect(texts(document, '.warning')).toEqual([
      'De 8 produtos não se sabe quanto pedir: as vendas não trazem o preço.',
    ])
    const asked = documentOf(await browser.get('/products/P1?in.month=jan%2F2020'))
    expect(texts(asked, '.problem')).toEqual([
      expect.stringMatching(/^Escolha dias depois de \d\d\/\d\d\/\d{4}: /),
    ])
  })

  it('begins anew every day, and remembers what was ordered the last time', async () => {
    const { browser, engine } = await pageServer({
      orders: [order(champagne, { onHand: 1, lost: 4 })],
    })
    await browser.get('/')
    await browser.send({ 'choice.0': 'accept' })
    engine.change({ day: '2026-11-03', orders: [order(champagne, { onHand: 41, units: 120 })] })
    const document = documentOf(await browser.get('/'))
    expect(texts(document, '.why li')).toEqual(['Far from the last order'])
    expect(texts(document, '.decided')).toEqual([])
  })

  it('compares with the order before, not with the one of the day itself, also on a replica that starts later', async () => {
    const { browser, engine, log } = await pageServer({
      orders: [order(champagne, { onHand: 1, lost: 4 })],
    })
    await browser.get('/')
    await browser.send({ 'choice.0': 'accept' })
    engine.change({ day: '2026-11-03', orders: [order(champagne, { onHand: 41, units: 120 })] })
    await browser.get('/')
    await browser.send({ 'choice.0': 'accept' })
    const replica = ordersOfDay({ engine, log, now: () => NOW })
    const { rows } = await replica.all()
    expect(rows).toMatchObject([{ attention: ['unusual'], decided: { quantity: 120 } }])
  })

  it('comes in the language that the browser asks for, until another is chosen', async () => {
    const { browser } = await pageServer({ orders: orders() })
    const asked = { 'accept-language': 'pt;q=0.9, en;q=0.5' }
    expect((await browser.get('/', asked)).body).toContain('Pedido de hoje: 02/11/2026')
    const switched = await browser.get('/language?to=pt-BR&back=%2Fproducts')
    expect(switched.headers.location).toBe('/products')
    const page = await browser.get('/products')
    expect(page.body).toContain('<html lang="pt-BR">')
    expect(page.body).toContain('Pedir 1.600 (200 embalagens de 8)')
  })

  it.each(['//evil.example', 'https://evil.example', '/\\evil', '/\r\nx: y', '', 'javascript:1'])(
    'is what a language switch leads to that was given %j to lead back to',
    async (back) => {
      const { browser } = await pageServer({ orders: orders() })
      const { headers } = await browser.get(`/language?to=en&back=${encodeURIComponent(back)}`)
      expect(headers.location).toBe('/')
    },
  )

  it('can be looked at by who may not decide, without a form', async () => {
    const { browser } = await pageServer({ orders: orders(), scopes: ['read'] })
    const document = documentOf(await browser.get('/'))
    expect(document.querySelector('.decide')).toBeNull()
    expect(texts(document, '.warning')).toEqual(['You may look, but not decide.'])
  })
})

describe('all products', () => {
  it('are found by words of their name in any case and accents, by number, category and store', async () => {
    const { browser } = await pageServer({
      orders: [
        order({ productId: '1', name: 'Pão Francês', category: 'Padaria' }),
        order({ productId: '2', name: 'Pão de queijo', category: 'Padaria', storeId: 'Norte' }),
        order(champagne),
      ],
    })
    const found = async (query: string) =>
      texts(documentOf(await browser.get(`/products?${query}`)), '.rows legend a')
    expect(await found('q=frances+PAO')).toEqual(['Pão Francês'])
    expect(await found('q=1042')).toEqual(['Biscoito champanhe'])
    expect(await found('category=Padaria')).toEqual(['Pão de queijo', 'Pão Francês'])
    expect(await found('store=Norte')).toEqual(['Pão de queijo'])
    expect(await found('')).toHaveLength(3)
  })

  it('that nobody has are answered with the way out', async () => {
    const { browser } = await pageServer({ orders: orders() })
    const document = documentOf(await browser.get('/products?q=zzz'))
    expect(texts(document, '[role=status]')[0]).toContain('No product fits.')
    expect(document.querySelector('[role=status] a')?.getAttribute('href')).toBe('/products')
  })

  it('of a large chain come in pages, each with those before and after', async () => {
    const many = Array.from({ length: 60 }, (_, i) => order({ productId: String(1000 + i) }))
    const { browser, log } = await pageServer({ orders: many })
    const document = documentOf(await browser.get('/products?page=2&q=10'))
    expect(texts(document, '.rows legend a').slice(0, 1)).toEqual(['1025'])
    expect([...document.querySelectorAll('.pages a')].map((a) => a.getAttribute('href'))).toEqual([
      '/products?page=1&q=10',
      '/products?page=3&q=10',
    ])
    await browser.get('/products?page=2&q=10')
    expect(await log.find({ type: 'cd4ml.order.v1', limit: 100 })).toHaveLength(25)
    for (const page of ['0', '-1', '99', 'x', '1e9', '2.5', '']) {
      expect((await browser.get(`/products?page=${page}`)).statusCode).toBe(200)
    }
  })

  it('are in the spreadsheet, as Excel in Brazil opens it, and recorded as shown', async () => {
    const { browser, log } = await pageServer({ orders: orders(), language: 'pt-BR' })
    const { headers, body } = await browser.get('/orders.csv')
    expect(headers['content-disposition']).toBe('attachment; filename="orders-2026-11-02.csv"')
    expect(body).toMatch(/^\uFEFFCategoria;Produto;Nome;/)
    expect(body).toContain('29,25')
    expect(await log.find({ type: 'cd4ml.order.v1', limit: 100 })).toHaveLength(9)
  })
})

describe('a decision', () => {
  const shop = () =>
    pageServer({
      orders: [order(champagne, { onHand: 1, lost: 4 }), order(maria, { onHand: 1, lost: 4 })],
    })

  it('that follows the order is in the ledger with the order that was seen, and on the page at once', async () => {
    const { browser, log, pseudonym } = await shop()
    await browser.get('/')
    const sent = await browser.send({ 'choice.0': 'accept' })
    expect([sent.statusCode, sent.headers.location]).toEqual([303, '/?saved=1'])
    const [decision] = await log.find({ type: 'cd4ml.decision.v1', limit: 9 })
    expect(decision.data).toMatchObject({ decision: 'followed', quantity: 40, by: pseudonym })
    const seen = (await log.byId([decision.data.of.id])).get(decision.data.of.id)
    expect(seen).toMatchObject({ type: 'cd4ml.order.v1', data: { day: '2026-11-02' } })
    const document = documentOf(await browser.get('/?saved=1'))
    expect(texts(document, '.done')).toEqual(['1 decision is saved.'])
    expect(texts(document, '.decided')[0]).toMatch(/^Accepted: 40\s+Ana, 2026-11-02 06:30$/)
  })

  it('that changes the order keeps quantity, reason and words apart, as they were meant', async () => {
    const { browser, log } = await shop()
    await browser.get('/')
    await browser.send({
      'choice.0': 'change',
      'quantity.0': '1.064,5',
      'reason.0': 'event',
      'note.0': ' Festa da padroeira\0<3\r\n',
    })
    const [decision] = await log.find({ type: 'cd4ml.decision.v1', limit: 9 })
    expect(decision.data).toMatchObject({ decision: 'changed', quantity: 1064.5, reason: 'event' })
    expect(JSON.stringify(decision)).not.toContain('Festa')
    expect([...(await log.notes([decision.id])).values()]).toEqual(['Festa da padroeira <3'])
  })

  it('is corrected by another, which counts from then on', async () => {
    const { browser, log } = await shop()
    await browser.get('/')
    await browser.send({ 'choice.0': 'accept' })
    await browser.get('/')
    // What is decided has moved below what is open.
    const sent = await browser.send({ 'choice.1': 'later' })
    expect(sent.statusCode).toBe(303)
    const decisions = await log.find({ type: 'cd4ml.decision.v1', limit: 9 })
    expect(decisions.map(({ data }) => data.decision)).toEqual(['none'])
    expect(texts(documentOf(await browser.get('/')), '.decided')[0]).toContain('Not now')
  })

  it('on many products at once is one form, which can accept all that is open', async () => {
    const { browser, log } = await shop()
    await browser.get('/')
    const sent = await browser.send({ 'choice.1': 'later', all: 'accept' })
    expect(sent.headers.location).toBe('/?saved=2')
    const decisions = await log.find({ type: 'cd4ml.decision.v1', limit: 9 })
    expect(decisions.map(({ data }) => data.decision).sort()).toEqual(['followed', 'none'])
  })

  it('that is sent twice is saved once, and answered the same', async () => {
    const { browser, log } = await shop()
    const form = decisionFields((await browser.get('/')).body)
    const send = () => browser.post('/decisions', { ...form, 'choice.0': 'accept' })
    const answers = [await send(), await send(), await send()]
    expect(answers.map(({ headers }) => headers.location)).toEqual(Array(3).fill('/?saved=1'))
    expect(await log.find({ type: 'cd4ml.decision.v1', superseded: true, limit: 9 })).toHaveLength(
      1,
    )
  })

  it('that lacks something comes back with all that was entered, the problem beside its field, and saves none', async () => {
    const { browser, log } = await shop()
    await browser.get('/')
    const sent = await browser.send({
      'choice.0': 'change',
      'quantity.0': '1.234',
      'note.0': '"><script>alert(1)</script>',
      'choice.1': 'accept',
    })
    expect(sent.statusCode).toBe(422)
    const document = documentOf(sent)
    const field = document.querySelector('[autofocus]')!
    expect([field.getAttribute('name'), field.getAttribute('value')]).toEqual([
      'quantity.0',
      '1.234',
    ])
    expect(field.getAttribute('aria-invalid')).toBe('true')
    const about = document.getElementById(field.getAttribute('aria-describedby')!)
    expect(about?.textContent).toContain('Do you mean 1234 or 1.234?')
    expect(texts(document, '[id="problem.reason.0"]')).toEqual(['Choose why.'])
    expect(document.querySelector('[name="note.0"]')?.getAttribute('value')).toContain('<script>')
    expect(document.querySelector('script')).toBeNull()
    expect(checked(document)).toEqual(['choice.0=change', 'choice.1=accept'])
    expect(document.querySelector('[name=all]')).toBeNull()
    expect(await log.find({ type: 'cd4ml.decision.v1', limit: 9 })).toEqual([])
    const mended = await browser.send({
      'choice.0': 'change',
      'quantity.0': '1234',
      'reason.0': 'event',
      'choice.1': 'accept',
    })
    expect(mended.headers.location).toBe('/?saved=2')
  })

  it.each([
    [{ 'choice.0': 'change', 'reason.0': 'event' }, 'Write how many units.'],
    [{ 'quantity.0': 'many', 'reason.0': 'event' }, 'Write a number, such as 24 or 1.5.'],
    [{ 'quantity.0': '-5', 'reason.0': 'event' }, 'Write a number, such as 24 or 1.5.'],
    [{ 'quantity.0': '99999999999999', 'reason.0': 'event' }, 'Write a smaller number.'],
    [{ 'quantity.0': '5' }, 'Choose why.'],
    [{ 'quantity.0': '5', 'reason.0': '__proto__' }, 'Choose why.'],
    [{ 'choice.0': 'whatever' }, 'Choose to accept, to change, or not now.'],
    [{ 'choice.0': 'accept', 'note.0': 'x'.repeat(501) }, 'Write at most 500 characters.'],
  ])('of %j is not saved, and says what is missing', async (entered, problem) => {
    const { browser, log } = await shop()
    await browser.get('/')
    const sent = await browser.send(entered as Record<string, string>)
    expect([sent.statusCode, texts(documentOf(sent), '.problem')]).toEqual([422, [problem]])
    expect(await log.find({ type: 'cd4ml.decision.v1', limit: 9 })).toEqual([])
  })

  it('of nothing says so, with the way back', async () => {
    const { browser } = await shop()
    await browser.get('/products?q=maria')
    const sent = await browser.send()
    expect(sent.statusCode).toBe(422)
    expect(sent.body).toContain('No decision was chosen.')
    expect(documentOf(sent).querySelector('main p a')?.getAttribute('href')).toBe(
      '/products?q=maria',
    )
  })

  it('on advice that has changed since is asked for again, with the new advice', async () => {
    const { browser, engine, log } = await shop()
    await browser.get('/')
    engine.change({ version: 2, orders: [order(champagne, { units: 64, packs: 8 }), order(maria)] })
    const sent = await browser.send({ 'choice.0': 'accept' })
    expect(sent.statusCode).toBe(422)
    expect(texts(documentOf(sent), '.problem')[0]).toContain('from 40 to 64')
    expect(await log.find({ type: 'cd4ml.decision.v1', limit: 9 })).toEqual([])
    expect((await browser.send({ 'choice.0': 'accept' })).headers.location).toBe('/?saved=1')
    const [decision] = await log.find({ type: 'cd4ml.decision.v1', limit: 9 })
    expect(decision.data.quantity).toBe(64)
  })

  it('that somebody else has made meanwhile is shown before it is replaced', async () => {
    const { browser, log } = await shop()
    const form = decisionFields((await browser.get('/')).body)
    await browser.send({ 'choice.0': 'later' })
    const late = await browser.post('/decisions', { ...form, key: 'other', 'choice.0': 'accept' })
    expect(late.statusCode).toBe(422)
    expect(texts(documentOf(late), '.problem')[0]).toContain('decided meanwhile: Not now')
    await browser.send({ 'choice.0': 'accept' })
    const decisions = await log.find({ type: 'cd4ml.decision.v1', limit: 9 })
    expect(decisions.map(({ data }) => data.decision)).toEqual(['followed'])
  })

  it('that is entered anew after going back is asked for again, and then corrects the first', async () => {
    const { browser, log } = await shop()
    const form = decisionFields((await browser.get('/')).body)
    await browser.post('/decisions', { ...form, 'choice.0': 'accept' })
    const other = await browser.post('/decisions', { ...form, 'choice.0': 'later' })
    expect(other.statusCode).toBe(422)
    expect(texts(documentOf(other), '.warning')[0]).toContain('was saved before')
    await browser.send({ 'choice.0': 'later' })
    const decisions = await log.find({ type: 'cd4ml.decision.v1', limit: 9 })
    expect(decisions.map(({ data }) => data.decision)).toEqual(['none'])
  })

  it.each([
    ['an event that is in no ledger', { 'of.0': '01a21d3e-1f1e-7894-a59d-435013a1af68' }],
    ['no event', { 'of.0': '<script>' }],
    ['what no store keeps', { 'of.0': '\0', key: '\0' }],
    ['a decision on something else', { 'seen.0': '01a21d3e-1f1e-7894-a59d-435013a1af68' }],
    ['a decision that is none', { 'seen.0': "'; --" }],
  ])('on %s changes nothing', async (_, forged) => {
    const { browser, log } = await shop()
    const form = decisionFields((await browser.get('/')).body)
    const sent = await browser.post('/decisions', { ...form, ...forged, 'choice.0': 'accept' })
    expect(sent.statusCode).toBe(409)
    expect(sent.body).toContain('This page is too old')
    expect(await log.find({ type: 'cd4ml.decision.v1', limit: 9 })).toEqual([])
  })

  it('cannot be sent by a page of somebody else', async () => {
    const { browser, log } = await shop()
    const form = decisionFields((await browser.get('/')).body)
    for (const headers of [{ origin: 'https://evil.example' }, {}]) {
      const sent = await browser.post(
        '/decisions',
        { ...form, formToken: 'x', 'choice.0': 'accept' },
        headers,
      )
      expect(sent.statusCode).toBe(403)
    }
    expect(await log.find({ type: 'cd4ml.decision.v1', limit: 9 })).toEqual([])
  })
})

it('an address at which there is no page is answered with the ways on, and to programs as they read', async () => {
  const { browser, app } = await pageServer({ orders: orders() })
  const page = await browser.get('/prodcuts/1042', { 'accept-language': 'pt' })
  expect(page.statusCode).toBe(404)
  const document = documentOf(page)
  expect(texts(document, 'h1')).toEqual(['Esta página não existe'])
  expect(document.querySelector('form[role=search]')).not.toBeNull()
  const program = await app.inject('/prodcuts')
  expect([program.statusCode, program.json().title]).toEqual([404, 'Not Found'])
})

it.each(['/decisions', '/logout'])(
  'a tab that was closed at %s, where a form was sent to, opens again with the orders',
  async (path) => {
    const { browser } = await pageServer({ orders: orders() })
    const { statusCode, headers } = await browser.get(path)
    expect([statusCode, headers.location]).toEqual([303, '/'])
  },
)

describe('the page of a product', () => {
  const shop = () =>
    pageServer({ orders: [order(champagne, { onHand: 1, lost: 4 }), order(maria)] })

  it('has all that is known of it: drawn, as numbers, in money, and how good the model is', async () => {
    const { browser } = await shop()
    const document = documentOf(await browser.get('/products/1042'))
    expect(texts(document, 'h1')).toEqual(['Biscoito champanhe (1042)'])
    expect(document.querySelector('svg[role=img] .fan80')?.getAttribute('d')).toMatch(/^M\d.*Z$/)
    expect(texts(document, '#history ~ .beside tbody tr')[0]).toMatch(/^2026-11-02\s*20\s*10–30/)
    expect(texts(document, '#stock ~ .wide tr')).toEqual([
      'Sell byUnits',
      '2026-11-129',
      'does not expire22',
    ])
    expect(texts(document, '#costs ~ .wide tbody tr')).toContain('40 advised5.00–')
    expect(texts(document, '#costs ~ .wide tbody tr')).toContain('4817.00+12.00')
    expect(texts(document, '#goodness ~ p')[0]).toContain('off by 31.0% of what sold')
  })

  it('is a link away where the sales do not say what to order, but what will sell', async () => {
    const { browser } = await pageServer({
      orders: [{ productId: '9', outcome: 'unknown', missing: 'price' }],
    })
    const link = documentOf(await browser.get('/products')).querySelector('.row p a')
    expect(link?.getAttribute('href')).toBe('/products/9#history')
  })

  it('is called by its number once, where the sales give it no name', async () => {
    const { browser } = await pageServer({
      orders: [order({ productId: '7' }), order({ productId: '8', storeId: 'Norte' })],
    })
    const all = documentOf(await browser.get('/products'))
    expect(texts(all, '.row legend')).toEqual(['7', '8 in store Norte'])
  })

  it('answers for other days, records what it said, and takes what the buyer expects instead', async () => {
    const { browser, log } = await shop()
    const asked = await browser.get('/products/1042?in.from=2026-12-01&in.to=2026-12-24')
    expect(texts(documentOf(asked), '#ask ~ .decide b')).toEqual([
      '20 units are expected (10–30 in 80% of cases).',
    ])
    const [forecast] = await log.find({ type: 'cd4ml.forecast.v1', limit: 9 })
    expect(forecast.data).toMatchObject({ from: '2026-12-01', to: '2026-12-24', mean: 20 })
    const form = decisionFields(asked.body.slice(asked.body.indexOf('id="ask"')))
    const sent = await browser.post('/decisions', {
      ...form,
      'choice.0': 'change',
      'quantity.0': '35',
      'reason.0': 'event',
      'note.0': 'Festa',
    })
    expect(sent.headers.location).toBe('/products/1042?saved=1')
    const [decision] = await log.find({ type: 'cd4ml.decision.v1', limit: 9 })
    expect(decision.data).toMatchObject({
      of: { type: 'forecast', id: forecast.id },
      decision: 'changed',
      quantity: 35,
      reason: 'event',
    })
    const document = documentOf(await browser.get('/products/1042'))
    expect(texts(document, '#before ~ .wide tbody tr')).toEqual([
      '2026-11-02 06:30Forecast: Changed to 35 instead of 20Local event FestaAna',
    ])
  })

  it('asks what the model in production takes, whatever that is, without a restart', async () => {
    const { browser, engine } = await shop()
    const fields = async () =>
      [...documentOf(await browser.get('/products/1042')).querySelectorAll('.ask [name]')].map(
        (field) => field.getAttribute('name'),
      )
    expect(await fields()).toEqual(['in.month', 'in.from', 'in.to', 'in.price'])
    const { properties, ...inputs } = engine.current().inputs
    const { price: _, ...others } = properties
    const promotion = {
      type: 'boolean',
      'x-title': { en: 'Promotion', 'pt-BR': 'Promoção' },
    } as const
    engine.change({ version: 2, inputs: { ...inputs, properties: { ...others, promotion } } })
    expect(await fields()).toEqual(['in.month', 'in.from', 'in.to', 'in.promotion'])
  })

  it('says beside the field what it cannot answer, and keeps what was typed', async () => {
    const { browser, log } = await shop()
    const answer = await browser.get(
      '/products/1042?in.from=2026-12-01&in.to=24%2F12%2F2026&in.price=1.234',
      { 'accept-language': 'pt' },
    )
    const document = documentOf(answer)
    const field = document.getElementById('in.price')!
    expect([field.getAttribute('value'), field.hasAttribute('autofocus')]).toEqual(['1.234', true])
    expect(document.getElementById('problem.in.price')?.textContent).toContain(
      'Escreva outro número',
    )
    expect(await log.find({ type: 'cd4ml.forecast.v1', limit: 9 })).toEqual([])
    const mended = await browser.get(
      '/products/1042?in.from=2026-12-01&in.to=24%2F12%2F2026&in.price=7,50',
    )
    expect(mended.body).toContain('20 units are expected')
  })

  it('shows what came true of the forecasts of before', async () => {
    const { browser, log } = await shop()
    await browser.get('/products/1042?in.from=2026-12-01&in.to=2026-12-24')
    const [forecast] = await log.find({ type: 'cd4ml.forecast.v1', limit: 9 })
    const { id: _, type: __, data, ...envelope } = forecast
    const { product, from, to } = data
    const rows = async () =>
      texts(documentOf(await browser.get('/products/1042')), '#goodness ~ .wide tbody tr')
    const sold = async (reported: Partial<EventOf<'cd4ml.actual.v1'>['data']>) => {
      const data = { product, from, to, units: 0, source: { from: 'report' as const }, ...reported }
      await log.append({
        events: [{ ...envelope, id: randomUUIDv7(), type: 'cd4ml.actual.v1', data }],
      })
    }
    await sold({ to: '2026-12-10', units: 11 })
    expect(await rows()).toEqual([])
    await sold({ from: '2026-12-11', units: 20 })
    expect(await rows()).toEqual(['From 2026-12-01 to 2026-12-242010–3031'])
    // As the ledger tells it: whatever is reported later, the sales files go before.
    const { data: tree, salesThrough } = data.basis
    await sold({ units: 33, source: { from: 'sales', data: tree, salesThrough } })
    await sold({ units: 30 })
    expect(await rows()).toEqual(['From 2026-12-01 to 2026-12-242010–3033'])
  })

  it('says what became of its last raises in all stores, where these are enough, without blame', async () => {
    const { browser, log } = await pageServer({
      orders: [order({ ...champagne, storeId: 'Norte' }), order({ ...champagne, storeId: 'Sul' })],
      reasons: [{ id: 'event', en: 'Local event', 'pt-BR': 'Evento local', about: 'demand' }],
    })
    const raise = (i: number, store: string) => {
      const day = isoFromDay(dayFromIso(NOW.toISOString().slice(0, 10))! - 20 - i)
      const through = isoFromDay(dayFromIso(day)! + 6)
      const advice = {
        units: 24,
        from: day,
        through,
        forecast: { mean: 20, p10: 10, p90: 30 },
      }
      return raisedOrder({ product: '1042', store }, { day, advice, sold: i < 11 ? 21 : 35 })
    }
    for (let i = 0; i < 7; i++) await log.append({ events: raise(i, 'Norte') })
    const told = async (language: string) =>
      texts(
        documentOf(await browser.get('/products/1042?store=Sul', { 'accept-language': language })),
        '#before ~ p',
      )
    expect(await told('en')).toEqual(['Nothing was decided on this product yet.'])
    for (let i = 7; i < 14; i++) await log.append({ events: raise(i, 'Norte') })
    expect(await told('en')).toEqual([
      'The last 14 raises of this product, in all stores: 11 were too high. Too high is where what sold was closer to the forecast than to what the raise expected.',
      'Nothing was decided on this product yet.',
    ])
    expect((await told('pt-BR'))[0]).toMatch(
      /^Os últimos 14 aumentos deste produto, em todas as lojas: 11 ficaram altos demais\./,
    )
  })

  it('that is sold in several stores asks which one is meant', async () => {
    const { browser } = await pageServer({
      orders: [
        order({ ...champagne, storeId: 'Norte' }),
        order({ ...champagne, storeId: 'São João & Cia' }),
      ],
    })
    const document = documentOf(await browser.get('/products/1042'))
    const links = [...document.querySelectorAll('main li a')].map((a) => a.getAttribute('href')!)
    expect(links).toEqual([
      '/products/1042?store=Norte',
      '/products/1042?store=S%C3%A3o%20Jo%C3%A3o%20%26%20Cia',
    ])
    expect((await browser.get(links[1])).body).toContain('in store São João &amp; Cia')
  })

  it.each(['/products/9999', '/product?id=..', '/products/1042?store=Sul', '/product'])(
    'that is not sold, %s, is answered with a search for another',
    async (path) => {
      const { browser } = await shop()
      const answer = await browser.get(path)
      expect(answer.statusCode).toBe(404)
      expect(documentOf(answer).querySelector('form[role=search]')).not.toBeNull()
    },
  )

  it('stands alone in a frame of another system, which has its own menu', async () => {
    const { browser } = await shop()
    const document = documentOf(await browser.get('/products/1042?embedded=1'))
    expect(document.querySelector('header')).toBeNull()
    const back = document.querySelector('[name=back]')?.getAttribute('value')
    expect(back).toBe('/products/1042?embedded=1')
  })
})

describe('who has logged in anew since the page was shown', () => {
  it('finds all that was entered still there, and saves it by one more click', async () => {
    const { browser, log, loginPath } = await pageServer({
      orders: [order(champagne, { onHand: 1, lost: 4 })],
    })
    const form = decisionFields((await browser.get('/')).body)
    await browser.login(await loginPath())
    const entered = { ...form, 'choice.0': 'change', 'quantity.0': '64', 'reason.0': 'event' }
    const sent = await browser.post('/decisions', entered)
    expect(sent.statusCode).toBe(403)
    expect(texts(documentOf(sent), 'h1')).toEqual(['You have logged in again since'])
    expect(await log.find({ type: 'cd4ml.decision.v1', limit: 9 })).toEqual([])
    // As a browser sends the page that it shows.
    const again = await browser.send({ 'choice.0': 'change' })
    expect(again.headers.location).toBe('/?saved=1')
    const [decision] = await log.find({ type: 'cd4ml.decision.v1', limit: 9 })
    expect(decision.data).toMatchObject({ quantity: 64, reason: 'event' })
  })

  it('is not shown a form that another site has filled in', async () => {
    const { browser } = await pageServer({ orders: [order(champagne, { onHand: 1, lost: 4 })] })
    const form = decisionFields((await browser.get('/')).body)
    const entered = { ...form, formToken: 'x', 'choice.0': 'change', 'quantity.0': '666' }
    const sent = await browser.post('/decisions', entered, { origin: 'https://evil.example' })
    expect([sent.statusCode, sent.body.includes('666')]).toEqual([403, false])
  })
})

describe('while the ledger cannot be reached', () => {
  const unreachable = async () => {
    let isDown = false
    const fails = async () => {
      throw new LedgerUnavailable(new Error('disk full'))
    }
    const log = (real: EventLog): EventLog =>
      new Proxy(real, {
        get: (target, name: keyof EventLog) => (isDown ? fails : target[name].bind(target)),
      })
    const server = await pageServer({ orders: [order(champagne, { onHand: 1, lost: 4 })], log })
    return { ...server, fail: () => (isDown = true), mend: () => (isDown = false) }
  }

  it('orders can be read, and the page says that decisions cannot be saved', async () => {
    const { browser, fail } = await unreachable()
    fail()
    for (const path of ['/', '/products', '/orders.csv']) {
      const page = await browser.get(path)
      expect([path, page.statusCode]).toEqual([path, 200])
      expect(page.body).toContain('Biscoito champanhe')
    }
    const document = documentOf(await browser.get('/'))
    expect(texts(document, '.warning')[0]).toContain('Decisions cannot be saved now.')
    expect(document.querySelector('.decide')).toBeNull()
  })

  it('what was entered is not lost, and can be sent again', async () => {
    const { browser, log, fail, mend } = await unreachable()
    await browser.get('/')
    fail()
    const sent = await browser.send({
      'choice.0': 'change',
      'quantity.0': '64',
      'reason.0': 'event',
      'note.0': 'Festa',
    })
    expect([sent.statusCode, sent.headers['retry-after']]).toEqual([503, '60'])
    const document = documentOf(sent)
    expect(document.querySelector('[name="quantity.0"]')?.getAttribute('value')).toBe('64')
    mend()
    const again = await browser.send({ 'choice.0': 'change', 'reason.0': 'event' })
    expect(again.headers.location).toBe('/?saved=1')
    const [decision] = await log.find({ type: 'cd4ml.decision.v1', limit: 9 })
    expect(decision.data).toMatchObject({ decision: 'changed', quantity: 64 })
  })
})

describe('whatever products, categories and stores are called', () => {
  it('pages show it as text, and lead to every product', async () => {
    const texts = [...new Set([...naughty.map(({ text }) => text), ...bigList])]
      .map((text) => text.toWellFormed().slice(0, 150))
      .filter((text) => text !== '')
    const all = [...new Set(texts)].map((text, i) =>
      order(
        {
          productId: i % 2 ? text : `p${i}`,
          storeId: i % 3 ? text : 's',
          name: text,
          category: text,
        },
        { onHand: 0 },
      ),
    )
    const { browser } = await pageServer({ orders: all })
    for (let page = 1; page <= Math.ceil(all.length / 25); page++) {
      const answer = await browser.get(`/products?page=${page}`)
      expect(answer.statusCode).toBe(200)
      const document = documentOf(answer)
      const elements = new Set([...document.querySelectorAll('*')].map((it) => it.localName))
      expect([...elements].filter((name) => !ours.has(name))).toEqual([])
      for (const link of [...document.querySelectorAll('.rows legend a')].slice(0, 4)) {
        const product = await browser.get(link.getAttribute('href')!)
        expect([link.getAttribute('href'), product.statusCode]).toEqual([expect.anything(), 200])
      }
      for (const { attributes } of document.querySelectorAll('*')) {
        for (const { name } of attributes) expect(name).not.toMatch(/^on|^style$/)
      }
    }
  })
})

const ours = new Set(
  'html head meta title link body a header nav ul li main h1 h2 p section form input label select option button fieldset legend bdi span small b dl dt dd div table thead tbody tfoot tr th td footer details summary svg g path line rect circle text desc'.split(
    ' ',
  ),
)

type Answer = { body: string }
type Document = ReturnType<typeof documentOf>

function documentOf({ body }: Answer) {
  return parseHTML(body).document
}

function texts(of: Document, selector: string): string[] {
  return [...of.querySelectorAll(selector)].map((element) => element.textContent!.trim())
}

function checked(document: Document): string[] {
  return [...document.querySelectorAll('input[checked]')].map(
    (input) => `${input.getAttribute('name')}=${input.getAttribute('value')}`,
  )
}

/** An order that was raised from 24 to 36, and what sold. */
function raisedOrder(
  series: { product: string; store: string },
  {
    day,
    advice,
    sold,
  }: {
    day: string
    advice: { units: number; from: string; through: string; forecast: Record<string, number> }
    sold: number
  },
): RecordedEvent[] {
  const [of, decision, actual] = [randomUUIDv7(), randomUUIDv7(), randomUUIDv7()]
  const envelope = {
    specversion: '1.0' as const,
    source: '/cd4ml/page',
    time: `${day}T08:00:00.000Z`,
    subject: subjectOf(series),
    datacontenttype: 'application/json' as const,
  }
  const basis = { version: 1, model: 'a'.repeat(64), data: 'b'.repeat(40), salesThrough: day }
  return [
    {
      ...envelope,
      id: of,
      type: 'cd4ml.order.v1',
      data: { ...series, day, outcome: 'order', advice, basis },
    },
    {
      ...envelope,
      id: decision,
      type: 'cd4ml.decision.v1',
      data: {
        ...series,
        of: { type: 'order', id: of },
        decision: 'changed',
        quantity: 36,
        reason: 'event',
        by: 'somebody',
      },
    },
    {
      ...envelope,
      id: actual,
      type: 'cd4ml.actual.v1',
      data: {
        ...series,
        from: advice.from,
        to: advice.through,
        units: sold,
        source: { from: 'report' },
      },
    },
  ]
}
