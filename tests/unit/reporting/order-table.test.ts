import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { forecastExcelCsv, forecastText } from '../../../src/reporting/forecast-table.ts'
import { orderExcelCsv, orderText } from '../../../src/reporting/order-table.ts'
import { languages } from './languages.ts'
import { order, orders } from './order-examples.ts'

const now = { day: '2026-11-02', age: { through: '2026-11-01', days: 1, rhythm: 1 } }

describe.each(languages)('what a buyer sees in a terminal in %s', (language) => {
  it('is the order that was last approved', async () => {
    const text = orderText(orders(), now, language)
    await expect(text).toMatchFileSnapshot(
      language === 'en' ? '__golden__/order.txt' : `__golden__/order.${language}.txt`,
    )
  })

  it('fits 100 columns, whatever products and stores are called, and to the millions', () => {
    const name = 'Conjunto de panelas antiaderentes com tampa de vidro '.repeat(3)
    const long = { productId: '7891234567890', storeId: 'Shopping Iguatemi', name, category: name }
    const large = { units: 1_234_568, onHand: 123_456, cost: 9.99 }
    const table = orderText([order(long, large), order({ ...long, storeId: 'x' })], now, language)
    const made = { ...long, from: '2026-11-02', basis: 'series' as const }
    const quantiles = { mean: 1e6, p2_5: 1, p10: 1e6, p50: 1e6, p90: 1e6, p97_5: 1e6 }
    const forecasts = forecastText([{ ...made, ...quantiles }], language)
    for (const line of `${table}${forecasts}`.split('\n')) {
      expect(line.length, line).toBeLessThanOrEqual(100)
    }
  })

  it('is cut where it is long, with a word where the rest is', () => {
    const many = Array.from({ length: 1000 }, (_, i) => order({ productId: `P${i}` }))
    const text = orderText(many, now, language)
    expect(text.match(/^P\d+ /gm)).toHaveLength(100)
    expect(text).toMatch(/^… .*900 .*cd4ml order --format csv/m)
  })

  it('warns of old sales, and only of those', () => {
    const old = { ...now, age: { ...now.age, days: 9 } }
    expect(orderText(orders(), old, language)).toMatch(/(are 9 days old|têm 9 dias)/)
    expect(orderText(orders(), now, language)).not.toMatch(/are \d+ days? old|têm \d+ dias?/)
  })
})

describe('CSV for Excel in Brazil', () => {
  const excel = orderExcelCsv(orders(), 'pt-BR')
  const [header, ...rows] = parse(excel, { delimiter: ';', bom: true })

  it('opens as columns with accents: a byte order mark, semicolons, names, and the same count of cells', () => {
    expect(excel.charCodeAt(0)).toBe(0xfeff)
    expect(header.slice(0, 6)).toEqual(['Categoria', 'Produto', 'Nome', 'Loja', 'De', 'Até'])
    expect(rows).toHaveLength(orders().length)
    expect(rows[0].slice(0, 6)).toEqual([
      'Biscoitos',
      '1042',
      'Biscoito champanhe',
      '',
      '02/11/2026',
      '11/11/2026',
    ])
  })

  it('has numbers that Excel adds up: a comma before the decimals, and no group signs', () => {
    const numbers = rows[1].slice(6, 15)
    expect(numbers).toEqual(['12', '29,25', '16,4', '40,2', '1600', '200', '8', '3,6325', '5812'])
    expect(rows[6].slice(4, 15)).toEqual(Array(11).fill(''))
  })

  it('has the forecasts, too', () => {
    const quantiles = { mean: 312.456789, p2_5: 1, p10: 255, p50: 310.5, p90: 1380, p97_5: 9 }
    const of = { productId: '1042', name: 'Pão', category: 'Padaria', from: '2026-12-01' }
    expect(forecastExcelCsv([{ ...of, ...quantiles }], 'pt-BR')).toBe(
      '\ufeffCategoria;Produto;Nome;Desde;Previsão;No mínimo (10%);Meio (50%);No máximo (90%)\n' +
        'Padaria;1042;Pão;01/12/2026;312,4568;255;310,5;1380\n',
    )
  })
})
