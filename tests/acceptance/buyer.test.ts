import { readdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { parseHTML } from 'linkedom'
import { expect, it, onTestFinished } from 'vitest'
import { type Day, dayFromIso, isoFromDay } from '../../src/base/day.ts'
import { git } from '../../src/base/git.ts'
import { createToken } from '../../src/service/access/tokens.ts'
import { recordSalesOnChange } from '../../src/service/recording/sales-actuals.ts'
import { serve } from '../../src/service/serve.ts'
import { serviceParts } from '../integration/service/service-parts.ts'
import { mergeProposal, newProject, REPOSITORY, SAMPLE, succeed, succeedJson } from '../project.ts'
import { put, temporaryFolder } from '../repository.ts'
import { serviceClient } from '../service-client.ts'
import { recipe } from '../shop.ts'

it('lets a buyer see months later what was forecast of biscuits, what was ordered instead and why, and what sold', async () => {
  const lines = await biscuits()
  const january = dayFromIso('2026-01-31')!
  const shop = await newProject({
    ...exported(lines, january),
    ...recipe('seasonal-naive: {}, moving-average: { window: 4 }', { horizon: 5 }),
    'data/datapackage.json': await contract(),
    'ordering.yml': 'defaults: { leadTime: 2, reviewPeriod: 7, pack: 8 }\n',
  })
  for (const command of [['train'], ['compare'], ['promote', '--baseline']]) {
    await succeed(shop, command)
  }
  await mergeProposal(shop)
  const clock = { today: january + 1 }
  const { client, look } = await service(shop, clock)

  // In the beginning of February, before the carnival.
  const asked = { product: CREAM_CRACKER, month: '2026-02' }
  const [forecast] = (await client.post('/v1/forecasts', asked)).data.answers
  expect(forecast).toMatchObject({ name: 'Cream cracker', from: '2026-02-01', to: '2026-02-28' })
  expect(forecast.mean).toBeGreaterThan(0)
  const [order] = (await client.post('/v1/orders', { product: CREAM_CRACKER })).data.answers
  const quantity = order.units + 40
  const decided = await client.post('/v1/decisions', [
    { of: forecast.id, decision: 'changed', quantity: forecast.mean + 40, reason: 'event' },
    { of: order.id, decision: 'changed', quantity, reason: 'event', note: 'Carnival next door' },
  ])
  expect(decided.data.answers).toMatchObject([{ status: 200 }, { status: 200 }])

  // Two months later, with the sales since.
  const march = dayFromIso('2026-03-31')!
  await put(shop, exported(lines, march))
  clock.today = march + 1
  await look()

  const { entries } = await succeedJson(shop, [
    'ledger',
    ...['--product', 'Cream cracker', '--ledger', LEDGER, '--json'],
  ])
  const entry = (id: string) => entries.find((it: { of: { id: string } }) => it.of.id === id)
  expect(entry(forecast.id)).toMatchObject({
    of: { data: { mean: forecast.mean, basis: { salesThrough: '2026-01-31' } } },
    decision: { event: { data: { decision: 'changed', reason: 'event' } } },
    sold: { units: soldOf(lines, '2026-02-01', '2026-02-28'), days: 28, knownDays: 28 },
  })
  expect(entry(order.id)).toMatchObject({
    of: { data: { advice: { units: order.units } } },
    decision: { event: { data: { decision: 'changed', quantity, reason: 'event' } } },
    sold: { units: soldOf(lines, order.from, order.through) },
  })
})

it('shows in a copy of the repository the order of the day, and takes a decision, with nothing set up', async () => {
  const folder = await temporaryFolder()
  const copy = join(folder, 'demand')
  await git(folder, ['clone', '--quiet', REPOSITORY, copy])
  await symlink(join(REPOSITORY, 'node_modules'), join(copy, 'node_modules'))
  const serving = await serve({
    project: copy,
    ledger: LEDGER,
    host: '127.0.0.1',
    port: 0,
    release: '0.1.0',
  })
  onTestFinished(() => serving.close())
  const browser = fetchingBrowser(serving.address)
  await browser.open(serving.loginLink)
  await browser.send('/login')
  const page = await browser.open(`${serving.address}/`)
  expect(page.querySelectorAll('.decide').length).toBeGreaterThan(0)
  await browser.send('/decisions', { all: 'accept' })

  const { entries } = await succeedJson(copy, ['ledger', '--ledger', LEDGER, '--json'])
  const accepted = entries.filter(
    (entry: { decision?: { event: { data: { decision: string } } } }) =>
      entry.decision?.event.data.decision === 'followed',
  )
  expect(accepted.length).toBeGreaterThan(0)
  expect(accepted[0].of).toMatchObject({ type: 'cd4ml.order.v1' })
})

const CREAM_CRACKER = '1037'
const LEDGER = 'sqlite:.cd4ml/ledger.sqlite'

/** The service over a shop, on days that the clock says. */
async function service(shop: string, clock: { today: Day }) {
  const now = () => new Date(`${isoFromDay(clock.today)}T12:00:00Z`)
  const { app, engine, log, database } = await serviceParts({ project: shop, ledger: LEDGER, now })
  const sales = recordSalesOnChange({
    engine,
    log,
    by: () => ({ source: '/cd4ml/service', time: now().toISOString() }),
    onProblem: (error) => expect.unreachable(String(error)),
  })
  onTestFinished(async () => {
    await app.close()
    await engine.close()
    await sales.idle()
    await log.close()
  })
  const scopes = ['read', 'decide'] as const
  const { secret } = await createToken(database, { name: 'stock', scopes, now: now() })
  return {
    client: await serviceClient(app, secret),
    async look() {
      await engine.look()
      await sales.idle()
    },
  }
}

/** A browser as far as a page without scripts needs one: cookies, links and forms. */
function fetchingBrowser(address: string) {
  const cookies = new Map<string, string>()
  let shown = parseHTML('<html></html>').document
  const ask = async (url: string, init: RequestInit = {}): Promise<typeof shown> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { accept: 'text/html', origin: address, cookie, ...init.headers }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!
      cookies.set(name, value)
    }
    const to = response.headers.get('location')
    if (to) return ask(new URL(to, address).href)
    expect(response.status).toBe(200)
    shown = parseHTML(await response.text()).document
    return shown
  }
  return {
    open: (url: string) => ask(url),
    /** Sends the first form of the page that goes there, with what is filled in and these fields. */
    send(action: string, fields: Record<string, string> = {}) {
      const form = [...shown.querySelectorAll('form')].find(
        (it) => it.getAttribute('action') === action,
      )!
      const filled = [...form.querySelectorAll('input[name], select[name]')]
        .filter((it) => it.getAttribute('type') !== 'radio' || it.hasAttribute('checked'))
        .map((it) => {
          const chosen = it.querySelector('option[selected]') ?? it
          return [it.getAttribute('name')!, chosen.getAttribute('value') ?? '']
        })
      return ask(`${address}${action}`, {
        method: 'POST',
        body: new URLSearchParams({ ...Object.fromEntries(filled), ...fields }),
      })
    },
  }
}

type Line = { cells: string[]; bought: string; sold: string }

/** The lines of the sample that tell of biscuits, with their days. */
async function biscuits(): Promise<Line[]> {
  const folder = join(SAMPLE, 'sales')
  const texts = await Promise.all(
    (await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8')),
  )
  return (
    texts
      .flatMap((text) => text.trimEnd().split('\n').slice(1))
      .map((line) => line.split(';'))
      .map((cells) => ({ cells, bought: iso(cells[5]), sold: iso(cells[6]) }))
      // What the sample has of mistakes is another matter.
      .filter(
        ({ cells, bought, sold }) =>
          cells[2] === 'Biscoitos' && bought > OPENED && (sold === '' || sold >= bought),
      )
  )
}

function iso(text: string): string {
  return text.split('/').reverse().join('-')
}

/** The files that the shop had at the end of a day: what sold by months, and what had not yet. */
function exported(lines: Line[], day: Day): Record<string, string> {
  const today = isoFromDay(day)
  const files = new Map<string, string[]>()
  for (const { cells, sold } of lines.filter(({ bought }) => bought <= today)) {
    const isSold = sold !== '' && sold <= today
    const name = isSold ? sold.slice(0, 7) : 'unsold'
    const line = isSold ? cells : cells.with(6, '')
    files.set(name, [...(files.get(name) ?? [HEADER]), line.join(';')])
  }
  return Object.fromEntries(
    [...files].map(([name, text]) => [`data/sales/${name}.csv`, `${text.join('\n')}\n`]),
  )
}

const OPENED = '2023-10-31'

const HEADER = 'id;nome;categoria;preco;custo;data_compra;data_venda;data_vencimento'

function soldOf(lines: Line[], from: string, to: string): number {
  return lines.filter(({ cells, sold }) => cells[0] === CREAM_CRACKER && sold >= from && sold <= to)
    .length
}

/** The contract of the sample, of whatever files there are. */
async function contract(): Promise<string> {
  const sample = JSON.parse(await readFile(join(SAMPLE, 'datapackage.json'), 'utf8'))
  sample.resources[0].path = 'sales/*.csv'
  delete sample.cd4ml.sample
  delete sample.cd4ml.files
  return JSON.stringify(sample)
}
