import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page, Request } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { pageServer } from '../integration/service/page-fixture.ts'
import { bigList, naughty } from '../unit/reporting/examples.ts'
import { order } from '../unit/reporting/order-examples.ts'
import { expectAccessible, expectFits, hasChromium, openWindow, viewports } from './chromium.ts'

const champagne = { productId: '1042', name: 'Biscoito champanhe', category: 'Biscoitos' }
const bread = { productId: '7', name: 'Pão francês', category: 'Padaria' }

/** Two orders that need a decision, one that does not, and one that nobody knows. */
const shop = () =>
  pageServer({
    orders: [
      order(champagne, { onHand: 1, lost: 4 }),
      order(bread, { onHand: 2, lost: 4, expiring: 1, units: 120, packs: 15 }),
      order({ productId: '8', name: 'Leite', category: 'Laticínios' }),
      { productId: '9', name: 'Novo', outcome: 'unknown', missing: 'cost' },
    ],
  })

/** Beside each other, at how many heights fields begin; in how many ways the wrong ones are marked. */
const FIELDS_OF_A_CHANGE = `(() => {
  const fields = [...document.querySelectorAll('.change input, .change select')]
  const count = (all) => new Set(all).size
  const beside = innerWidth > 1000 ? fields : fields.slice(0, 1)
  const wrong = fields.filter((field) => field.ariaInvalid)
  return {
    tops: count(beside.map((field) => field.getBoundingClientRect().top)),
    borders: count(wrong.map((field) => getComputedStyle(field).border)),
  }
})()`

const row = (page: Page, name: string) => page.locator('.row', { hasText: name })

describe.skipIf(!hasChromium).each([true, false])(
  'with scripts allowed: %s',
  (javaScriptEnabled) => {
    it('a buyer accepts an order, changes another with a reason, and both are in the ledger', async () => {
      const server = await shop()
      const page = await openWindow(server, { javaScriptEnabled })
      await row(page, 'Biscoito champanhe').getByLabel('Accept 40').check()
      await row(page, 'Pão francês').getByLabel('Change').check()
      await row(page, 'Pão francês').getByLabel('Quantity to order').fill('90')
      await row(page, 'Pão francês').getByLabel('Reason').selectOption('Local event')
      await row(page, 'Pão francês').getByLabel('Note').fill('Festa junina')
      await page.getByRole('button', { name: 'Save decisions' }).click()
      expect(await page.getByRole('status').textContent()).toBe('2 decisions are saved.')
      expect(await row(page, 'Biscoito champanhe').locator('.decided').textContent()).toContain(
        'Accepted: 40',
      )
      expect(await row(page, 'Pão francês').locator('.decided').textContent()).toContain(
        'Changed to 90 (Local event)',
      )
      const decisions = await server.log.find({ type: 'cd4ml.decision.v1', limit: 9 })
      expect(decisions.map(({ subject, data }) => [subject, data.decision, data.quantity])).toEqual(
        expect.arrayContaining([
          ['1042', 'followed', 40],
          ['7', 'changed', 90],
        ]),
      )
    })

    it('a quantity that can mean two things is asked about at its field, and nothing typed is lost', async () => {
      const page = await openWindow(await shop(), { javaScriptEnabled })
      await row(page, 'Pão francês').getByLabel('Change').check()
      await row(page, 'Pão francês').getByLabel('Quantity to order').fill('1.200')
      await row(page, 'Pão francês').getByLabel('Note').fill('Festa')
      await page.getByRole('button', { name: 'Save decisions' }).click()
      const field = page.getByLabel('Quantity to order').first()
      expect(await field.inputValue()).toBe('1.200')
      expect(await page.getByLabel('Note').first().inputValue()).toBe('Festa')
      expect(await page.locator('.problem').allTextContents()).toEqual([
        'Do you mean 1200 or 1.2? Write it without a separator, or with other decimals.',
        'Choose why.',
      ])
      expect(await page.locator(':focus').getAttribute('name')).toBe('quantity.0')
      await field.fill('1200')
      await page.getByLabel('Reason').first().selectOption('Promotion')
      await page.getByRole('button', { name: 'Save' }).click()
      expect(await page.getByRole('status').textContent()).toBe('1 decision is saved.')
    })

    it('a decision is corrected on the page that shows it', async () => {
      const { log, ...server } = await shop()
      const page = await openWindow(server, { javaScriptEnabled })
      await row(page, 'Biscoito champanhe').getByLabel('Accept 40').check()
      await page.getByRole('button', { name: 'Save decisions' }).click()
      await row(page, 'Biscoito champanhe').getByText('Correct').click()
      await row(page, 'Biscoito champanhe').getByLabel('Not now').check()
      await page.getByRole('button', { name: 'Save decisions' }).click()
      const decisions = await log.find({ type: 'cd4ml.decision.v1', limit: 9 })
      expect(decisions.map(({ data }) => data.decision)).toEqual(['none'])
    })

    it('the page is read in the other language from then on, with dates and numbers as there', async () => {
      const page = await openWindow(await shop(), { javaScriptEnabled, locale: 'de-DE' })
      await page.getByRole('link', { name: 'Português' }).click()
      expect(await page.title()).toBe('Pedido de hoje: 02/11/2026 · cd4ml')
      await page.getByRole('link', { name: 'Todos os produtos' }).click()
      expect(await page.locator('html').getAttribute('lang')).toBe('pt-BR')
      expect(await row(page, 'champanhe').textContent()).toContain('cada uma que falta custa 2,76')
    })

    it('a product answers for other days, in a form made of what the model takes', async () => {
      const page = await openWindow(await shop(), { javaScriptEnabled })
      await page.getByRole('link', { name: 'Biscoito champanhe' }).click()
      await page.getByLabel('From').fill('2026-12-01')
      await page.getByLabel('To', { exact: true }).fill('2026-12-24')
      await page.getByLabel('Planned price').fill('7,50')
      await page.getByRole('button', { name: 'Forecast' }).click()
      expect(await page.locator('#ask ~ form b').first().textContent()).toContain(
        '20 units are expected',
      )
      await page.getByLabel('I expect another quantity').check()
      const answer = page.locator('.decide', { hasText: 'units are expected' })
      await answer.getByLabel('Quantity expected').fill('31')
      await answer.getByLabel('Reason').selectOption('Local event')
      await answer.getByRole('button', { name: 'Save' }).click()
      expect(await page.getByRole('table', { name: '' }).last().textContent()).toContain(
        'Changed to 31 instead of 20',
      )
    })
  },
)

describe.skipIf(!hasChromium).each([
  { viewport: viewports.phone, colorScheme: 'light', locale: 'pt-BR' },
  { viewport: viewports.phone, colorScheme: 'dark', locale: 'en-US' },
  { viewport: viewports.desktop, colorScheme: 'dark', locale: 'pt-BR' },
  { viewport: viewports.desktop, colorScheme: 'light', locale: 'en-US' },
] as const)('for $colorScheme, $locale, $viewport.width pixels wide,', (options) => {
  it('axe finds nothing on any page, and nothing is cut off', async () => {
    const server = await shop()
    const page = await openWindow(server, options)
    const look = async () => {
      await expectAccessible(page)
      await expectFits(page)
    }
    for (const path of [
      ...['/', '/products', '/products?q=zzz', '/products/1042', '/products/9', '/products/none'],
      '/products/1042?in.from=2026-12-01&in.to=2026-12-24',
      '/products/1042?in.from=2026-12-01&in.price=x',
      ...['/products/1042?embedded=1', '/nothing'],
    ]) {
      await page.goto(path)
      await look()
    }
    await page.goto('/')
    await page.locator('.save button').click()
    await look()
    await page.goto('/')
    await page.locator('[name="choice.1"][value=change]').check()
    await page.locator('[name="quantity.1"]').fill('x')
    await page.locator('[name="note.1"]').fill('x'.repeat(500))
    await page.locator('.save button').click()
    await look()
    expect(await page.evaluate(FIELDS_OF_A_CHANGE)).toEqual({ tops: 1, borders: 1 })
    await page.goto('/')
    await page.locator('[name="choice.1"][value=accept]').check()
    await page.locator('.save button').click()
    await look()
    await page.goto(await server.loginPath())
    await look()
  })
})

describe.skipIf(!hasChromium)('the page', () => {
  it('is used by keyboard alone, from the first link past the menu to what was saved', async () => {
    const page = await openWindow(await shop())
    await page.locator('body').press('Tab')
    expect(await page.locator(':focus').textContent()).toBe('Skip to the content')
    await page.keyboard.press('Enter')
    await page.waitForURL(/#/)
    // The product's two links, then its choices, of which the arrow keys take the next.
    const keys = ['Tab', 'Tab', 'Tab', 'ArrowRight', 'ArrowLeft']
    for (const key of keys) await page.keyboard.press(key)
    expect(await page.locator(':focus').getAttribute('value')).toBe('change')
    await page.getByLabel('Quantity').first().waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.type('64')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Loc')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Festa')
    await page.keyboard.press('Enter')
    expect(await page.getByRole('status').textContent()).toBe('1 decision is saved.')
  })

  it('saves once what is sent by two clicks', async () => {
    const { log, ...server } = await shop()
    const page = await openWindow(server)
    await row(page, 'Biscoito champanhe').getByLabel('Accept 40').check()
    await page.getByRole('button', { name: 'Save decisions' }).dblclick()
    await page.getByRole('status').waitFor()
    const decisions = await log.find({ type: 'cd4ml.decision.v1', superseded: true, limit: 9 })
    expect(decisions).toHaveLength(1)
  })

  it('prints the orders with what was decided, without what only a screen needs', async () => {
    const page = await openWindow(await shop())
    await row(page, 'Biscoito champanhe').getByLabel('Accept 40').check()
    await page.getByRole('button', { name: 'Save decisions' }).click()
    await page.emulateMedia({ media: 'print' })
    for (const hidden of ['header', '.search', '.save', '.choices', '.change']) {
      expect([hidden, await page.locator(hidden).first().isVisible()]).toEqual([hidden, false])
    }
    for (const shown of ['.facts', '.reason', '.decided', 'table']) {
      expect([shown, await page.locator(shown).first().isVisible()]).toEqual([shown, true])
    }
    expect((await page.pdf()).subarray(0, 5).toString()).toBe('%PDF-')
  })

  it('is small, has no script, and loads nothing from anywhere else', async () => {
    const many = Array.from({ length: 60 }, (_, i) =>
      order({ productId: String(i), name: `Produto ${i}` }, { onHand: 0 }),
    )
    const page = await openWindow(await pageServer({ orders: many }))
    const requests: Request[] = []
    page.on('requestfinished', (request) => requests.push(request))
    await page.goto('/?page=2', { waitUntil: 'networkidle' })
    const { origin } = new URL(page.url())
    expect([...new Set(requests.map((request) => new URL(request.url()).origin))]).toEqual([origin])
    expect(await page.locator('script, [style], style').count()).toBe(0)
    const sizes = await Promise.all(requests.map((request) => request.sizes()))
    const bytes = sizes.reduce((sum, it) => sum + it.responseHeadersSize + it.responseBodySize, 0)
    // Two seconds of a slow phone's network.
    expect(bytes).toBeLessThan(100_000)
  })

  it('shows the fields of a change when it is chosen, and not before', async () => {
    const page = await openWindow(await shop())
    const quantity = row(page, 'Biscoito champanhe').getByLabel('Quantity to order')
    expect(await quantity.isVisible()).toBe(false)
    await row(page, 'Biscoito champanhe').getByLabel('Change').check()
    expect(await quantity.isVisible()).toBe(true)
    await row(page, 'Biscoito champanhe').getByLabel('Not now').check()
    expect(await quantity.isVisible()).toBe(false)
  })

  it('shows a product within the stock system, where the chain allows it, and nowhere else', async () => {
    const host = createServer((request, response) => {
      response.setHeader('content-type', 'text/html')
      response.end(`<iframe src="${new URL(request.url!, 'http://host').searchParams.get('of')}">`)
    })
    await new Promise<void>((listening) => host.listen(0, '127.0.0.1', listening))
    onTestFinished(() => void host.close())
    const origin = `http://127.0.0.1:${(host.address() as AddressInfo).port}`
    for (const [embedIn, shown] of [
      [[origin], 1],
      [[], 0],
    ] as const) {
      const server = await pageServer({ orders: [order(champagne)], embedIn })
      const page = await openWindow(
        server,
        {},
        { complaints: /frame-ancestors|X-Frame-Options|Refused to/ },
      )
      const product = new URL('/products/1042?embedded=1', page.url()).href
      await page.goto(`${origin}/?of=${encodeURIComponent(product)}`)
      const frame = page.frameLocator('iframe')
      expect(await frame.getByRole('heading', { name: 'Biscoito champanhe (1042)' }).count()).toBe(
        shown,
      )
    }
  })

  it('runs nothing, whatever products, categories, stores, reasons and notes are called', async () => {
    const texts = [...naughty.map(({ text }) => text), ...bigList]
      .map((text) => text.toWellFormed().slice(0, 120))
      .filter((text) => /[<>"'&]|javascript|\u202e/i.test(text))
    const names = [...new Set(texts)]
    const orders = names.map((name, i) =>
      order({ productId: `${i} ${name}`, storeId: name, name, category: name }, { onHand: 0 }),
    )
    const script = '</option></select><script>alert(1)</script>'
    const server = await pageServer({
      orders,
      reasons: [{ id: 'event', en: script, 'pt-BR': script }],
      name: '<img src=x onerror=alert(1)>',
    })
    const page = await openWindow(server)
    const ours = await page.evaluate(OTHER_ELEMENTS)
    expect(ours).toEqual([])
    for (let number = 1; number <= Math.ceil(names.length / 25); number++) {
      await page.goto(`/products?page=${number}`)
      expect(await page.evaluate(OTHER_ELEMENTS)).toEqual([])
    }
    await page.locator('[name="choice.0"][value=change]').check()
    await page.locator('[name="quantity.0"]').fill('<img src=x onerror=alert(1)>')
    await page.locator('[name="note.0"]').fill('"><script>alert(1)</script>')
    await page.locator('[name="reason.0"]').selectOption({ index: 1 })
    await page.locator('.save button').click()
    expect(await page.evaluate(OTHER_ELEMENTS)).toEqual([])
    await page.locator('[name="quantity.0"]').fill('5')
    await page.locator('.save button').click()
    await page.locator('.row a').first().click()
    expect(await page.evaluate(OTHER_ELEMENTS)).toEqual([])
  })
})

/** Elements and attributes that no page of ours has. */
const OTHER_ELEMENTS = `[...document.querySelectorAll('*')].filter((it) =>
  it.matches('script, style, img, iframe, object, embed, base, marquee, video, audio, math, template')
  || [...it.attributes].some(({ name, value }) => /^on|^style$|srcdoc/.test(name) || /^\\s*javascript:/i.test(value) && name !== 'value' && name !== 'aria-label')
).map((it) => it.outerHTML)`
