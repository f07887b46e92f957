import { inEveryLanguage } from '../../base/language.ts'
import type { Degradation } from '../../monitoring/evidence/degradation.ts'

/** A block of production, by its ISO days. */
type Span = { from: string; to: string }

/**
 * What is said where production does less than it promised: in the issue, and in the pull request of
 * the retraining. Days and numbers are written as the language has them already.
 */
type HealthAlarmTexts = {
  title: Record<Degradation, string>
  found(version: number): Record<Degradation, string>
  /** Of the version that is in production. */
  rows: {
    inProductionSince: string
    counted: string
    since: string
    lastBlock(metric: string): string
    loss(model: string, naive: string): string
    watch(threshold: string): string
    degraded(threshold: string): string
    forecastsFrom: string
  }
  span(block: Span): string
  headers: [string, string]
  byItself: string
  different: string
  retrains: (retrain: string) => string
  protects: string
  whatYouCanDo: string
  look(monitor: string): string
  wayBack: string
  rollBack(workflow: string, version: number): string
  noEarlier: string
  closes: string

  whyNow: string
  asked(monitor: string): string

  otherVersion(version: number, since: string): string
  rolledBack(version: number, to: number, since: string): string
  beginsAgain: string
  notAnyMore(version: number, through: string, record: string): string
}

export const healthAlarmTexts = inEveryLanguage<HealthAlarmTexts>({
  en: {
    title: {
      'as promised': 'The model in production keeps what it promised',
      watch: 'The model in production may have got worse',
      degraded: 'The model in production is worse than it promised',
      wreck: 'The model in production fails',
    },
    found: (version) => ({
      'as promised': `Version ${version} forecasts as well as its backtest promised.`,
      watch: `Version ${version} may forecast worse than its backtest promised: enough to look for a better one.`,
      degraded: `Version ${version} forecasts worse than its backtest promised.`,
      wreck: `Version ${version} fails: in two blocks in a row it was worse than anything that its backtest lets expect.`,
    }),
    rows: {
      inProductionSince: 'In production since',
      counted: 'Blocks that count',
      since: 'So bad since the block',
      lastBlock: (metric) => `${metric} in the newest block`,
      loss: (model, naive) => `${model}, seasonal naive ${naive}`,
      watch: (threshold) => `Evidence R; from ${threshold} on a retraining is worth while`,
      degraded: (threshold) => `Evidence E; from ${threshold} on it is no chance`,
      forecastsFrom: 'Sales through',
    },
    span: ({ from, to }) => `${from} to ${to}`,
    headers: ['What', 'Since the promotion'],
    byItself: 'What happens by itself',
    different: 'What is different in the sales',
    retrains: (retrain) =>
      `${retrain} is started after each new block that is as bad. What is better is proposed in a pull request, which says that this is why.`,
    protects: 'Production stays as it is until somebody merges that, or goes back.',
    whatYouCanDo: 'What to look at',
    look: (monitor) =>
      `The newest run of ${monitor} says in its summary where the forecasts fail: by product group, store and horizon. Sales that changed for good, such as a new competitor or new prices, are for a retraining; files that lack stores or days are for who delivers them.`,
    wayBack: 'The way back',
    rollBack: (workflow, version) =>
      `Where version ${version} did better, the workflow ${workflow} proposes it again, without training: Run workflow, version ${version}. The same from a clone:`,
    noEarlier: 'There is no earlier version: this one was the first.',
    closes: 'This issue is updated in place, and closed when another version is in production.',

    whyNow: 'Why now',
    asked: (monitor) => `${monitor} has asked for this retraining.`,

    otherVersion: (version, since) => `Version ${version} is in production since ${since}.`,
    rolledBack: (version, to, since) =>
      `Version ${version} is in production since ${since}: a rollback to version ${to}.`,
    beginsAgain: 'What it does is looked at anew.',
    notAnyMore: (version, through, record) =>
      `By the sales through ${through}, as they are known now, version ${version} does not count as worse any more: ${record}.`,
  },
  'pt-BR': {
    title: {
      'as promised': 'O modelo em produção cumpre o que prometeu',
      watch: 'O modelo em produção pode ter piorado',
      degraded: 'O modelo em produção está pior do que prometeu',
      wreck: 'O modelo em produção falha',
    },
    found: (version) => ({
      'as promised': `A versão ${version} prevê tão bem quanto o seu backtest prometeu.`,
      watch: `A versão ${version} talvez preveja pior do que o seu backtest prometeu: o bastante para procurar uma melhor.`,
      degraded: `A versão ${version} prevê pior do que o seu backtest prometeu.`,
      wreck: `A versão ${version} falha: em dois blocos seguidos foi pior do que tudo o que o seu backtest deixa esperar.`,
    }),
    rows: {
      inProductionSince: 'Em produção desde',
      counted: 'Blocos que contam',
      since: 'Tão ruim desde o bloco',
      lastBlock: (metric) => `${metric} no bloco mais recente`,
      loss: (model, naive) => `${model}, linha de base sazonal ingênua ${naive}`,
      watch: (threshold) => `Evidência R; a partir de ${threshold} vale a pena treinar de novo`,
      degraded: (threshold) => `Evidência E; a partir de ${threshold} não é acaso`,
      forecastsFrom: 'Vendas até',
    },
    span: ({ from, to }) => `${from} a ${to}`,
    headers: ['O quê', 'Desde a promoção'],
    byItself: 'O que acontece sozinho',
    different: 'O que mudou nas vendas',
    retrains: (retrain) =>
      `${retrain} começa depois de cada bloco novo que for tão ruim. O que for melhor é proposto em um pull request, que diz que este é o motivo.`,
    protects: 'A produção fica como está até que alguém o aceite, ou volte atrás.',
    whatYouCanDo: 'O que olhar',
    look: (monitor) =>
      `A execução mais recente de ${monitor} diz no seu resumo onde as previsões falham: por categoria, loja e horizonte. Vendas que mudaram de vez, como por um novo concorrente ou novos preços, pedem um novo treino; arquivos em que faltam lojas ou dias são com quem os entrega.`,
    wayBack: 'O caminho de volta',
    rollBack: (workflow, version) =>
      `Se a versão ${version} era melhor, o workflow ${workflow} a propõe de novo, sem treinar: Run workflow, versão ${version}. O mesmo a partir de um clone:`,
    noEarlier: 'Não há versão anterior: esta foi a primeira.',
    closes: 'Esta issue é atualizada no lugar, e fechada quando outra versão estiver em produção.',

    whyNow: 'Por que agora',
    asked: (monitor) => `${monitor} pediu este treino.`,

    otherVersion: (version, since) => `A versão ${version} está em produção desde ${since}.`,
    rolledBack: (version, to, since) =>
      `A versão ${version} está em produção desde ${since}: a volta à versão ${to}.`,
    beginsAgain: 'O que ela faz é olhado desde o começo.',
    notAnyMore: (version, through, record) =>
      `Pelas vendas até ${through}, como são conhecidas agora, a versão ${version} não conta mais como pior: ${record}.`,
  },
})
