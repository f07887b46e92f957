import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { AxeBuilder } from '@axe-core/playwright'
import type { FastifyInstance } from 'fastify'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, expect } from 'vitest'

const EXECUTABLE = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'

/** Whether there is a browser here; CD4ML_REQUIRE_CHROMIUM makes its absence a failure. */
export const hasChromium = existsSync(EXECUTABLE)
if (!hasChromium) {
  const what = `there is no Chromium at ${EXECUTABLE}: CHROMIUM_PATH names another`
  if (process.env.CD4ML_REQUIRE_CHROMIUM) throw new Error(what)
  console.warn(`The page is not tried in a browser: ${what}.`)
}

/** What people read it on. */
export const viewports = {
  phone: { width: 360, height: 740 },
  desktop: { width: 1200, height: 900 },
}

let browser: Promise<Browser> | undefined

afterAll(async () => await (await browser)?.close())

/** A window of a person who has logged in, which complains of whatever a page should not do. */
export async function openWindow(
  { app, loginPath }: { app: FastifyInstance; loginPath: () => Promise<string> },
  options: BrowserContextOptions = {},
  /** What the browser may complain of: what is refused. */
  { complaints = /status of (4\d\d|503)/ }: { complaints?: RegExp } = {},
): Promise<Page> {
  if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const page = await openPage({ baseURL: `http://127.0.0.1:${port}`, ...options }, complaints)
  await page.goto(await loginPath())
  await page.locator('main button').click()
  return page
}

/** An empty window that complains of whatever a page should not do, but for what is expected. */
export async function openPage(options: BrowserContextOptions, expected?: RegExp): Promise<Page> {
  browser ??= chromium.launch({
    executablePath: EXECUTABLE,
    // Whoever runs tests as root, in a container, cannot have the sandbox.
    args: ['--no-sandbox', '--disable-background-networking', '--disable-lcd-text'],
  })
  const context = await (await browser).newContext({
    locale: 'en-US',
    timezoneId: 'America/Sao_Paulo',
    ...options,
  })
  const page = await context.newPage()
  page.on('dialog', (dialog) => {
    throw new Error(`a script ran: ${dialog.message()}`)
  })
  page.on('pageerror', (error) => {
    throw error
  })
  page.on('console', (message) => {
    if (message.type() === 'error' && !expected?.test(message.text())) {
      throw new Error(`the browser complains: ${message.text()}`)
    }
  })
  return page
}

/** Holds that axe finds nothing on the page as it is, by the rules of WCAG 2.2 AA and good practice. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  const found = violations.map(({ id, nodes }) =>
    `${id}: ${nodes.map(({ html }) => html).join(' ')}`.slice(0, 400),
  )
  expect([page.url(), ...found]).toEqual([page.url()])
}

/** Holds that nothing on the page is wider than the screen, but what scrolls by itself. */
export async function expectFits(page: Page): Promise<void> {
  const { width } = page.viewportSize()!
  const shown = await page.evaluate('document.documentElement.scrollWidth')
  expect([page.url(), shown]).toEqual([page.url(), width])
}
