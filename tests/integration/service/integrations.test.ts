import { describe, expect, it } from 'vitest'
import { bringFromOdoo, type Odoo, sendToOdoo } from '../../../integrations/odoo.ts'
import { bringFromProtheus, type Protheus, sendToProtheus } from '../../../integrations/protheus.ts'
import { askedJson } from '../../../integrations/requests.ts'
import { bringFromSankhya, type Sankhya, sendToSankhya } from '../../../integrations/sankhya.ts'
import type { Language } from '../../../src/base/language.ts'
import { TODAY } from './exchange-engine.ts'
import { startExchange } from './exchange-fixture.ts'
import { imitation, odooModels, protheusRest, sankhyaGateway } from './imitations.ts'

const SHELVES = [
  { product: '1013', units: 24 },
  { product: '1042', units: 8 },
  { product: '1099', units: 12 },
  { product: '2000', units: 0 },
]
const pause = async () => {}

async function begun(language: Language = 'en') {
  const exchange = await startExchange({ language, shelves: SHELVES })
  await exchange.tick()
  const decided = async () =>
    (await exchange.log.find({ type: 'cd4ml.decision.v1', limit: 100 }))
      .map(({ data }) => [data.product, data.decision, data.quantity])
      .sort()
  const received = async () =>
    (await exchange.log.find({ type: 'cd4ml.receipt.v1', limit: 100 }))
      .map(({ data }) => [data.product, data.day, data.units])
      .sort()
  return { ...exchange, decided, received }
}

it('a system that does not answer is named by its address', async () => {
  const url = 'http://127.0.0.1:1/orders'
  await expect(askedJson(url, {}, async () => {})).rejects.toThrow(`${url}: `)
})

describe('Odoo', () => {
  async function odooWith() {
    const tables: Record<string, Record<string, unknown>[]> = {
      'product.product': [
        { id: 1, default_code: '1013', seller_ids: [11] },
        { id: 2, default_code: '1042', seller_ids: [12] },
        { id: 3, default_code: '1099', seller_ids: [11] },
      ],
      'product.supplierinfo': [
        { id: 11, partner_id: [70, 'A'] },
        { id: 12, partner_id: [71, 'B'] },
      ],
      'purchase.order': [],
      'purchase.order.line': [],
      'stock.move': [],
    }
    const server = await imitation(odooModels(tables))
    const exchange = await begun()
    const odoo: Odoo = {
      url: server.url,
      key: 'KEY',
      database: 'shop',
      exchange: exchange.folder,
      pause,
    }
    return { tables, server, exchange, odoo }
  }

  it('gets a draft for each supplier, once, also where answers are lost', async () => {
    const { tables, server, odoo } = await odooWith()
    server.failing.push('no', 'before', 'no', 'no', 'after', 'before', 'no', 'before')
    expect((await sendToOdoo(odoo)).sort()).toEqual([
      `cd4ml ${TODAY}, supplier 70: created`,
      `cd4ml ${TODAY}, supplier 71: created`,
    ])
    expect((await sendToOdoo(odoo)).sort()).toEqual([
      `cd4ml ${TODAY}, supplier 70: there`,
      `cd4ml ${TODAY}, supplier 71: there`,
    ])
    expect(tables['purchase.order']).toHaveLength(2)
    expect(
      tables['purchase.order.line'].map(({ product_id, product_qty }) => [product_id, product_qty]),
    ).toEqual([
      [[1, 'p'], 24],
      [[3, 'p'], 12],
      [[2, 'p'], 8],
    ])
    expect(server.asked[0].headers['x-odoo-database']).toBe('shop')
  })

  it('gives back what was confirmed and what arrived, as often as it is asked', async () => {
    const { tables, exchange, odoo } = await odooWith()
    await sendToOdoo(odoo)
    await bringFromOdoo(odoo)
    expect(await exchange.names('in')).toEqual([])
    const [first] = tables['purchase.order']
    first.state = 'purchase'
    tables['purchase.order.line'][1].product_qty = 18
    const line = tables['purchase.order.line'][0].id
    tables['stock.move'].push(
      {
        id: 1,
        purchase_line_id: [line, 'l'],
        state: 'done',
        quantity: 20,
        date: `${TODAY} 07:00:00`,
      },
      {
        id: 2,
        purchase_line_id: [line, 'l'],
        state: 'done',
        quantity: 4,
        date: `${TODAY} 09:00:00`,
      },
    )
    for (let time = 0; time < 2; time++) {
      await bringFromOdoo(odoo)
      await exchange.settle()
    }
    expect(await exchange.decided()).toEqual([
      ['1013', 'followed', 24],
      ['1099', 'changed', 18],
    ])
    expect(await exchange.received()).toEqual([['1013', TODAY, 24]])
  })

  it('says what it refuses', async () => {
    const { odoo } = await odooWith()
    await expect(sendToOdoo({ ...odoo, key: 'WRONG' })).rejects.toThrow(/401/)
  })
})

describe('Sankhya', () => {
  async function sankhyaWith(language: Language = 'pt-BR') {
    const tables: Record<string, Record<string, string>[]> = {
      Produto: ['1013', '1042', '1099'].map((CODPROD) => ({
        CODPROD,
        CODPARCFORN: CODPROD === '1042' ? '71' : '70',
        CODVOL: 'UN',
      })),
      CabecalhoNota: [],
      ItemNota: [],
    }
    const server = await imitation(sankhyaGateway(tables))
    const exchange = await begun(language)
    const sankhya: Sankhya = {
      url: server.url,
      clientId: 'ID',
      clientSecret: 'SECRET',
      xToken: 'XTOKEN',
      companies: { '': '1' },
      orderOperation: '400',
      purchaseOperation: '401',
      terms: '10',
      exchange: exchange.folder,
      pause,
    }
    return { tables, server, exchange, sankhya }
  }

  it('gets an order for each supplier, once, also where answers are lost', async () => {
    const { tables, server, sankhya } = await sankhyaWith()
    server.failing.push('before', 'no', 'after', 'no', 'no', 'no', 'after')
    await sendToSankhya(sankhya)
    await sendToSankhya(sankhya)
    expect(tables.CabecalhoNota).toMatchObject([
      { CODPARC: '70', CODEMP: '1', DTNEG: '02/11/2026', OBSERVACAO: `cd4ml ${TODAY}` },
      { CODPARC: '71' },
    ])
    expect(tables.ItemNota.map(({ CODPROD, QTDNEG }) => [CODPROD, QTDNEG])).toEqual([
      ['1013', '24'],
      ['1099', '12'],
      ['1042', '8'],
    ])
  })

  it('gives back what was confirmed and what arrived, from all pages', async () => {
    const { tables, exchange, sankhya } = await sankhyaWith()
    await sendToSankhya(sankhya)
    for (const note of tables.CabecalhoNota) note.STATUSNOTA = 'L'
    tables.ItemNota[0].QTDNEG = '30'
    tables.CabecalhoNota.push({
      NUNOTA: '1',
      CODTIPOPER: '401',
      CODEMP: '1',
      STATUSNOTA: 'L',
      DTENTSAI: '02/11/2026 08:00:00',
    })
    tables.ItemNota.push({ NUNOTA: '1', CODPROD: '1042', QTDNEG: '8' })
    await bringFromSankhya(sankhya)
    await exchange.settle()
    expect(await exchange.decided()).toEqual([
      ['1013', 'changed', 30],
      ['1042', 'followed', 8],
      ['1099', 'followed', 12],
    ])
    expect(await exchange.received()).toEqual([['1042', TODAY, 8]])
  })

  it('says what it refuses, also where it answers 200', async () => {
    const { sankhya } = await sankhyaWith()
    await expect(sendToSankhya({ ...sankhya, companies: {} })).rejects.toThrow(/Empresa/)
    await expect(sendToSankhya({ ...sankhya, clientSecret: '?' })).rejects.toThrow(/401/)
  })
})

describe('Protheus', () => {
  async function protheusWith() {
    const tables: Record<string, Record<string, string>[]> = { SC1: [], SD1: [] }
    const server = await imitation(protheusRest(tables))
    const exchange = await begun()
    const protheus: Protheus = {
      url: `${server.url}/rest`,
      user: 'user',
      password: 'password',
      branches: { '': '01,0101' },
      model: { id: 'MATA110', heading: 'SC1MASTER', items: 'SC1DETAIL' },
      exchange: exchange.folder,
      pause,
    }
    return { tables, server, exchange, protheus }
  }

  it('gets one request, once, also where answers are lost', async () => {
    const { tables, server, protheus } = await protheusWith()
    server.failing.push('before', 'no', 'before', 'no', 'after')
    expect(await sendToProtheus(protheus)).toEqual([`cd4ml ${TODAY}: created`])
    expect(await sendToProtheus(protheus)).toEqual([`cd4ml ${TODAY}: there`])
    expect(tables.SC1.map(({ C1_PRODUTO, C1_QUANT }) => [C1_PRODUTO, C1_QUANT])).toEqual([
      ['1013', '24'],
      ['1042', '8'],
      ['1099', '12'],
    ])
  })

  it('gives back what was approved or refused and what arrived, from all pages', async () => {
    const { tables, exchange, protheus } = await protheusWith()
    await sendToProtheus(protheus)
    tables.SC1[0].C1_APROV = 'L'
    tables.SC1[1].C1_APROV = 'R'
    tables.SC1[2].C1_APROV = 'L'
    for (const D1_QUANT of ['10', '10', '4']) {
      tables.SD1.push({ D1_COD: '1013', D1_QUANT, D1_DTDIGIT: '20261102', D1_PEDIDO: '000009' })
    }
    await bringFromProtheus(protheus)
    await exchange.settle()
    expect(await exchange.decided()).toEqual([
      ['1013', 'followed', 24],
      ['1042', 'changed', 0],
      ['1099', 'followed', 12],
    ])
    expect(await exchange.received()).toEqual([['1013', TODAY, 24]])
  })

  it('says what it refuses', async () => {
    const { protheus } = await protheusWith()
    await expect(sendToProtheus({ ...protheus, password: '?' })).rejects.toThrow(/401/)
  })
})
