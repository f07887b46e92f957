import { inEveryLanguage } from '../../base/language.ts'

/**
 * What is said where production does less than it promised: in the issue, and in the pull request of
 * the retraining. Days and numbers are written as the language has them already.
 */
type HealthAlarmTexts = {
  titles: { degraded: string; wreck: string }
  since(day: string): string
  sinceBlock(from: string, to: string): string
  byItself: string
  different: string
  retrains: (retrain: string) => string
  protects: string
  look(forecast: string): string
  wayBack: string
  rollBack(workflow: string, version: number): string
  choose(workflow: string, restores: number, replaced: number): string
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
    titles: {
      degraded: 'The model in production is worse than it promised',
      wreck: 'The model in production fails',
    },
    since: (day) => `It is in production since ${day}.`,
    sinceBlock: (from, to) => `It has been so since the block ${from} to ${to}.`,
    byItself: 'What happens by itself',
    different: 'What is different in the sales',
    retrains: (retrain) =>
      `${retrain} is started after each new block that is as bad. What is better is proposed in a pull request, which says that this is why.`,
    protects: 'Production stays as it is until somebody merges that, or goes back.',
    look: (forecast) => `The summary of the newest run of ${forecast} shows where it does worst.`,
    wayBack: 'The way back',
    rollBack: (workflow, version) =>
      `Where version ${version} did better, the workflow ${workflow} proposes it again, without training: Run workflow, version ${version}. The same from a clone:`,
    choose: (workflow, restores, replaced) =>
      `It is a rollback to version ${restores} already, in place of version ${replaced}. The workflow ${workflow} proposes any other one again, without training: Run workflow, with its number. From a clone, this lists them:`,
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
    titles: {
      degraded: 'O modelo em produção está pior do que prometeu',
      wreck: 'O modelo em produção falha',
    },
    since: (day) => `Está em produção desde ${day}.`,
    sinceBlock: (from, to) => `Está assim desde o bloco ${from} a ${to}.`,
    byItself: 'O que acontece sozinho',
    different: 'O que mudou nas vendas',
    retrains: (retrain) =>
      `${retrain} começa depois de cada bloco novo que for tão ruim. O que for melhor é proposto em um pull request, que diz que este é o motivo.`,
    protects: 'A produção fica como está até que alguém o aceite, ou volte atrás.',
    look: (forecast) =>
      `O resumo da execução mais recente de ${forecast} mostra onde o desempenho é pior.`,
    wayBack: 'O caminho de volta',
    rollBack: (workflow, version) =>
      `Se a versão ${version} era melhor, o workflow ${workflow} a propõe de novo, sem treinar: Run workflow, versão ${version}. O mesmo a partir de um clone:`,
    choose: (workflow, restores, replaced) =>
      `Já é a volta à versão ${restores}, no lugar da versão ${replaced}. O workflow ${workflow} propõe qualquer outra de novo, sem treinar: Run workflow, com o número dela. A partir de um clone, isto as lista:`,
    noEarlier: 'Não há versão anterior: esta foi a primeira.',
    closes: 'Esta issue é atualizada no lugar, e fechada quando outra versão estiver em produção.',

    whyNow: 'Por que agora',
    asked: (monitor) => `${monitor} pediu este retreinamento.`,

    otherVersion: (version, since) => `A versão ${version} está em produção desde ${since}.`,
    rolledBack: (version, to, since) =>
      `A versão ${version} está em produção desde ${since}: a volta à versão ${to}.`,
    beginsAgain: 'O que ela faz é olhado desde o começo.',
    notAnyMore: (version, through, record) =>
      `Pelas vendas até ${through}, como são conhecidas agora, a versão ${version} não conta mais como pior: ${record}.`,
  },
})
