import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Language } from '../../src/base/language.ts'
import { dashboardSite } from '../../src/reporting/site/site.ts'
import { sharedFolder } from '../repository.ts'
import { dashboardData, empty } from '../unit/reporting/site/examples.ts'
import { expectAccessible, expectFits, hasChromium, openPage, viewports } from './chromium.ts'

const states = {
  full: dashboardData({ products: 130 }),
  empty,
  endless: dashboardData({
    products: 9,
    named: (name, i) => (i === 2 ? 'Chocolate'.repeat(40) : name),
  }),
}

let folder: string

beforeAll(async () => {
  folder = await sharedFolder()
  for (const [state, data] of Object.entries(states)) {
    for (const [path, make] of dashboardSite(data, { usual: 'en' })) {
      const file = join(folder, state, path)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, make())
    }
  }
})

/** It asks for the stylesheet, which no page of a folder may. */
const AXE_LOOKS_AT_STYLES = /^Connecting to 'file:[^']*\/site\.css' violates/

const PAGES = [
  ...['index', 'accuracy', 'evidence', 'products', 'value', 'shadow', 'context'],
  ...['versions', 'experiments'],
]

describe.skipIf(!hasChromium).each([
  { viewport: viewports.phone, colorScheme: 'light', language: 'pt-BR', javaScriptEnabled: true },
  { viewport: viewports.phone, colorScheme: 'dark', language: 'en', javaScriptEnabled: true },
  { viewport: viewports.desktop, colorScheme: 'dark', language: 'pt-BR', javaScriptEnabled: true },
  { viewport: viewports.desktop, colorScheme: 'light', language: 'en', javaScriptEnabled: true },
] as const)(
  'opened from a folder, $colorScheme, in $language, $viewport.width pixels wide,',
  ({ language, ...options }) => {
    it.each(['full', 'empty'] as const)(
      'axe finds nothing on any page of the dashboard that is %s, and nothing is cut off',
      async (state) => {
        const page = await openPage(options, AXE_LOOKS_AT_STYLES)
        const more =
          state === 'full' ? ['products/1', 'products/worst-2', 'products/category-1'] : []
        for (const name of [...PAGES, ...more]) {
          await open(page, state, language, `${name}.html`)
          await expectAccessible(page)
          await expectFits(page)
        }
      },
    )
  },
)

describe.skipIf(!hasChromium)('the dashboard', () => {
  it('finds a product by a part of its name in whatever case and accents, by keyboard alone', async () => {
    const page = await openPage({})
    await open(page, 'full', 'en', 'products.html')
    const field = page.getByLabel('Product, by name or number')
    await field.focus()
    await page.keyboard.type('PRODÚTO 77 FEIJAO')
    expect(await page.locator('#found p').textContent()).toBe('Found: 1')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.waitForURL(/products\/\d+\.html#p\d+$/)
    expect(await page.locator('section:target h2').textContent()).toBe('Produto 77 (1077)')
    await page.locator('section:target summary').click()
    expect(await page.locator('section:target table').isVisible()).toBe(true)
  })

  it('leads past its menu, and through its pages, by keyboard alone', async () => {
    const page = await openPage({})
    await open(page, 'full', 'en', 'index.html')
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').textContent()).toBe('Skip to the content')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.waitForURL(/accuracy\.html$/)
    expect(await page.locator('[aria-current=page]').textContent()).toBe('Accuracy')
  })

  it('has every product without scripts: in the lists, page by page, and by category', async () => {
    const page = await openPage({ javaScriptEnabled: false })
    await open(page, 'full', 'en', 'products.html')
    expect(await page.locator('form.search').isVisible()).toBe(false)
    const first = await page.locator('tbody tr').count()
    await page.getByRole('link', { name: 'Next page' }).click()
    expect(first + (await page.locator('tbody tr').count())).toBe(130)
    await page.locator('tbody a').first().click()
    expect(await page.locator('section:target svg').first().isVisible()).toBe(true)
  })

  it('is read in the other language on the same page, and stays in it', async () => {
    const page = await openPage({})
    await open(page, 'full', 'en', 'evidence.html')
    await page.getByRole('link', { name: 'Português' }).click()
    expect(await page.title()).toBe('A evidência, bloco a bloco · cd4ml')
    await page.getByRole('link', { name: 'Produtos' }).click()
    expect(await page.locator('html').getAttribute('lang')).toBe('pt-BR')
    await page.getByRole('link', { name: 'English' }).click()
    expect(await page.title()).toContain('Forecasts against sales')
  })

  it('lets no name without end take the figures of the others out of sight', async () => {
    const page = await openPage({ viewport: viewports.desktop })
    for (const name of ['products', 'accuracy', 'versions', 'experiments']) {
      await open(page, 'endless', 'en', `${name}.html`)
      for (const table of await page.locator('.wide').all()) {
        const [shown, whole] = await table.evaluate((it) => [it.clientWidth, it.scrollWidth])
        expect([name, whole]).toEqual([name, shown])
      }
    }
  })

  it('prints what it says, without what only a screen needs', async () => {
    const page = await openPage({})
    await open(page, 'full', 'en', 'index.html')
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('header').isVisible()).toBe(false)
    for (const shown of ['.verdict', 'table', 'svg.chart']) {
      expect([shown, await page.locator(shown).first().isVisible()]).toEqual([shown, true])
    }
    expect((await page.pdf()).subarray(0, 5).toString()).toBe('%PDF-')
  })

  it('asks nothing of anybody: every request is for a file beside the page', async () => {
    const page = await openPage({})
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    for (const name of PAGES) await open(page, 'full', 'en', `${name}.html`)
    const ours = pathToFileURL(folder).href
    expect(asked.filter((url) => !url.startsWith(ours))).toEqual([])
    expect(await page.locator('[style], style, [onclick]').count()).toBe(0)
  })
})

async function open(
  page: Page,
  state: keyof typeof states,
  language: Language,
  name: string,
): Promise<void> {
  const path = join(folder, state, language === 'en' ? '' : language, name)
  await page.goto(pathToFileURL(path).href)
}
