import { inEveryLanguage } from '../../base/language.ts'
import type { Degradation } from '../../monitoring/evidence/degradation.ts'
import type { Accuracy } from '../../monitoring/health/accuracy.ts'
import type { Block } from '../../monitoring/health/block.ts'
import type { ModelStanding } from '../../monitoring/health/standing.ts'
import { countedIn, numbersIn } from './numbers.ts'

type Untold = Extract<Block, { outcome: 'cannot tell' }>['reason']
type NoStanding = Extract<ModelStanding, { outcome: 'cannot tell' }>['reason']

/**
 * How the model in production is, in sentences that stand alone: summary, issue, pull request and
 * dashboard all say the same. Metrics are as they stand within a sentence; losses, names and what else
 * comes from outside is text that each shell escapes.
 */
type HealthTexts = {
  title: string
  levels: Record<Degradation | 'cannot tell', string>
  /** One sentence each: how the version is that is in production. */
  verdict(version: number, blocks: number): Record<Degradation, string>
  cannotTell(version: number, reason: NoStanding): string
  /** Of the newest block: losses, and how much lower or higher that is, as `8.1% lower`. */
  newest(block: {
    from: string
    to: string
    metric: string
    model: string
    naive: string
    than: string
  }): string
  promised(change: string, origins: number): string
  evidence(numbers: { e: string; degraded: string; r: string; watch: string }): string
  fewOrigins(origins: number): string
  coverage(mean: string, promised: string): string
  untold(count: number, of: number, reasons: string): string
  untoldReasons: Record<Untold, string>
  /** Of these stores, where that is known. */
  salesMissing(stores: string): string
  reproduced(count: number): string
  unforecast(count: number): string
  leftOut(count: number): string
  salesThrough(day: string): string
  metrics: { title: string; about: string; headers: [string, string, string, string] }
  blocks: { title: string; older(count: number): string; headers: string[] }
  parts: {
    title: string
    about(metric: string): string
    none: string
    headers: string[]
    by: Record<Accuracy['by'], string>
  }
  span(from: string, to: string): string
  what: { degraded: string; watch: string; wreck: string }
  circumstances: string
}

const pt = numbersIn['pt-BR']
const blocksOf = (count: number) => countedIn('en', count, 'block', 'blocks')
const blocosDe = (count: number) => countedIn('pt-BR', count, 'bloco', 'blocos')

export const healthTexts = inEveryLanguage<HealthTexts>({
  en: {
    title: 'The model in production',
    levels: {
      'as promised': 'as promised',
      watch: 'watch',
      degraded: 'degraded',
      wreck: 'wreck',
      'cannot tell': 'cannot tell',
    },
    verdict: (version, blocks) => ({
      'as promised': `Nothing shows that version ${version} forecasts worse than its backtest promised beside seasonal naive, after ${blocksOf(blocks)}.`,
      watch: `Version ${version} may forecast worse than its backtest promised, after ${blocksOf(blocks)}: enough to look for a better one.`,
      degraded: `Version ${version} forecasts worse than its backtest promised, after ${blocksOf(blocks)}.`,
      wreck: `Version ${version} fails: in two blocks in a row it was worse than anything that its backtest lets expect.`,
    }),
    cannotTell: (version, reason) => {
      const because: Record<NoStanding, string> = {
        'no block is over yet':
          'no block is over yet. A block is what an order covers, forecast from its start',
        'no block could be told': 'of no block since its promotion it could be told',
        'the backtest of the version has no losses by origin':
          'it was promoted before backtests told what was lost at each origin. The next promotion will',
        'the backtest has too few origins':
          'its backtest had too few origins to promise anything. A longer history has more',
        'seasonal naive is in production':
          'seasonal naive is in production, which is what every model is measured by',
      }
      return `Nobody can tell whether version ${version} keeps a promise: ${because[reason]}.`
    },
    newest: ({ from, to, metric, model, naive, than }) =>
      `In the newest block, ${from} to ${to}, the ${metric} was ${model}, ${than} than that of seasonal naive (${naive}).`,
    promised: (change, origins) =>
      `The backtest promised that it would be ${change}, on average over ${countedIn('en', origins, 'origin', 'origins')}.`,
    evidence: ({ e, degraded, r, watch }) =>
      `Evidence that it is worse than promised: E is ${e} (degraded from ${degraded}), R is ${r} (watch from ${watch}).`,
    fewOrigins: (origins) =>
      `The backtest had ${countedIn('en', origins, 'origin', 'origins')}, fewer than eight: how far blocks vary is in part what is usual elsewhere.`,
    coverage: (mean, promised) =>
      `On average ${mean} of a block's sales lay in the 80% interval; the backtest had ${promised}: more of a difference than chance explains.`,
    untold: (count, of, reasons) =>
      `Of ${count} of ${blocksOf(of)} nothing can be told: ${reasons}.`,
    untoldReasons: {
      'no forecasts': 'there are no forecasts',
      'too little of the demand known':
        'too little of the demand is known, for want of stock or forecasts',
      'sales missing': 'no sales came (closed, or a file is missing: that cannot be told)',
      'nothing to compare': 'nothing sold that forecasts could be compared by',
    },
    salesMissing: (stores) =>
      `no sales came of ${stores} (closed, or a file is missing: that cannot be told)`,
    reproduced: (count) =>
      `The forecasts of ${blocksOf(count)} were not published, and were made again from the model and the sales until then.`,
    unforecast: (count) =>
      `${countedIn('en', count, 'series', 'series')} that sold ${count === 1 ? 'was' : 'were'} not forecast in the newest block.`,
    leftOut: (count) =>
      `${countedIn('en', count, 'record', 'records')} of the ledger ${count === 1 ? 'is' : 'are'} damaged or not believed.`,
    salesThrough: (day) => `By the sales through ${day}.`,
    metrics: {
      title: 'Accuracy since the promotion',
      about:
        'Over all periods that have ended. Promised is what the backtest said of the same horizons; metrics that are no sums over rows are not promised of several horizons at once.',
      headers: ['Metric', 'In production', 'Promised', 'Seasonal naive'],
    },
    blocks: {
      title: 'Blocks',
      older: (count) => `${blocksOf(count)} before these are in the record.`,
      headers: ['Block', 'Model', 'Seasonal naive', 'Model to naive', 'E', 'R', 'Level'],
    },
    parts: {
      title: 'Where it does worst',
      about: (metric) =>
        `The parts whose ${metric} is highest against what was promised of them, or against seasonal naive where nothing was.`,
      none: 'Nothing is known of any part yet.',
      headers: ['Part', 'In production', 'Promised', 'Seasonal naive', 'Rows'],
      by: {
        all: 'All',
        block: 'Block',
        horizon: 'Periods ahead',
        category: 'Category',
        'volume class': 'Volume',
        store: 'Store',
      },
    },
    span: (from, to) => `${from} to ${to}`,
    circumstances: 'What surrounds it',
    what: {
      watch: 'A retraining is worthwhile: its gate protects production.',
      degraded:
        'A retraining is started. Look at where it does worst: sales that changed for good are for a retraining, files that lack stores or days for whoever delivers them.',
      wreck:
        'Where an earlier version did better, go back to it with rollback, unless the sales themselves are wrong.',
    },
  },
  'pt-BR': {
    title: 'O modelo em produção',
    levels: {
      'as promised': 'como prometido',
      watch: 'em observação',
      degraded: 'degradado',
      wreck: 'falha',
      'cannot tell': 'não se sabe',
    },
    verdict: (version, blocks) => ({
      'as promised': `Nada mostra que a versão ${version} preveja pior do que o seu backtest prometeu ao lado da linha de base sazonal ingênua, depois de ${blocosDe(blocks)}.`,
      watch: `A versão ${version} talvez preveja pior do que o seu backtest prometeu, depois de ${blocosDe(blocks)}: o bastante para procurar uma melhor.`,
      degraded: `A versão ${version} prevê pior do que o seu backtest prometeu, depois de ${blocosDe(blocks)}.`,
      wreck: `A versão ${version} falha: em dois blocos seguidos foi pior do que tudo o que o seu backtest deixa esperar.`,
    }),
    cannotTell: (version, reason) => {
      const because: Record<NoStanding, string> = {
        'no block is over yet':
          'nenhum bloco terminou ainda. Um bloco é o que um pedido cobre, previsto desde o seu início',
        'no block could be told': 'de nenhum bloco desde a sua promoção foi possível dizer',
        'the backtest of the version has no losses by origin':
          'ela foi promovida antes que os backtests dissessem o que se perdeu em cada origem. A próxima promoção dirá',
        'the backtest has too few origins':
          'o seu backtest teve poucas origens para prometer algo. Um histórico mais longo tem mais',
        'seasonal naive is in production':
          'a linha de base sazonal ingênua está em produção, e é por ela que todo modelo é medido',
      }
      return `Não se pode dizer se a versão ${version} cumpre uma promessa: ${because[reason]}.`
    },
    newest: ({ from, to, metric, model, naive, than }) =>
      `No bloco mais recente, de ${from} a ${to}: ${metric} de ${model}, ${than} que na linha de base sazonal ingênua (${naive}).`,
    promised: (change, origins) =>
      `O backtest prometeu que seria ${change}, em média de ${countedIn('pt-BR', origins, 'origem', 'origens')}.`,
    evidence: ({ e, degraded, r, watch }) =>
      `Evidência de que está pior do que prometeu: E é ${e} (degradado a partir de ${degraded}), R é ${r} (em observação a partir de ${watch}).`,
    fewOrigins: (origins) =>
      `O backtest teve ${countedIn('pt-BR', origins, 'origem', 'origens')}, menos de oito: o quanto os blocos variam é em parte o que é comum em outros lugares.`,
    coverage: (mean, promised) =>
      `Em média, ${mean} das vendas de um bloco ficaram no intervalo de 80%; o backtest teve ${promised}: uma diferença maior do que o acaso explica.`,
    untold: (count, of, reasons) =>
      `De ${pt.integer(count)} de ${blocosDe(of)} nada se pode dizer: ${reasons}.`,
    untoldReasons: {
      'no forecasts': 'não há previsões',
      'too little of the demand known':
        'conhece-se pouco da demanda, por falta de estoque ou de previsões',
      'sales missing': 'não chegaram vendas (fechada, ou falta um arquivo: não se pode saber)',
      'nothing to compare': 'nada foi vendido com que as previsões se comparem',
    },
    salesMissing: (stores) =>
      `não chegaram vendas de ${stores} (fechada, ou falta um arquivo: não se pode saber)`,
    reproduced: (count) =>
      `As previsões de ${blocosDe(count)} não foram publicadas, e foram feitas de novo com o modelo e as vendas até então.`,
    unforecast: (count) =>
      `${countedIn('pt-BR', count, 'série que vendeu não foi prevista', 'séries que venderam não foram previstas')} no bloco mais recente.`,
    leftOut: (count) =>
      `${countedIn('pt-BR', count, 'registro do branch ledger está danificado ou não merece confiança', 'registros do branch ledger estão danificados ou não merecem confiança')}.`,
    salesThrough: (day) => `Com base nas vendas até ${day}.`,
    metrics: {
      title: 'Acurácia desde a promoção',
      about:
        'De todos os períodos encerrados. O prometido é o que o backtest mostrou nos mesmos horizontes; métricas que não são somas de linhas não têm valor prometido para vários horizontes juntos.',
      headers: ['Métrica', 'Em produção', 'Prometido', 'Sazonal ingênua'],
    },
    blocks: {
      title: 'Blocos',
      older: (count) => `Mais ${blocosDe(count)} antes destes estão no registro.`,
      headers: ['Bloco', 'Modelo', 'Sazonal ingênua', 'Modelo / ingênua', 'E', 'R', 'Nível'],
    },
    parts: {
      title: 'Onde o desempenho é pior',
      about: (metric) =>
        `As partes em que a métrica (${metric}) é mais alta diante do que foi prometido delas, ou diante da linha de base sazonal ingênua onde nada foi.`,
      none: 'Ainda não se sabe nada de nenhuma parte.',
      headers: ['Parte', 'Em produção', 'Prometido', 'Sazonal ingênua', 'Linhas'],
      by: {
        all: 'Tudo',
        block: 'Bloco',
        horizon: 'Períodos à frente',
        category: 'Categoria',
        'volume class': 'Volume',
        store: 'Loja',
      },
    },
    span: (from, to) => `${from} a ${to}`,
    circumstances: 'Contexto',
    what: {
      watch: 'Vale a pena retreinar: a comparação protege a produção.',
      degraded:
        'Um retreinamento é iniciado. Olhe onde o desempenho é pior: vendas que mudaram de vez pedem um retreinamento; arquivos em que faltam lojas ou dias são com quem os entrega.',
      wreck:
        'Se uma versão anterior era melhor, volte a ela com rollback, a não ser que as próprias vendas estejam erradas.',
    },
  },
})
