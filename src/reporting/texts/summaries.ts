import { inEveryLanguage } from '../../base/language.ts'
import { counted } from '../../base/wording.ts'
import { countedIn, numbersIn } from './numbers.ts'

/** The forecasts of a run; days are ISO, `model` is Markdown already. */
type Forecasts = {
  series: number
  from: string
  through: string
  version: number
  model: string
  salesThrough: string
}

/** Of the pages of the runs on GitHub. What comes from outside is Markdown already. */
type SummaryTexts = {
  trained(model: string): string
  trainedOn(series: number, through: string): string
  comparison: string
  heldBack: string
  details: string
  verification: string
  verified: string
  notVerified: string
  toBeMerged(revision: string, commit: string, base: string): string
  forecasts: string
  theLastStay: string
  noneYet: string
  forecast(forecasts: Forecasts): string
  noOrders: string
  besideIt(model: string): string
  noShadow: string
  dashboard: string
  pages(files: number, megabytes: number, products: number): string
  ledger: string
  nothingToRecord: string
  allThere: string
  collected(events: number, where: string): string
  nothingNew: string
  unfinished: string
  added(runs: number, forecasts: number, commit: string): string
  leftOut(count: number): string
  whereTheRestIs(out: string, quarantine: string): string
  notProposed: string
  isHeldBack: string
  stale: string
  /** `pull` is a link to the pull request. */
  proposals: Record<
    'opened' | 'updated' | 'unchanged' | 'stays closed' | 'waits',
    (pull: string) => string
  >
  after(pull: string): string
  releasedLate(release: string): string
  releases: Record<'created' | 'completed' | 'unchanged', (release: string) => string>
  nothingToRelease: string
  noPullRequest: string
  mayNotComment: string
  theComment: string
  onThePullRequest: Record<'created' | 'updated' | 'unchanged', string>
}

const pt = numbersIn['pt-BR']

export const summaryTexts = inEveryLanguage<SummaryTexts>({
  en: {
    trained: (model) => `Trained: ${model}`,
    trainedOn: (series, through) =>
      `${counted(series, 'series', 'series')}, trained through ${through}.`,
    comparison: 'Comparison',
    heldBack: 'Held back.',
    details: 'Details',
    verification: 'Verification',
    verified: 'Verified.',
    notVerified: 'Not verified.',
    toBeMerged: (revision, commit, base) => `${revision} (${commit}), to be merged into ${base}.`,
    forecasts: 'Forecasts',
    theLastStay: 'The last ones stay.',
    noneYet: 'There are none yet.',
    forecast: ({ series, from, through, version, model, salesThrough }) =>
      `${counted(series, 'series', 'series')}, ${from} to ${through}, by version ${version} (${model}) from sales up to ${salesThrough}.`,
    noOrders: 'No orders.',
    besideIt: (model) => `Beside it, in shadow: ${model}.`,
    noShadow: 'Nothing forecasts in shadow.',
    dashboard: 'Dashboard',
    pages: (files, megabytes, products) =>
      `${counted(files, 'file')} (${megabytes.toFixed(1)} MB) that show ${counted(products, 'product')}: in the artifact \`dashboard\`, of which \`index.html\` is the first page.`,
    ledger: 'Ledger',
    nothingToRecord: 'There was nothing to record.',
    allThere: 'All of it was there already.',
    collected: (events, where) => `${counted(events, 'event')} of the service, in ${where}.`,
    nothingNew: 'The service has recorded nothing since.',
    unfinished: 'Not all of it: the next run goes on.',
    added: (runs, forecasts, commit) =>
      `${counted(runs, 'run')} and ${counted(forecasts, 'attempt')} at forecasts, in ${commit}.`,
    leftOut: (count) => `${counted(count, 'record')} left out, as damaged or not of this run:`,
    whereTheRestIs: (out, quarantine) =>
      `This report is in \`${out}/report.md\`, and for programs in \`report.json\`; every quarantined row, with the rules that it breaks, in \`${quarantine}\`.`,
    notProposed: 'The challenger is not proposed',
    isHeldBack: 'The challenger is held back',
    stale: 'Not proposed.',
    proposals: {
      opened: (pull) => `Pull request ${pull}: opened`,
      updated: (pull) => `Pull request ${pull}: updated`,
      unchanged: (pull) => `Pull request ${pull}: unchanged`,
      'stays closed': (pull) => `${pull} stays closed.`,
      waits: (pull) => `${pull} waits.`,
    },
    after: (pull) => `, after ${pull}, which was closed`,
    releasedLate: (release) => `Release ${release}, which had been left out.`,
    releases: {
      created: (release) => `Release ${release}: created.`,
      completed: (release) => `Release ${release}: completed.`,
      unchanged: (release) => `Release ${release}: unchanged.`,
    },
    nothingToRelease: 'Nothing of your own is in production: no release of it.',
    noPullRequest: 'No pull request is open for this branch, so this stands here alone.',
    mayNotComment: 'The token may not comment on the pull request, so this stands here alone.',
    theComment: 'The comment',
    onThePullRequest: {
      created: 'on the pull request: created.',
      updated: 'on the pull request: updated.',
      unchanged: 'on the pull request: unchanged.',
    },
  },
  'pt-BR': {
    trained: (model) => `Treinado: ${model}`,
    trainedOn: (series, through) =>
      `${countedIn('pt-BR', series, 'série', 'séries')}, com vendas até ${pt.day(through)}.`,
    comparison: 'Comparação',
    heldBack: 'Retido.',
    details: 'Detalhes',
    verification: 'Verificação',
    verified: 'Verificado.',
    notVerified: 'Não verificado.',
    toBeMerged: (revision, commit, base) => `${revision} (${commit}), para o merge em ${base}.`,
    forecasts: 'Previsões',
    theLastStay: 'Ficam as últimas.',
    noneYet: 'Ainda não há nenhuma.',
    forecast: ({ series, from, through, version, model, salesThrough }) =>
      `${countedIn('pt-BR', series, 'série', 'séries')}, de ${pt.day(from)} a ${pt.day(through)}, pela versão ${version} (${model}), com vendas até ${pt.day(salesThrough)}.`,
    noOrders: 'Sem pedidos.',
    besideIt: (model) => `Ao lado dele, na sombra: ${model}.`,
    noShadow: 'Nada prevê na sombra.',
    dashboard: 'Painel',
    pages: (files, megabytes, products) =>
      `${countedIn('pt-BR', files, 'arquivo', 'arquivos')} (${pt.amount(Number(megabytes.toFixed(1)))} MB) que mostram ${countedIn('pt-BR', products, 'produto', 'produtos')}: no artefato \`dashboard\`, cuja primeira página é \`index.html\`.`,
    ledger: 'Livro de registros',
    nothingToRecord: 'Não havia nada a registrar.',
    allThere: 'Tudo já estava registrado.',
    collected: (events, where) =>
      `${countedIn('pt-BR', events, 'evento', 'eventos')} do serviço, em ${where}.`,
    nothingNew: 'O serviço não registrou nada desde então.',
    unfinished: 'Falta uma parte: a próxima execução continua.',
    added: (runs, forecasts, commit) =>
      `${countedIn('pt-BR', runs, 'execução', 'execuções')} e ${countedIn('pt-BR', forecasts, 'tentativa', 'tentativas')} de previsão, em ${commit}.`,
    leftOut: (count) =>
      `${countedIn('pt-BR', count, 'registro ficou de fora, por estar danificado ou não ser', 'registros ficaram de fora, por estarem danificados ou não serem')} desta execução:`,
    whereTheRestIs: (out, quarantine) =>
      `Este relatório está em \`${out}/report.md\` e, para programas, em \`report.json\`; cada linha em quarentena, com as regras que viola, está em \`${quarantine}\`.`,
    notProposed: 'O desafiante não é proposto',
    isHeldBack: 'O desafiante fica retido',
    stale: 'Não foi proposto.',
    proposals: {
      opened: (pull) => `Pull request ${pull}: aberto`,
      updated: (pull) => `Pull request ${pull}: atualizado`,
      unchanged: (pull) => `Pull request ${pull}: sem mudança`,
      'stays closed': (pull) => `${pull} continua fechado.`,
      waits: (pull) => `${pull} espera.`,
    },
    after: (pull) => `, depois do ${pull}, que foi fechado`,
    releasedLate: (release) => `Release ${release}, que tinha ficado de fora.`,
    releases: {
      created: (release) => `Release ${release}: criado.`,
      completed: (release) => `Release ${release}: completado.`,
      unchanged: (release) => `Release ${release}: sem mudança.`,
    },
    nothingToRelease: 'Nada seu está em produção: não há release.',
    noPullRequest: 'Não há pull request aberto para esta branch; por isso o texto fica só aqui.',
    mayNotComment: 'O token não pode comentar no pull request; por isso o texto fica só aqui.',
    theComment: 'O comentário',
    onThePullRequest: {
      created: 'no pull request: criado.',
      updated: 'no pull request: atualizado.',
      unchanged: 'no pull request: sem mudança.',
    },
  },
})
