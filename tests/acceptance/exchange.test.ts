import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openDatabase } from '../../src/ledger/sql/database.ts'
import { sqlEventLog } from '../../src/ledger/sql/sql-event-log.ts'
import { openExchange } from '../../src/service/exchange/exchange.ts'
import { engineOf, shopWith, TODAY } from '../integration/service/engine-fixture.ts'
import { rowsOf } from '../integration/service/exchange-fixture.ts'
import { put } from '../repository.ts'

it('lets a chain whose stock system has no HTTP order by files alone, and keeps what it did and what came of it', async () => {
  const shop = await shopWith('moving-average: { window: 8 }')
  const { engine } = await engineOf(shop)
  const log = sqlEventLog(await openDatabase('sqlite:ledger.sqlite', shop))
  onTestFinished(() => log.close())
  const exchange = await openExchange({
    folder: join(shop, 'files'),
    engine,
    log,
    settings: () => ({ ...engine.settings(), language: 'pt-BR' }),
    today: () => TODAY,
    now: () => '2024-07-29T09:00:00.000Z',
    onProblem: (error) => {
      throw error
    },
  })
  const read = async (name: string) => rowsOf(await readFile(join(shop, 'files', name), 'utf8'))
  const settle = async () => {
    for (let look = 0; look < 3; look++) await exchange.tick()
  }

  await exchange.tick()
  const orders = await read('out/orders-2024-07-29.csv')
  const forecasts = await read('out/forecasts-2024-07-29.csv')
  expect([orders.length, forecasts.length]).toEqual([4, 4])
  expect(forecasts.map(({ produto }) => produto)).toEqual(orders.map(({ produto }) => produto))
  expect(forecasts[0]).toMatchObject({
    de: '29/07/2024',
    ate: orders[0].ate,
    media: orders[0].media,
  })

  const [first, second] = orders
  await put(join(shop, 'files/in'), {
    'pedidos.csv': Buffer.from(
      'id_evento;decisão;quantidade;motivo;observação\r\n' +
        `${first.id_evento};alterado;30;Evento local;Festa de São João\r\n` +
        `${second.id_evento};seguido;;;\r\n`,
      'latin1',
    ),
  })
  await settle()
  await put(join(shop, 'files/in'), {
    'chegou.csv': `produto;data;recebido\n${first.produto};29/07/2024;30\n`,
    'vendeu.csv': `produto;data;vendido\n${first.produto};28/07/2024;4,5\n`,
  })
  await settle()
  for (const name of ['pedidos', 'chegou', 'vendeu']) {
    const answers = await read(`answers/${name}.csv`)
    expect(new Set(answers.map(({ resultado }) => resultado))).toEqual(new Set(['aceita']))
  }
  expect(await readdir(join(shop, 'files/in'))).toEqual([])

  const { events } = await log.after(undefined, 1000)
  const ofFirst = events.filter(({ data }) => data.product === first.produto)
  expect(
    ofFirst.map(({ type, data }) => [
      type,
      'quantity' in data ? data.quantity : 'units' in data ? data.units : 0,
    ]),
  ).toEqual([
    ['cd4ml.order.v1', 0],
    ['cd4ml.forecast.v1', 0],
    ['cd4ml.decision.v1', 30],
    ['cd4ml.receipt.v1', 30],
    ['cd4ml.actual.v1', 4.5],
  ])
})
