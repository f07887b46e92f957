import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Language } from '../../base/language.ts'
import type { DashboardData } from '../../monitoring/dashboard/dashboard-data.ts'
import type { Html } from '../html.ts'
import { numbersIn } from '../texts/numbers.ts'
import { siteTexts } from '../texts/site.ts'
import { valueAddedTexts } from '../texts/value-added.ts'
import { accuracyPage } from './accuracy-page.ts'
import { catalogue } from './catalogue.ts'
import { contextPage } from './context-page.ts'
import { evidencePage } from './evidence-page.ts'
import { experimentsPage } from './experiments-page.ts'
import { healthPage } from './health-page.ts'
import { siteLayout, sitePages } from './layout.ts'
import { productsPages, searchIndex } from './products-pages.ts'
import { shadowPage } from './shadow-page.ts'
import { pathInSite, type SitePlace } from './site-place.ts'
import { valuePage } from './value-page.ts'
import { versionsPage } from './versions-page.ts'

/**
 * The dashboard as a static site: what makes each file, by its path. Pages are made when they are
 * asked for: whoever shows one does not make ten thousand. Made of the data alone, without a clock:
 * the same data give the same bytes.
 *
 * @param usual - language of the pages at the top; the others stand in folders of their names
 * @param home - where the other pages of the service are that shows it
 */
export function dashboardSite(
  data: DashboardData,
  { usual, home }: { usual: Language; home?: string },
): ReadonlyMap<string, () => string> {
  const shown = catalogue(data.products)
  const files = new Map<string, () => string>([
    ['site.css', () => read('../page.css') + read('site.css')],
    ['icon.svg', () => read('../icon.svg')],
    ['search.js', () => read('search.js')],
    ['products.js', () => searchIndex(shown)],
  ])
  for (const language of Language.enum) {
    const say = siteTexts[language]
    const add = (
      path: string,
      of: { current: keyof typeof sitePages; title: string; scripts?: readonly string[] },
      main: (place: SitePlace) => Html,
    ) => {
      const place = { language, usual, path, ...(home !== undefined && { home }) }
      files.set(pathInSite(place), () =>
        siteLayout(place, { ...of, main: main(place), ...footOf(data, language) }),
      )
    }
    const addPage = (
      current: keyof typeof sitePages,
      title: string,
      main: (data: DashboardData, place: SitePlace) => Html,
    ) => add(sitePages[current], { current, title }, (place) => main(data, place))
    addPage('health', say.healthTitle, healthPage)
    addPage('accuracy', say.accuracyTitle, accuracyPage)
    addPage('evidence', say.evidenceTitle, evidencePage)
    addPage('value', valueAddedTexts[language].title, valuePage)
    addPage('shadow', say.shadowTitle, shadowPage)
    addPage('context', say.contextTitle, contextPage)
    addPage('versions', say.versionsTitle, versionsPage)
    addPage('experiments', say.experimentsTitle, experimentsPage)
    for (const { path, title, main } of productsPages(shown, data, language)) {
      const scripts = path === sitePages.products ? ['products.js', 'search.js'] : []
      add(path, { current: 'products', title, scripts }, main)
    }
  }
  return files
}

function read(file: string): string {
  return readFileSync(join(import.meta.dirname, file), 'utf8')
}

function footOf({ health }: DashboardData, language: Language): { foot?: string } {
  const record = health.at(-1)
  if (record === undefined) return {}
  const { day } = numbersIn[language]
  const { version } = record.production
  const [through, at] = [record.sales.through, record.at.slice(0, 10)].map(day)
  return { foot: siteTexts[language].foot(String(version), through, at) }
}
