import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, it } from 'vitest'
import { isoFromDay } from '../../src/base/day.ts'
import { cd4ml, newProject, succeed, succeedJson } from '../project.ts'
import { copyOf, put } from '../repository.ts'
import { OPENING, productIds, recipe, salesOf, stockedFiles } from '../shop.ts'

const weeks = 30
const lastDay = OPENING + 7 * weeks - 1

describe('the order of a buyer', () => {
  let project: string

  beforeAll(async () => {
    const sales = salesOf({ products: productIds(4), frequency: 'day', periods: 7 * weeks })
    project = await newProject({
      ...stockedFiles(sales, lastDay),
      ...recipe('moving-average: { window: 8 }', { horizon: 5 }),
      'ordering.yml': 'defaults: { leadTime: 2, reviewPeriod: 7, pack: 10 }\n',
    })
    await succeed(project, ['train'])
  })

  it('lists every product with units and reason, for people, for spreadsheets and for programs', async () => {
    const { orders, day, sales } = await succeedJson(project, ['order', '--as-of', '2024-07-30'])
    expect([day, sales]).toEqual(['2024-07-29', { through: '2024-07-28', days: 2, rhythm: 1 }])
    expect(orders.map(({ productId }: { productId: string }) => productId)).toEqual(productIds(4))
    for (const { outcome, units, from, through, onHand, forecast } of orders) {
      expect(outcome).toBe('order')
      expect([from, through]).toEqual([isoFromDay(lastDay + 1), isoFromDay(lastDay + 9)])
      expect(units % 10).toBe(0)
      expect(onHand).toBe(50)
      // Losing a sale costs more than keeping a unit: more than the mean is to be there.
      expect(units + onHand).toBeGreaterThan(forecast.mean)
    }
    const [header, ...rows] = parse(await succeed(project, ['order', '--format', 'csv']))
    expect(header).toEqual(['product_id', 'order', 'from', 'through', 'on_hand', 'reason'])
    expect(rows.map(([id, units]: string[]) => [id, Number(units)])).toEqual(
      orders.map((it: { productId: string; units: number }) => [it.productId, it.units]),
    )
    const text = await succeed(project, ['order', '--quiet'])
    expect(text).toMatch(/^Order of the day: \S+\nProduct {2}On hand {2}Forecast .* Value\n/)
    for (const { productId, units } of orders) {
      const shown = units.toLocaleString('en-US')
      expect(text).toMatch(new RegExp(`^${productId} .* ${shown} +\\d+ × 10 +\\d`, 'm'))
    }
    const one = await succeed(project, ['order', '--product', 'P1', '--quiet'])
    expect(one).toBe(`P1: ${orders[0].reason}\n`)
  })

  it('opens in Excel in Brazil, and is asked for as people write, where the project speaks Portuguese', async () => {
    const brazilian = await copyOf(project)
    await put(brazilian, { 'project.yml': 'language: pt-BR\n' })
    const excel = await succeed(brazilian, ['order', '--format', 'excel', '--quiet'])
    expect(excel).toMatch(
      /^\uFEFFCategoria;Produto;Nome;De;Até;.*\n;P1;;29\/07\/2024;06\/08\/2024;50;\d+,/,
    )
    expect(await succeed(brazilian, ['order', '--product', 'p1', '--as-of', '28/07/2024'])).toMatch(
      /^P1: Pedir [\d.]+ \(\d+ embalagens de 10\): previsão de /,
    )
    const days = ['--from', '29/07/2024', '--to', '04/08/2024']
    expect(await succeed(brazilian, ['forecast', '--product', 'P3', ...days])).toMatch(
      /^P3, 29\/07\/2024 a 04\/08\/2024: [\d.]+ unidades; intervalo de 80%: [\d.]+ a [\d.]+\n/,
    )
    const month = ['--as-of', '28/07/2024', '--month', 'agosto']
    const { stdout, stderr } = await cd4ml(brazilian, ['forecast', '--product', 'P3', ...month])
    expect(stdout).toMatch(/^P3, agosto de 2024: /)
    expect(stderr).toMatch(/^Previsto pelo desafiante em .*, treinado até 28\/07\/2024\.\n$/)
    expect(await succeed(brazilian, ['forecast', '--all', '--format', 'text'])).toMatch(
      /^Produto +Desde +Previsão .*\nP1 +29\/07\/2024 /,
    )
  })

  it('warns of sales that are older than they should be, in whatever form it is', async () => {
    for (const form of [[], ['--product=P1'], ['--format=csv'], ['--format=excel'], ['--json']]) {
      const warned = async (asOf: string) => {
        const { stdout, stderr } = await cd4ml(project, ['order', '--as-of', asOf, ...form])
        return `${stdout}${stderr}`.includes(
          'The sales are 2 days old, and new ones are due every day.',
        )
      }
      expect([form, await warned('2024-07-30'), await warned('2024-07-29')]).toEqual([
        form,
        true,
        false,
      ])
    }
  })

  it('is not guessed at where a day could be two, or a month is none', async () => {
    const day = await cd4ml(project, ['forecast', '--product', 'P1', '--from=02/08/2024', '--to=x'])
    expect([day.code, day.stderr]).toEqual([
      2,
      expect.stringContaining('--from: "02/08/2024" may be 2024-08-02 or 2024-02-08'),
    ])
    const month = await cd4ml(project, ['forecast', '--product', 'P1', '--month', 'natal'])
    const store = await cd4ml(project, ['order', '--store', '7'])
    expect([store.code, store.stderr]).toEqual([2, expect.stringContaining('needs --product')])
    expect([month.code, month.stderr]).toEqual([2, expect.stringContaining('--month: must be a')])
  })

  it('stands below the forecast of a product', async () => {
    const span = ['--from', isoFromDay(lastDay + 1), '--to', isoFromDay(lastDay + 14)]
    const answer = await succeed(project, ['forecast', '--product', 'P3', ...span, '--quiet'])
    expect(answer.split('\n')[1]).toMatch(/^Order [\d,]+ \(\d+ packs? of 10\): forecast /)
  })

  it('is not given on terms that make no sense', async () => {
    const { code, stderr } = await cd4ml(project, ['order', '--ordering', 'none.yml'])
    expect(code).toBe(2)
    expect(stderr).toContain('none.yml: cannot be read')
  })
})
