import { inEveryLanguage } from '../../base/language.ts'
import type { Coming } from '../../evaluation/gate/coming.ts'
import type { SalesRows } from '../../evaluation/gate/evaluation.ts'
import type { ProductChanges } from '../../evaluation/gate/product-changes.ts'
import { countedIn, numbersIn } from './numbers.ts'

/** Products that fare worse and better, what changes for the buyer, and what else is to be known. */
type ProductTexts = {
  title: string
  /** How many got worse and better, as a sentence. */
  changed(changes: Pick<ProductChanges, 'series' | 'rose' | 'fell'>): string
  worst(count: number): string
  best(count: number): string
  product: string
  sold: string
  /** Units forecast, and the sum of the absolute errors, by each side; and the difference of those. */
  forecast(side: string): string
  error(side: string): string
  change: string
  units: string
  /** The legend of a chart: colours and what they are. */
  legend(reference: string): string

  coming: string
  /** Of all series, as a sentence or two. */
  comingTotal(coming: Coming): string
  before: string
  after: string
  order: string
  value: string
  mostChanged(count: number): string

  lostMarginRises(before: number, after: number, reference: string): string
  rows(sales: SalesRows): string
  /** Where a workflow keeps all of them, in Markdown. */
  rowsArtifact: string
}

export const productTexts = inEveryLanguage<ProductTexts>({
  en: {
    title: 'Products that got worse and better',
    changed: ({ series, rose, fell }) =>
      `Of ${countedIn('en', series, 'scored series', 'scored series')}, the absolute error of ${en.integer(rose)} rose, and that of ${en.integer(fell)} fell.`,
    worst: (count) => `The ${en.integer(count)} that got worst`,
    best: (count) => `The ${en.integer(count)} that got best`,
    product: 'Product',
    sold: 'Could be sold',
    forecast: (side) => `Forecast, ${side}`,
    error: (side) => `Error, ${side}`,
    change: 'Change of the error',
    units: 'units',
    legend: (reference) => `Orange: what could be sold. Grey: ${reference}. Blue: challenger.`,
    coming: 'What changes for the buyer',
    comingTotal: ({ periods, from, series, forecast, orders }) =>
      [
        `Over the next ${en.integer(periods)} periods from ${en.day(from)} on, ${en.units(forecast.after)} units are forecast of ${countedIn('en', series, 'series', 'series')} instead of ${en.units(forecast.before)}${ofBefore('en', forecast)}.`,
        ...(orders
          ? [
              `The next order, of ${countedIn('en', orders.series, 'series', 'series')}, would be ${en.units(orders.units.after)} units for ${en.integer(orders.value.after)} instead of ${en.units(orders.units.before)} for ${en.integer(orders.value.before)}.`,
            ]
          : []),
      ].join(' '),
    before: 'before',
    after: 'after',
    order: 'Next order',
    value: 'Change of its cost',
    mostChanged: (count) => `The ${en.integer(count)} that change most`,
    lostMarginRises: (before, after, reference) =>
      `Lost margin rises: from ${en.integer(before)} by ${reference} to ${en.integer(after)} (${en.signedPercent(after / before - 1)}): what is missing on the shelves would have earned more, whatever is saved elsewhere.`,
    rows: ({ read, quarantined }) =>
      `${en.integer(quarantined)} of ${countedIn('en', read, 'row', 'rows')} of the sales are quarantined: left out of all of this.`,
    rowsArtifact: 'Forecast and actual of every scored row: the artifact `rows` of this run.',
  },
  'pt-BR': {
    title: 'Produtos que pioraram e melhoraram',
    changed: ({ series, rose, fell }) =>
      `De ${countedIn('pt-BR', series, 'série avaliada', 'séries avaliadas')}, o erro absoluto de ${pt.integer(rose)} subiu e o de ${pt.integer(fell)} caiu.`,
    worst: (count) => (count === 1 ? 'O que piorou' : `Os ${pt.integer(count)} que mais pioraram`),
    best: (count) =>
      count === 1 ? 'O que melhorou' : `Os ${pt.integer(count)} que mais melhoraram`,
    product: 'Produto',
    sold: 'Podia ser vendido',
    forecast: (side) => `Previsão, ${side}`,
    error: (side) => `Erro, ${side}`,
    change: 'Variação do erro',
    units: 'unidades',
    legend: (reference) =>
      `Laranja: o que podia ser vendido. Cinza: ${reference}. Azul: desafiante.`,
    coming: 'O que muda para quem compra',
    comingTotal: ({ periods, from, series, forecast, orders }) =>
      [
        `Nos próximos ${pt.integer(periods)} períodos a partir de ${pt.day(from)}, são previstas ${pt.units(forecast.after)} unidades de ${countedIn('pt-BR', series, 'série', 'séries')} em vez de ${pt.units(forecast.before)}${ofBefore('pt-BR', forecast)}.`,
        ...(orders
          ? [
              `O próximo pedido, de ${countedIn('pt-BR', orders.series, 'série', 'séries')}, seria de ${pt.units(orders.units.after)} unidades por ${pt.integer(orders.value.after)} em vez de ${pt.units(orders.units.before)} por ${pt.integer(orders.value.before)}.`,
            ]
          : []),
      ].join(' '),
    before: 'antes',
    after: 'depois',
    order: 'Próximo pedido',
    value: 'Variação do custo',
    mostChanged: (count) => `Os ${pt.integer(count)} que mais mudam`,
    lostMarginRises: (before, after, reference) =>
      `A margem perdida sobe: de ${pt.integer(before)} com ${reference} para ${pt.integer(after)} (${pt.signedPercent(after / before - 1)}): o que falta nas prateleiras teria rendido mais, seja o que for que se economize no resto.`,
    rows: ({ read, quarantined }) =>
      `${pt.integer(quarantined)} de ${countedIn('pt-BR', read, 'linha', 'linhas')} das vendas estão em quarentena: ficam fora de tudo isto.`,
    rowsArtifact: 'Previsão e real de cada linha avaliada: o artefato `rows` desta execução.',
  },
})

const en = numbersIn.en
const pt = numbersIn['pt-BR']

function ofBefore(language: 'en' | 'pt-BR', { before, after }: Coming['forecast']): string {
  return before > 0 ? ` (${numbersIn[language].signedPercent(after / before - 1)})` : ''
}
