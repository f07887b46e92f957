import { inEveryLanguage } from '../../base/language.ts'
import type { Ages } from '../../monitoring/context/ages.ts'
import type { CheckedPublication } from '../../monitoring/context/checked-publication.ts'
import type { MissingRuns } from '../../monitoring/context/missing-runs.ts'
import type { ReportedActuals } from '../../monitoring/context/reported-actuals.ts'
import type { SupplySince } from '../../monitoring/context/supply-since.ts'
import type { Drift } from '../../monitoring/drift/drift.ts'
import type { DriftSign } from '../../monitoring/drift/drift-signs.ts'
import type { RevisedBlock } from '../../monitoring/health/revised-blocks.ts'
import { countedIn, numbersIn } from './numbers.ts'

type Compared = Extract<Drift, { outcome: 'compared' }>
type Supply = Extract<SupplySince, { outcome: 'known' }>
type Of<Sign extends DriftSign['sign']> = Extract<DriftSign, { sign: Sign }>
type LossChange = Pick<RevisedBlock, 'from'> & { before: number; now: number }
type Column = Of<'distribution'>['column']

/**
 * What surrounds a model in production and may explain how it does, a whole sentence each. Names of
 * stores and problems come from outside: whoever shows a sentence escapes it.
 */
type CircumstancesTexts = {
  drift: {
    compared(drift: Compared): string
    nothing: string
    tooShort: string
    nothingSold: string
    /** All that explains, and alarms nobody. */
    explains: string
    sign(sign: DriftSign): string
  }
  supply: {
    stockOuts(known: Extract<Supply['stockOuts'], { outcome: 'known' }>): string
    noStockOuts: string
    stockUnknown: string
    waste(known: Extract<Supply['waste'], { outcome: 'known' }>): string
    noWaste: string
    wasteUnknown: string
    nothingOver: string
  }
  ages: {
    model(model: Ages['model']): string
    sales(sales: Ages['sales']): string
  }
  runs: {
    absent(forecasts: MissingRuns['forecasts']): string
    kept(forecasts: MissingRuns['forecasts']): string
    lastKept(problem: string): string
    retrainingFailed(day: string): string
  }
  actuals: {
    revised(blocks: number, largest: LossChange | undefined): string
    ahead(ahead: ReportedActuals['ahead']): string
    otherwise(known: ReportedActuals['known']): string
    late(reports: number): string
    orphaned(orphaned: ReportedActuals['orphaned']): string
    checked(checked: CheckedPublication): string
  }
}

const en = numbersIn.en
const pt = numbersIn['pt-BR']
const inEnglish = (count: number, one: string, more: string) => countedIn('en', count, one, more)
const inPortuguese = (count: number, one: string, more: string) =>
  countedIn('pt-BR', count, one, more)

const columnsInEnglish: Record<Column, string> = {
  category: 'categories',
  store: 'stores',
  weekday: 'weekdays',
  units: 'units a day',
  price: 'prices',
  cost: 'costs',
}

const columnsInPortuguese: Record<Column, string> = {
  category: 'às categorias',
  store: 'às lojas',
  weekday: 'aos dias da semana',
  units: 'às unidades por dia',
  price: 'aos preços',
  cost: 'aos custos',
}

export const circumstancesTexts = inEveryLanguage<CircumstancesTexts>({
  en: {
    drift: {
      compared: ({ now, before, with: reference }) =>
        reference === 'the time before'
          ? `Compared are the days from ${now.from} to ${now.to} with those just before, ${before.from} to ${before.to}: there is no whole year of sales yet, so a season may look like a change.`
          : `Compared are the days from ${now.from} to ${now.to} with the same season of the year before, ${before.from} to ${before.to}.`,
      nothing: 'Nothing in the sales differs by more than chance explains.',
      tooShort: 'Whether the sales have changed cannot be told: the history is too short.',
      nothingSold:
        'Whether the sales have changed cannot be told: in one of the times compared nothing sold.',
      explains: 'This explains, and is no alarm by itself.',
      sign: signInEnglish,
    },
    supply: {
      stockOuts: ({ time, series, of, lost }) =>
        `${en.integer(series)} of ${inEnglish(of, 'series', 'series')} were out of stock for some of the time, ${en.percent(time)} of all of it; that has cost ${en.units(lost.units)} units by estimate, ${en.percent(lost.share)} of the demand.`,
      noStockOuts: 'Nothing was out of stock.',
      stockUnknown: 'Stock-outs cannot be told: the sales have neither stock nor purchases.',
      waste: ({ units, share, cost }) =>
        `${en.units(units)} units expired unsold, ${en.percent(share)} of what left the shelf${cost ? `, which had cost ${en.money(cost.money)}${missing(cost.units, units, (left) => ` (of ${en.units(left)} of them the cost is not known)`)}` : ''}.`,
      noWaste: 'Nothing expired unsold.',
      wasteUnknown: 'Waste cannot be told: the sales have no purchases with days of expiry.',
      nothingOver: 'No period is over since the promotion.',
    },
    ages: {
      model: ({ trainedThrough, days, maxAge }) =>
        `The model has learnt from sales through ${trainedThrough}, ${inEnglish(days, 'day', 'days')} ago; ${days > maxAge ? 'more than' : 'up to'} ${inEnglish(maxAge, 'day is', 'days are')} ${days > maxAge ? 'a reason for a refresh' : 'fine'}.`,
      sales: ({ through, days, rhythm, due }) =>
        `The sales are known through ${through}, ${inEnglish(days, 'day', 'days')} ago${due ? `: new ones are due, since they mostly come within ${inEnglish(rhythm, 'day', 'days')}` : ''}.`,
    },
    runs: {
      absent: ({ absent, rhythm = 1 }) =>
        `${inEnglish(absent, 'publication is', 'publications are')} missing of those that come ${rhythm === 1 ? 'every day' : `at least every ${inEnglish(rhythm, 'day', 'days')}`}.`,
      kept: ({ kept }) =>
        `On ${inEnglish(kept, 'day', 'days')} no new forecasts could be made, and the last ones were kept.`,
      lastKept: (problem) => `So it was the last time: ${problem}`,
      retrainingFailed: (day) => `The last retraining, on ${day}, did not come to an end.`,
    },
    actuals: {
      revised: (blocks, largest) =>
        `Sales that came late or were corrected have changed ${inEnglish(blocks, 'block', 'blocks')} since the first report${largest ? `; most of all that of ${largest.from}, from a loss of ${en.loss(largest.before)} to ${en.loss(largest.now)}` : ''}. The newest sales count.`,
      ahead: ({ reports, units }) =>
        `Other systems have reported ${en.units(units)} units, in ${inEnglish(reports, 'report', 'reports')}, of days that no sales file has yet. They are no evidence: a report does not say whether there was stock.`,
      otherwise: ({ reports, otherwise, difference }) =>
        `${en.integer(otherwise)} of ${inEnglish(reports, 'report', 'reports')} of other systems say otherwise than the sales files, by ${en.percent(difference)} of the units. The files count.`,
      late: (reports) =>
        `${inEnglish(reports, 'report', 'reports')} of other systems came after their days had been reported on.`,
      orphaned: ({ forecasts, decisions, reports }) =>
        `The sales do not know the products of ${inEnglish(forecasts, 'recorded answer', 'recorded answers')}, ${inEnglish(decisions, 'decision', 'decisions')} and ${inEnglish(reports, 'report', 'reports')}: renamed, taken out, or mistyped.`,
      checked: ({ id, outcome, series, otherwise, difference }) =>
        outcome === 'same'
          ? `Made again, the publication ${id} says the same of ${series === 1 ? 'its only series' : `all its ${en.integer(series)} series`}.`
          : `Made again ${outcome === 'otherwise' ? 'from the sales that it rests on' : 'from the sales of today'}, the publication ${id} says otherwise of ${en.integer(otherwise)} of ${inEnglish(series, 'series', 'series')}, by ${en.percent(difference)} of the units: ${outcome === 'otherwise' ? 'this model, by the code of today, has not made it' : 'the sales have changed since, or this model has not made it'}.`,
    },
  },
  'pt-BR': {
    drift: {
      compared: ({ now, before, with: reference }) =>
        reference === 'the time before'
          ? `São comparados os dias de ${pt.day(now.from)} a ${pt.day(now.to)} com os imediatamente anteriores, de ${pt.day(before.from)} a ${pt.day(before.to)}: ainda não há um ano inteiro de vendas, e um efeito sazonal pode parecer uma mudança.`
          : `São comparados os dias de ${pt.day(now.from)} a ${pt.day(now.to)} com a mesma época do ano anterior, de ${pt.day(before.from)} a ${pt.day(before.to)}.`,
      nothing: 'Nada nas vendas difere além do que o acaso explica.',
      tooShort: 'Não se pode dizer se as vendas mudaram: o histórico é curto demais.',
      nothingSold:
        'Não se pode dizer se as vendas mudaram: em uma das épocas comparadas nada foi vendido.',
      explains: 'Isto explica, e por si só não é um alarme.',
      sign: signInPortuguese,
    },
    supply: {
      stockOuts: ({ time, series, of, lost }) =>
        `${pt.integer(series)} de ${inPortuguese(of, 'série', 'séries')} ficaram sem estoque por algum tempo, ${pt.percent(time)} do tempo total; isso custou ${pt.units(lost.units)} unidades, pela estimativa, ${pt.percent(lost.share)} da demanda.`,
      noStockOuts: 'Nada ficou sem estoque.',
      stockUnknown:
        'Não se pode dizer se faltou estoque: as vendas não têm nem estoque nem compras.',
      waste: ({ units, share, cost }) =>
        `${pt.units(units)} unidades venceram sem ser vendidas, ${pt.percent(share)} do que saiu da prateleira${cost ? `, e haviam custado ${pt.money(cost.money)}${missing(cost.units, units, (left) => ` (de ${pt.units(left)} delas o custo não é conhecido)`)}` : ''}.`,
      noWaste: 'Nada venceu sem ser vendido.',
      wasteUnknown:
        'Não se pode dizer o que se perdeu: as vendas não têm compras com data de validade.',
      nothingOver: 'Nenhum período terminou desde a promoção.',
    },
    ages: {
      model: ({ trainedThrough, days, maxAge }) =>
        `O modelo aprendeu com vendas até ${pt.day(trainedThrough)}, há ${inPortuguese(days, 'dia', 'dias')}; ${days > maxAge ? `mais de ${inPortuguese(maxAge, 'dia é', 'dias são')} motivo para uma atualização` : `até ${inPortuguese(maxAge, 'dia', 'dias')} está bem`}.`,
      sales: ({ through, days, rhythm, due }) =>
        `As vendas são conhecidas até ${pt.day(through)}, há ${inPortuguese(days, 'dia', 'dias')}${due ? `: já deveria haver novas, que costumam vir em até ${inPortuguese(rhythm, 'dia', 'dias')}` : ''}.`,
    },
    runs: {
      absent: ({ absent, rhythm = 1 }) =>
        `${inPortuguese(absent, 'publicação falta', 'publicações faltam')} das que vêm ${rhythm === 1 ? 'todos os dias' : `ao menos a cada ${inPortuguese(rhythm, 'dia', 'dias')}`}.`,
      kept: ({ kept }) =>
        `Em ${inPortuguese(kept, 'dia', 'dias')} não foi possível fazer novas previsões, e ficaram as últimas.`,
      lastKept: (problem) => `Assim foi da última vez: ${problem}`,
      retrainingFailed: (day) => `O último retreinamento, em ${pt.day(day)}, não chegou ao fim.`,
    },
    actuals: {
      revised: (blocks, largest) =>
        `Vendas que chegaram tarde ou foram corrigidas mudaram ${inPortuguese(blocks, 'bloco', 'blocos')} desde o primeiro relatório${largest ? `; mais que todos o de ${pt.day(largest.from)}, de uma perda de ${pt.loss(largest.before)} para ${pt.loss(largest.now)}` : ''}. Valem as vendas mais novas.`,
      ahead: ({ reports, units }) =>
        `Outros sistemas informaram ${pt.units(units)} unidades, em ${inPortuguese(reports, 'informe', 'informes')}, de dias que nenhum arquivo de vendas tem ainda. Não são evidência: um informe não diz se havia estoque.`,
      otherwise: ({ reports, otherwise, difference }) =>
        `${pt.integer(otherwise)} de ${inPortuguese(reports, 'informe', 'informes')} de outros sistemas divergem dos arquivos de vendas em ${pt.percent(difference)} das unidades. Valem os arquivos.`,
      late: (reports) =>
        `${inPortuguese(reports, 'informe de outros sistemas chegou', 'informes de outros sistemas chegaram')} depois do relatório sobre os seus dias.`,
      orphaned: ({ forecasts, decisions, reports }) =>
        `As vendas não conhecem os produtos de ${inPortuguese(forecasts, 'resposta registrada', 'respostas registradas')}, ${inPortuguese(decisions, 'decisão', 'decisões')} e ${inPortuguese(reports, 'informe', 'informes')}: renomeados, retirados ou mal digitados.`,
      checked: ({ id, outcome, series, otherwise, difference }) =>
        outcome === 'same'
          ? `Refeita, a publicação ${id} diz o mesmo ${series === 1 ? 'da sua única série' : `de todas as suas ${pt.integer(series)} séries`}.`
          : `Refeita ${outcome === 'otherwise' ? 'com as vendas em que se baseia' : 'com as vendas de hoje'}, a publicação ${id} diverge em ${pt.integer(otherwise)} de ${inPortuguese(series, 'série', 'séries')}, em ${pt.percent(difference)} das unidades: ${outcome === 'otherwise' ? 'não foi este modelo, com o código de hoje, que a fez' : 'as vendas mudaram desde então, ou não foi este modelo que a fez'}.`,
    },
  },
})

/** What to say of the units that are missing, where any are. */
function missing(known: number, all: number, say: (left: number) => string): string {
  return all - known > 0.005 ? say(all - known) : ''
}

function signInEnglish(sign: DriftSign): string {
  switch (sign.sign) {
    case 'stores gone':
      return `Nothing sold any more in ${inEnglish(sign.stores.length, 'store', 'stores')}: ${sign.stores.join(', ')}.`
    case 'units':
      return `${en.percent(Math.abs(sign.change))} ${sign.change > 0 ? 'more' : 'less'} was sold.`
    case 'prices':
      return `Prices are ${en.percent(Math.abs(sign.change))} ${sign.change > 0 ? 'higher' : 'lower'}: the median of ${en.integer(sign.series)} series.`
    case 'new series':
      return `${en.percent(sign.share)} of the sales are of ${en.integer(sign.series)} series that did not sell then.`
    case 'gone series':
      return `${en.integer(sign.series)} series sell no more that were ${en.percent(sign.share)} of the sales then.`
    case 'series unknown to the model':
      return `${en.percent(sign.share)} of the sales are of ${en.integer(sign.series)} series that the model was not trained on.`
    case 'series without sales':
      return `${en.percent(sign.share)} of the series that sold in either time sell nothing now.`
    case 'unknown':
      return `Of the ${columnsInEnglish[sign.column]} ${en.percent(sign.now)} are not known, then ${en.percent(sign.before)}.`
    case 'distribution':
      return `The ${columnsInEnglish[sign.column]} are spread otherwise than then.`
  }
}

function signInPortuguese(sign: DriftSign): string {
  switch (sign.sign) {
    case 'stores gone':
      return `Nada mais foi vendido em ${inPortuguese(sign.stores.length, 'loja', 'lojas')}: ${sign.stores.join(', ')}.`
    case 'units':
      return `Vendeu-se ${pt.percent(Math.abs(sign.change))} ${sign.change > 0 ? 'a mais' : 'a menos'}.`
    case 'prices':
      return `Os preços estão ${pt.percent(Math.abs(sign.change))} mais ${sign.change > 0 ? 'altos' : 'baixos'}: mediana de ${inPortuguese(sign.series, 'série', 'séries')}.`
    case 'new series':
      return `${pt.percent(sign.share)} das vendas são de ${inPortuguese(sign.series, 'série que não vendia', 'séries que não vendiam')} então.`
    case 'gone series':
      return `${inPortuguese(sign.series, 'série não vende mais, que era', 'séries não vendem mais, que eram')} ${pt.percent(sign.share)} das vendas de então.`
    case 'series unknown to the model':
      return `${pt.percent(sign.share)} das vendas são de ${inPortuguese(sign.series, 'série', 'séries')} com que o modelo não foi treinado.`
    case 'series without sales':
      return `${pt.percent(sign.share)} das séries que venderam em uma das duas épocas não vendem nada agora.`
    case 'unknown':
      return `${pt.percent(sign.now)} dos valores não são conhecidos quanto ${columnsInPortuguese[sign.column]}; antes, ${pt.percent(sign.before)}.`
    case 'distribution':
      return `A distribuição mudou quanto ${columnsInPortuguese[sign.column]}.`
  }
}
