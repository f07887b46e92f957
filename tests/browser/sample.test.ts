import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { dayFromIso } from '../../src/base/day.ts'
import { folderSource } from '../../src/service/engine/folder-source.ts'
import { openEngine } from '../../src/service/engine/open-engine.ts'
import { pageServer } from '../integration/service/page-fixture.ts'
import { REPOSITORY, SAMPLE } from '../project.ts'
import { expectAccessible, expectFits, hasChromium, openWindow, viewports } from './chromium.ts'

/** Whoever has made the project their own has other sales, of other days. */
const isSample = SAMPLE === join(REPOSITORY, 'data')
const hasProduction = existsSync(join(REPOSITORY, 'model-registry', 'production', 'model.json'))

/** With `--mode pictures` the pictures of the documentation are taken on the way. */
const { PICTURES } = process.env

const said = {
  en: { save: 'Save decisions', change: 'Change', note: 'Street fair' },
  'pt-BR': { save: 'Salvar decisões', change: 'Mudar', note: 'Festa na rua' },
}

describe.skipIf(!hasChromium || !isSample || !hasProduction).each([
  { locale: 'en-US', language: 'en' },
  { locale: 'pt-BR', language: 'pt-BR' },
] as const)('with what is in production here, in $language,', ({ locale, language }) => {
  const say = said[language]

  it('a buyer goes through the order of the day, and looks at a product', async () => {
    const engine = await openEngine({
      // The day after the last sales: they are as new as they should be.
      source: folderSource(REPOSITORY, async () => dayFromIso('2026-11-01')!),
      log: { info: () => {}, warn: () => {} },
    })
    onTestFinished(() => engine.close())
    const server = await pageServer({ engine, language })
    const page = await openWindow(server, { viewport: viewports.desktop, locale })
    await expectAccessible(page)

    const row = page.locator('.row').first()
    await row.getByLabel(say.change).check()
    await row.locator('[name="quantity.0"]').fill('60')
    await row.locator('[name="reason.0"]').selectOption({ index: 2 })
    await row.locator('[name="note.0"]').fill(say.note)
    await picture(page, `buying-today-${language}`)
    await page.getByRole('button', { name: say.save }).click()
    expect(await page.locator('.done').count()).toBe(1)
    const [decision] = await server.log.find({ type: 'cd4ml.decision.v1', limit: 1 })
    expect(decision.data).toMatchObject({ decision: 'changed', quantity: 60 })

    const product = decision.data.store ? `?store=${decision.data.store}` : ''
    await page.goto(`/products/${encodeURIComponent(decision.data.product)}${product}`)
    await expectAccessible(page)
    await picture(page, `buying-product-${language}`)
    expect(await page.evaluate(TABLES_CUT_OFF)).toEqual([])
    await page.setViewportSize(viewports.phone)
    await expectFits(page)
    expect(await page.evaluate(TABLES_CUT_OFF)).toEqual([])
    await page.goto('/')
    await expectFits(page)
    expect(await page.evaluate(TABLES_CUT_OFF)).toEqual([])
    await picture(page, `buying-phone-${language}`)
  })
})

/** The labels of tables that are wider than their place. */
const TABLES_CUT_OFF = `[...document.querySelectorAll('.wide')]
  .filter((table) => table.scrollWidth > table.clientWidth)
  .map((table) => table.ariaLabel)`

async function picture(page: Page, name: string): Promise<void> {
  if (!PICTURES) return
  await page.screenshot({ path: join(PICTURES, `${name}.png`), animations: 'disabled' })
}
