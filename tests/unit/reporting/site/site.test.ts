import { posix } from 'node:path'
import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { Language } from '../../../../src/base/language.ts'
import { remembered } from '../../../../src/base/remembered.ts'
import { courseTotals } from '../../../../src/monitoring/dashboard/product-courses.ts'
import { metricValue, threeDigits } from '../../../../src/reporting/format.ts'
import { lineChart } from '../../../../src/reporting/site/line-chart.ts'
import { dashboardSite } from '../../../../src/reporting/site/site.ts'
import { comparingTexts } from '../../../../src/reporting/texts/comparing.ts'
import { numbersIn } from '../../../../src/reporting/texts/numbers.ts'
import { siteTexts } from '../../../../src/reporting/texts/site.ts'
import { healthRecord } from '../../monitoring/health/examples.ts'
import { bigList, naughty } from '../examples.ts'
import { dashboardData, empty } from './examples.ts'

const full = dashboardData()

describe.each(Language.enum)('the figures of the dashboard in %s', (language) => {
  const site = dashboardSite(full, { usual: language })
  const { amount, day, integer, percent, units } = numbersIn[language]
  const record = full.health.at(-1)!

  it('say of every block what its record says, the newest first, whichever version it is of', () => {
    const rows = tableIn(page(site, 'evidence.html'))
    const blocks = full.health.flatMap(({ blocks }) => blocks).reverse()
    expect(rows.length).toBe(blocks.length)
    for (const [i, block] of blocks.entries()) {
      expect(rows[i][0]).toContain(day(block.from))
      expect(rows[i].slice(2, 7)).toEqual(
        block.outcome === 'counted'
          ? [
              ...[block.e, block.r, Math.exp(block.logRatio)].map((it) => amount(threeDigits(it))),
              metricValue('wape', block.loss.model, language),
              metricValue('wape', block.loss.naive, language),
            ]
          : ['–', '–', '–', '–', '–'],
      )
      expect(rows[i].slice(7)).toEqual([
        percent(block.knownDemand),
        integer(block.series),
        String(block.version),
      ])
    }
  })

  it('say of every part how accurate it was, beside the promise and seasonal naive', () => {
    const { document } = page(site, 'accuracy.html')
    const shown = [...document.querySelectorAll('table')].slice(1).flatMap(rowsOf)
    const parts = record.accuracy.filter(({ by }) => by !== 'all')
    const expected = parts.map(({ rows, model, promised, naive }) => [
      integer(rows),
      ...[model, promised, naive].flatMap((it) =>
        it === undefined ? [] : metricValue('wape', it.wape, language),
      ),
      metricValue('bias', model.bias, language),
      metricValue('coverage80', model.coverage80, language),
    ])
    expect(shown.map((row) => row.slice(1)).sort()).toEqual(expected.sort())
  })

  it('say of every product by how much the forecasts were off, the worst first', () => {
    const rows = tableIn(page(site, 'products.html'))
    const worst = full.products
      .map(courseTotals)
      .sort((a, b) => b.model - a.model)
      .map((it) => [
        units(it.actual),
        units(it.model),
        units(it.naive),
        percent(it.model / it.actual),
      ])
    expect(rows.map((row) => row.slice(2))).toEqual(worst)
  })

  it('say of every product, period by period, what sold and what was forecast', () => {
    const sections = [...site.keys()]
      .filter((path) => /^products\/\d+\.html$/.test(path))
      .flatMap((path) => [...page(site, path).document.querySelectorAll('section.product')])
    expect(sections.length).toBe(full.products.length)
    for (const course of full.products) {
      const section = sections.find((it) => it.textContent.includes(`(${course.product})`))!
      const expected = [
        ...course.past.map(({ from, actual, forecast }) => [
          day(from),
          actual === undefined ? siteTexts[language].notKnown : amount(actual),
          forecast ? units(forecast.mean) : '–',
        ]),
        ...course.ahead.map(({ from, mean }) => [
          day(from),
          siteTexts[language].notYet,
          units(mean),
        ]),
      ]
      const [table] = section.querySelectorAll('table')
      expect(rowsOf(table).map((row) => row.slice(0, 3))).toEqual(expected.reverse())
    }
  })

  it('say of parts that were promised nothing that they are held against seasonal naive', () => {
    const { worstBy, worstByNaive } = siteTexts[language]
    const label = comparingTexts[language].metricLabels.wape
    const { document } = page(site, 'accuracy.html')
    const said = [...document.querySelectorAll('h2 + p')].map((it) => it.textContent)
    expect(said).toEqual([worstBy(label), worstBy(label), worstByNaive(label)])
  })

  it('say of every experiment when it began, as days are written', () => {
    for (const row of tableIn(page(site, 'experiments.html'))) {
      expect(row.at(-1)).toBe(`${day('2026-11-02')} 09:30`)
    }
  })

  it('say at a glance what the last record says', () => {
    const rows = tableIn(page(site, 'index.html'))
    const all = record.accuracy.find(({ by }) => by === 'all')!
    const label = comparingTexts[language].metricLabels.wape
    expect(rows[0]).toEqual([
      siteTexts[language].lossOf(label),
      percent(all.model.wape!),
      percent(all.promised!.wape!),
    ])
    const last = record.blocks.findLast((block) => block.outcome === 'counted')!
    expect(rows.map(([, value]) => value)).toContain(
      last.outcome === 'counted' ? amount(threeDigits(last.r)) : '',
    )
  })
})

describe('whoever opens the dashboard', () => {
  it.each([
    ['of a chain', full],
    ['on the first day', empty],
  ])(
    '%s comes from every page to every other, in both languages, and every link leads somewhere',
    (_, data) => {
      for (const usual of Language.enum) {
        const site = dashboardSite(data, { usual })
        const seen = new Set(['index.html'])
        for (const path of seen) {
          if (!path.endsWith('.html')) continue
          const { document } = page(site, path)
          for (const link of document.querySelectorAll('[href], [src]')) {
            const to = link.getAttribute('href') ?? link.getAttribute('src')
            const [file, place] = to.split('#')
            const target = file === '' ? path : posix.join(posix.dirname(path), file)
            expect([path, to, site.has(target)]).toEqual([path, to, true])
            if (place) {
              const there = page(site, target).document.getElementById(place)
              expect([path, to, there !== null]).toEqual([path, to, true])
            }
            seen.add(target)
          }
        }
        const pages = [...site.keys()].filter((path) => path.endsWith('.html'))
        expect(pages.filter((path) => !seen.has(path))).toEqual([])
      }
    },
  )

  it('finds the same bytes where the records are the same', () => {
    const again = dashboardSite(dashboardData(), { usual: 'en' })
    for (const [path, make] of dashboardSite(full, { usual: 'en' })) {
      expect(again.get(path)?.() === make(), path).toBe(true)
    }
  })

  it('is told what is not known yet, on every page, and sees no empty table', () => {
    for (const [path, make] of dashboardSite(empty, { usual: 'en' })) {
      if (!path.endsWith('.html')) continue
      const { document } = parseHTML(make())
      expect([path, document.querySelectorAll('table').length]).toEqual([path, 0])
      expect([path, document.querySelectorAll('.empty').length]).toEqual([path, 1])
    }
  })

  it('sees no table without rows on the first day either, when no block is over', () => {
    const reason = 'no block is over yet'
    const first = healthRecord({
      blocks: [],
      accuracy: [],
      standing: { outcome: 'cannot tell', reason },
    })
    for (const [path, make] of dashboardSite({ ...full, health: [first] }, { usual: 'en' })) {
      if (!path.endsWith('.html')) continue
      for (const table of parseHTML(make()).document.querySelectorAll('table')) {
        expect([path, rowsOf(table).length]).not.toEqual([path, 0])
      }
    }
  })

  it('loads nothing from anywhere else, and no script that is not beside the page', () => {
    for (const make of dashboardSite(full, { usual: 'pt-BR' }).values()) {
      expect(make()).not.toMatch(/(?:src|href)="(?:https?:|\/)/)
    }
  })
})

it('shows whatever products, categories, models, stores and branches are called as text', () => {
  const names = [...naughty.map(({ text }) => text), ...bigList]
    .map((text) => text.toWellFormed().slice(0, 300))
    .filter((text) => /[<>"'&\\]|javascript|\u202e/i.test(text))
  const data = dashboardData({
    products: names.length,
    named: (name, i) => names[i % names.length] || name,
  })
  const ours = elementsOf(dashboardSite(full, { usual: 'en' }))
  const theirs = elementsOf(dashboardSite(data, { usual: 'en' }))
  expect([...theirs].filter((element) => !ours.has(element))).toEqual([])
})

it('shows figures beyond all bounds, and none at all, without anything that is no number', () => {
  const [first, second] = full.products
  const odd = {
    ...full,
    products: [
      { ...first, past: [], ahead: [] },
      {
        ...second,
        past: [{ from: '2026-01-05', actual: 0, forecast: { mean: 0, low: 0, high: 0, naive: 0 } }],
        ahead: [],
      },
      { ...second, product: 'x', past: [{ from: '2026-01-05', actual: 1e15 }], ahead: [] },
    ],
  }
  for (const make of dashboardSite(odd, { usual: 'en' }).values()) {
    expect(make()).not.toMatch(/NaN|Infinity|undefined/)
  }
})

it.each([1, 2, 5, 9, 11, 26, 52, 104])(
  'writes below %i places texts that do not touch',
  (count) => {
    const chart = lineChart({
      label: 'Loss',
      places: Array.from({ length: count }, () => '21/12/2026'),
      written: String,
      lines: [{ className: 'model', name: 'Model', values: Array(count).fill(1000) }],
    })
    const { document } = parseHTML(chart.toString())
    const middles = [...document.querySelectorAll('text[text-anchor=middle]')].map((it) =>
      Number(it.getAttribute('x')),
    )
    expect(middles.length).toBeGreaterThan(0)
    // As wide as ten letters are on a phone.
    for (const [i, middle] of middles.slice(1).entries()) {
      expect(middle - middles[i]).toBeGreaterThan(130)
    }
  },
)

type Site = ReturnType<typeof dashboardSite>
type Queried = ReturnType<typeof parseHTML>['document']

/** Read once. */
const read = new WeakMap<Site, Map<string, ReturnType<typeof parseHTML>>>()

function page(site: Site, path: string) {
  const pages = remembered(read, site, () => new Map())
  return remembered(pages, path, () => parseHTML(site.get(path)!()))
}

function tableIn({ document }: ReturnType<typeof page>): string[][] {
  return rowsOf(document.querySelector('table'))
}

function rowsOf(table: Queried): string[][] {
  return [...table.querySelectorAll('tbody tr')].map((row) =>
    [...row.querySelectorAll('th, td')].map((cell) => cell.textContent ?? ''),
  )
}

/** Which elements with which attributes there are. */
function elementsOf(site: Site): Set<string> {
  const pages = [...site].filter(([path]) => /^(?!pt-BR).*\.html$/.test(path))
  return new Set(
    pages.flatMap(([, make]) =>
      [...parseHTML(make()).document.querySelectorAll('*')].map(
        (it) => `${it.tagName} ${it.getAttributeNames().join(' ')}`,
      ),
    ),
  )
}
