import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { git } from '../../../src/base/git.ts'
import type { Engine, InProduction } from '../../../src/service/engine/engine.ts'
import { openDashboard } from '../../../src/service/page/open-dashboard.ts'
import { copyOf, temporaryFolder } from '../../repository.ts'
import {
  LEARNT,
  monitoredShop,
  morningAfter,
  passWeeks,
  publishAfter,
} from '../monitoring/monitored-shop.ts'
import { pageServer } from './page-fixture.ts'
import { shopEngine } from './shop-engine.ts'

let shop: string

beforeAll(async () => {
  shop = await monitoredShop()
  await passWeeks(shop, LEARNT)
  await publishAfter(shop, LEARNT)
  await passWeeks(shop, LEARNT + 1)
})

describe('whoever is logged in sees at /dashboard', () => {
  it('how the model does, in their language, with the way back to the orders', async () => {
    const { browser } = await withDashboard(shop)
    const sent = await browser.get('/dashboard')
    expect([sent.statusCode, sent.headers.location]).toEqual([303, '/dashboard/index.html'])
    const page = await browser.get('/dashboard/index.html')
    expect(page.statusCode).toBe(200)
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(page.headers['content-security-policy']).toContain("script-src 'self'")
    expect(page.body).toContain('Version 1')
    expect(page.body).toContain('<a href="/">Orders</a>')
    const products = await browser.get('/dashboard/products.html')
    expect(products.body).toContain('P1 in store centre')
    expect((await browser.get('/dashboard/site.css')).headers['content-type']).toContain('text/css')
    const portuguese = await browser.get('/dashboard', { 'accept-language': 'pt' })
    expect(portuguese.headers.location).toBe('/dashboard/pt-BR/index.html')
  })

  it('what is new once other sales are known, without waiting for it to be made', async () => {
    const project = await copyOf(shop)
    const { browser, look, made } = await withDashboard(project)
    const weeks = async () =>
      (await browser.get('/dashboard/evidence.html')).body.match(/<tr><th scope="row">/g)?.length
    expect(await weeks()).toBe(1)
    await publishAfter(project, LEARNT + 1)
    await passWeeks(project, LEARNT + 2)
    look()
    expect(await weeks()).toBe(1)
    await made()
    expect(await weeks()).toBe(2)
  })

  it('that there is none of this path, and none at all where the service follows another branch', async () => {
    const { browser } = await withDashboard(shop)
    for (const path of ['/dashboard/none.html', '/dashboard/..%2f..%2fproject.yml']) {
      expect((await browser.get(path)).statusCode, path).toBe(404)
    }
    const { browser: elsewhere } = await pageServer({})
    const page = await elsewhere.get('/dashboard/index.html')
    expect([page.statusCode, page.body]).toEqual([
      404,
      expect.stringMatching(/There is no dashboard here.*npx cd4ml dashboard/),
    ])
  })
})

it('says why there is none, and what to do, where a clone does not know since when', async () => {
  const shallow = await temporaryFolder()
  const clone = ['clone', '--quiet', '--no-local', '--depth=1', '--no-single-branch']
  await git(shallow, [...clone, `file://${shop}`, '.'])
  const { browser, problems } = await withDashboard(shallow)
  const page = await browser.get('/dashboard/index.html')
  expect([page.statusCode, page.body]).toEqual([
    404,
    expect.stringMatching(/shallow[^<]*fetch-depth: 0/),
  ])
  expect(problems.splice(0)).toHaveLength(1)
})

it('is shown to nobody who has not logged in', async () => {
  const { app } = await withDashboard(shop)
  const answer = await app.inject({
    url: '/dashboard/index.html',
    headers: { accept: 'text/html' },
  })
  expect([answer.statusCode, answer.headers.location]).toEqual([
    303,
    expect.stringMatching(/^\/login/),
  ])
  expect(answer.body).not.toContain('Version 1')
})

/** A service on that folder; `look` has other sales take over, as the engine does. */
async function withDashboard(project: string) {
  let weeks = LEARNT + 1
  const engine = shopEngine([])
  const { basis, ...rest } = engine.current()
  const current = (): InProduction => ({
    ...rest,
    basis: { ...basis, salesThrough: morningAfter(weeks).slice(0, 10) },
  })
  const problems: unknown[] = []
  const dashboard = openDashboard({
    project,
    engine: { current } as Pick<Engine, 'current'>,
    settings: () => ({ reasons: [], language: 'en', timeZone: 'UTC' }),
    now: () => new Date(morningAfter(weeks)),
    onProblem: (error) => problems.push(error),
  })
  onTestFinished(async () => {
    await dashboard.close()
    expect(problems).toEqual([])
  })
  const server = await pageServer({ dashboard })
  return { problems, ...server, look: () => void weeks++, made: () => dashboard.idle() }
}
