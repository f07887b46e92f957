import { inEveryLanguage } from '../../base/language.ts'
import { counted } from '../../base/wording.ts'
import type { Verdict } from '../../evaluation/gate/evaluation.ts'
import { countedIn, numbersIn } from './numbers.ts'

/** The last forecasts. Days are ISO; `model` and `downloads` are Markdown already. */
type Made = {
  on: string
  version: number
  model: string
  series: number
  from: string
  through: string
  salesThrough: string
  downloads: string
}

/** Of the first page of the ledger. What comes from outside is Markdown already. */
type LedgerTexts = {
  title: string
  about: string
  forecasts: string
  noForecasts: string
  oldForecasts(days: number): string
  succeeded: string
  made(made: Made): string
  kept(on: string, problem: string): string
  theRun: string
  experiments: string
  noExperiments: string
  headers: Record<
    'verdict' | 'model' | 'metric' | 'difference' | 'branch' | 'commit' | 'started' | 'why',
    string
  >
  against(version: number): string
  againstNaive: string
  againstThen: string
  thatIs(model: string): string
  onTheSales(sales: string, asOf: string | undefined): string
  moreExperiments(count: number): string
  olderExperiments(count: number): string
  olderOnes(shown: number): string
  verdicts: Record<Verdict | 'better, but kept' | 'refreshed', string>
  ended: string
  aMistake: string
  aBug: string
}

const en = numbersIn.en
const pt = numbersIn['pt-BR']

export const ledgerTexts = inEveryLanguage<LedgerTexts>({
  en: {
    title: 'Ledger',
    about:
      'Every experiment and every forecast, in folders of files that are added and never changed: what says the same as before is not written again. The files beside this page are made anew, with the newest orders and forecasts.',
    forecasts: 'Forecasts',
    noForecasts: 'No forecasts have been published yet.',
    oldForecasts: (days) =>
      `These forecasts were ${counted(days, 'day')} old when newer ones could not be made.`,
    succeeded: 'The last attempt to make forecasts succeeded.',
    made: ({ on, version, model, series, from, through, salesThrough, downloads }) =>
      `Made on ${en.day(on)} by v${version} (${model}) for ${counted(series, 'series', 'series')}, ${from} to ${through}, from sales through ${salesThrough}: ${downloads}.`,
    kept: (on, problem) => `On ${en.day(on)}: ${problem}`,
    theRun: 'The run',
    experiments: 'Experiments',
    noExperiments: 'There are none yet: push a branch with another recipe.',
    headers: {
      verdict: 'Verdict',
      model: 'Model',
      metric: 'Metric',
      difference: 'Difference',
      branch: 'Branch',
      commit: 'Commit',
      started: 'Started (UTC)',
      why: 'Why',
    },
    against: (version) => `Against v${version}`,
    againstNaive: 'Against seasonal naive',
    againstThen: 'Against what was in production then',
    thatIs: (model) => `That is ${model}.`,
    onTheSales: (sales, asOf) =>
      `On the sales ${sales}${asOf === undefined ? '' : `, as of ${asOf}`}; the best first.`,
    moreExperiments: (count) => `${counted(count, 'more experiment')} in \`leaderboard.json\`.`,
    olderExperiments: (count) => `${counted(count, 'older experiment')} in \`leaderboard.json\`.`,
    olderOnes: (shown) => `Older ones than these ${shown} are in \`runs/\`.`,
    verdicts: {
      better: 'better',
      worse: 'worse',
      'not distinguishable': 'not distinguishable',
      'better, but kept': 'better, but a check failed',
      refreshed: 'a refresh, no worse and due',
    },
    ended: 'Ended without a verdict',
    aMistake: 'a mistake in what was given',
    aBug: 'a bug, or stopped',
  },
  'pt-BR': {
    title: 'Livro de registros',
    about:
      'Todos os experimentos e todas as previsões, em pastas de arquivos que são acrescentados e nunca alterados: o que diz o mesmo que antes não é gravado de novo. Os arquivos ao lado desta página são refeitos, com os pedidos e as previsões mais novos.',
    forecasts: 'Previsões',
    noForecasts: 'Ainda não se publicou nenhuma previsão.',
    oldForecasts: (days) =>
      `Estas previsões já tinham ${countedIn('pt-BR', days, 'dia', 'dias')} quando não foi possível fazer outras mais novas.`,
    succeeded: 'A última tentativa de fazer previsões deu certo.',
    made: ({ on, version, model, series, from, through, salesThrough, downloads }) =>
      `Feitas em ${pt.day(on)} pela v${version} (${model}) para ${countedIn('pt-BR', series, 'série', 'séries')}, de ${pt.day(from)} a ${pt.day(through)}, com vendas até ${pt.day(salesThrough)}: ${downloads}.`,
    kept: (on, problem) => `Em ${pt.day(on)}: ${problem}`,
    theRun: 'A execução',
    experiments: 'Experimentos',
    noExperiments: 'Ainda não há nenhum: faça push de uma branch com outra receita.',
    headers: {
      verdict: 'Veredito',
      model: 'Modelo',
      metric: 'Métrica',
      difference: 'Diferença',
      branch: 'Branch',
      commit: 'Commit',
      started: 'Início (UTC)',
      why: 'Por quê',
    },
    against: (version) => `Contra a v${version}`,
    againstNaive: 'Contra a linha de base sazonal ingênua',
    againstThen: 'Contra o que estava em produção na época',
    thatIs: (model) => `Ou seja, ${model}.`,
    onTheSales: (sales, asOf) =>
      `Sobre as vendas ${sales}${asOf === undefined ? '' : `, como se fosse ${asOf}`}; os melhores primeiro.`,
    moreExperiments: (count) =>
      `Mais ${countedIn('pt-BR', count, 'experimento', 'experimentos')} em \`leaderboard.json\`.`,
    olderExperiments: (count) =>
      `${countedIn('pt-BR', count, 'experimento mais antigo', 'experimentos mais antigos')} em \`leaderboard.json\`.`,
    olderOnes: (shown) => `Os mais antigos que estes ${pt.integer(shown)} estão em \`runs/\`.`,
    verdicts: {
      better: 'melhor',
      worse: 'pior',
      'not distinguishable': 'não se distingue',
      'better, but kept': 'melhor, mas uma verificação falhou',
      refreshed: 'uma atualização: não é pior, e está na hora',
    },
    ended: 'Terminaram sem veredito',
    aMistake: 'um erro no que foi informado',
    aBug: 'um defeito, ou foi interrompida',
  },
})
