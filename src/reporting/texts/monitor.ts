import { inEveryLanguage } from '../../base/language.ts'

/** Of the pages of the workflow `monitor`. Links are Markdown already. */
type MonitorTexts = {
  title: string
  invalidSales: string
  nothing: Record<'nothing in production' | 'no ledger', string>
  response: string
  recorded(commit: string): string
  nothingNew: string
  issue: Record<
    'opened' | 'updated' | 'unchanged' | 'reopened' | 'stays closed' | 'closed' | 'open',
    (issue: string) => string
  >
  retraining: Record<'started' | 'was started' | 'another runs', string>
}

export const monitorTexts = inEveryLanguage<MonitorTexts>({
  en: {
    title: 'The model in production',
    invalidSales: 'The sales cannot be used, so that nothing can be said of what was forecast.',
    nothing: {
      'nothing in production': 'Nothing is in production yet.',
      'no ledger': 'Nothing was forecast yet: there is no branch ledger.',
    },
    response: 'What was done about it',
    recorded: (commit) => `The health record is in the ledger: ${commit}.`,
    nothingNew: 'The ledger says the same already.',
    issue: {
      opened: (issue) => `Issue ${issue} was opened.`,
      updated: (issue) => `Issue ${issue} was brought up to date.`,
      unchanged: (issue) => `Issue ${issue} says so already.`,
      reopened: (issue) => `Issue ${issue} was opened again.`,
      'stays closed': (issue) => `Issue ${issue} was closed by a person, and there is nothing new.`,
      closed: (issue) => `Issue ${issue} was closed.`,
      open: (issue) => `Issue ${issue} stays open.`,
    },
    retraining: {
      started: 'A retraining was started.',
      'was started': 'A retraining was started for this block already.',
      'another runs': 'Another retraining runs or waits: the next look starts one, where need be.',
    },
  },
  'pt-BR': {
    title: 'O modelo em produção',
    invalidSales: 'As vendas não podem ser usadas, e nada se pode dizer do que foi previsto.',
    nothing: {
      'nothing in production': 'Ainda não há nada em produção.',
      'no ledger': 'Ainda nada foi previsto: não há o branch ledger.',
    },
    response: 'O que foi feito a respeito',
    recorded: (commit) => `O registro da saúde está no livro de registros: ${commit}.`,
    nothingNew: 'O livro de registros já diz o mesmo.',
    issue: {
      opened: (issue) => `A issue ${issue} foi aberta.`,
      updated: (issue) => `A issue ${issue} foi atualizada.`,
      unchanged: (issue) => `A issue ${issue} já diz isso.`,
      reopened: (issue) => `A issue ${issue} foi reaberta.`,
      'stays closed': (issue) => `A issue ${issue} foi fechada por uma pessoa, e não há nada novo.`,
      closed: (issue) => `A issue ${issue} foi fechada.`,
      open: (issue) => `A issue ${issue} continua aberta.`,
    },
    retraining: {
      started: 'Um retreinamento foi iniciado.',
      'was started': 'Um retreinamento já foi iniciado por causa deste bloco.',
      'another runs':
        'Outro retreinamento está rodando ou esperando: a próxima verificação inicia um, se for preciso.',
    },
  },
})
