import { inEveryLanguage } from '../../base/language.ts'
import { counted } from '../../base/wording.ts'
import type { Frequency } from '../../demand/calendar.ts'
import type { Check } from '../../evaluation/gate/check.ts'
import type { Segment, Verdict } from '../../evaluation/gate/evaluation.ts'
import { comparingTexts, type Reference } from './comparing.ts'
import { countedIn, numbersIn } from './numbers.ts'
import { PERIODS } from './verdict.ts'

/** What may be cut for length. */
type Countable = 'check' | 'segment' | 'candidate' | 'reason'

/** Headings, tables, charts and sentences about a comparison. */
type EvaluationTexts = {
  verdicts: Record<Verdict | 'better, but kept' | 'refreshed', string>
  challenges: { first: string; experiment: string; refresh(days: number): string }
  aSmallerQuestion: string
  moreReasons(count: number): string
  /** What was left out of a table for length. */
  leftOut(count: number, what: Countable): string

  noOrigin: string
  scope(scope: { origins: string[]; rows: number; horizon: number; frequency: Frequency }): string
  campaign(campaign: {
    tries: number
    version: number | undefined
    confidence: number
    usual: number
  }): string

  actualPrices: string
  against(reference: Reference): string
  roles: Record<'Challenger' | 'Champion' | 'Baseline', string>
  contenders: string[]
  asDeployed: string
  sides: Record<'seasonal naive' | 'champion' | 'challenger', string>
  metric: string
  decides: string
  difference(confidence: number): string
  reading: string
  readings: Record<Verdict, string>
  /** An interval around its estimate. */
  estimate(estimate: string, low: string, high: string): string

  checks: {
    headers: string[]
    allHold(count: number): string
    failed(failed: number, of: number): string
  }
  checkNames: Record<Check['name'], string>

  segmentKinds: Record<Segment['by'], string>
  rows: string
  by(metric: string, by: Segment['by']): string
  theWorstFirst: string
  partsBetween(count: number): string
  theModels: string
  gotWorse: string
  noSegments: string
  whereWorse(metric: string): string
  noneGotWorse(count: number, by: Segment['by']): string
  someGotWorse(worse: number, of: number, by: Segment['by']): string
  moreSegments(count: number): string
  notJudged(count: number, by: Segment['by']): string

  legend(reference: 'champion' | 'seasonal naive'): string
  challengerOf(category: string): string

  orderingByIt: string
  ordered(simulation: { series: number; from: string; through: string }): string
  ordering: { headers: string[]; lastPeriod: string; buyer: string }

  candidates: string[]
  searched: string
  /** What was tried, and on which origins at most. */
  tried(candidates: number): string
  tooShort: string
  judged(dropped: boolean, origins: string[]): string
  betterHalf: string
  noTimeFor(count: number): string
}

const en = numbersIn.en
const pt = numbersIn['pt-BR']

const nouns: Record<Segment['by'], [string, string]> = {
  part: ['part', 'parts'],
  category: ['category', 'categories'],
  'volume class': ['volume class', 'volume classes'],
  horizon: ['horizon', 'horizons'],
}

const substantivos: Record<Segment['by'], [string, string]> = {
  part: ['parte', 'partes'],
  category: ['categoria', 'categorias'],
  'volume class': ['classe de volume', 'classes de volume'],
  horizon: ['horizonte', 'horizontes'],
}

const cutInPortuguese: Record<Countable, [string, string]> = {
  check: ['verificação', 'verificações'],
  segment: ['segmento', 'segmentos'],
  candidate: ['candidato', 'candidatos'],
  reason: ['motivo', 'motivos'],
}

export const evaluationTexts = inEveryLanguage<EvaluationTexts>({
  en: {
    verdicts: {
      better: 'Better',
      'better, but kept': 'Better, but not to be promoted',
      refreshed: 'No worse, and due',
      worse: 'Worse',
      'not distinguishable': 'Not distinguishable',
    },
    challenges: {
      first: 'The first model: it is judged against seasonal naive.',
      experiment: 'An experiment: it is judged by what it improves.',
      refresh: (days) =>
        `A refresh: the recipe in production, trained on ${counted(days, 'more day')} of sales, judged where production forecast as deployed.`,
    },
    aSmallerQuestion: 'A smaller question.',
    moreReasons: (count) => `${counted(count, 'more reason')}.`,
    leftOut: (count, what) => `${counted(count, `more ${what}`)} left out here for length.`,

    noOrigin: 'No forecast origin could be scored.',
    scope({ origins, rows, horizon, frequency }) {
      const from =
        origins.length > 1 ? `from ${origins[0]} to ${origins.at(-1)}` : `of ${origins[0]}`
      return `${counted(origins.length, 'rolling origin')} ${from}, each forecast up to ${counted(horizon, frequency)} ahead; ${counted(rows, 'row')} (series × horizons × origins).`
    },
    campaign({ tries, version, confidence, usual }) {
      const reference = version === undefined ? 'seasonal naive' : `version ${version}`
      const instead = tries > 1 ? ` instead of ${en.level(usual)}` : ''
      return `Challenger ${en.integer(tries)} compared with ${reference}: better is claimed at ${en.level(confidence)}${instead}.`
    },

    actualPrices:
      'Prices as they came were taken for planned ones, also after each origin: that flatters whoever goes by prices, as far as nobody could have known them.',
    against: (reference) => `Against ${comparingTexts.en.referenceModel[reference]}`,
    roles: { Challenger: 'Challenger', Champion: 'Champion', Baseline: 'Baseline' },
    contenders: ['Role', 'Model', 'Chosen at the scored origins'],
    asDeployed: 'as deployed',
    sides: {
      'seasonal naive': 'Seasonal naive',
      champion: 'Champion',
      challenger: 'Challenger',
    },
    metric: 'Metric',
    decides: 'decides',
    difference: (confidence) => `Difference (${en.level(confidence)} interval)`,
    reading: 'Reading',
    readings: { better: 'better', worse: 'worse', 'not distinguishable': 'not distinguishable' },
    estimate: (estimate, low, high) => `${estimate} (${low} to ${high})`,

    checks: {
      headers: ['', 'Check', 'What was found'],
      allHold: (count) => `Checks of the policy: all ${count} hold`,
      failed: (failed, of) => `Checks of the policy: ${failed} of ${of} failed`,
    },
    checkNames: {
      'every metric': 'every metric',
      'same question': 'same question',
      'minimum improvement': 'minimum improvement',
      'no worse': 'no worse',
      due: 'due',
      'seasonal naive beaten': 'seasonal naive beaten',
      bias: 'bias',
      'coverage of the 80% interval': 'coverage of the 80% interval',
      'no category worse': 'no category worse',
      'no volume class worse': 'no volume class worse',
      'no part worse': 'no part worse',
      'cost of ordering': 'cost of ordering',
      'service level of ordering': 'service level of ordering',
    },

    segmentKinds: {
      part: 'Part',
      category: 'Category',
      'volume class': 'Volume class',
      horizon: 'Horizon',
    },
    rows: 'Rows',
    by: (metric, by) => `${metric} by ${by}`,
    theWorstFirst: ', the worst first',
    partsBetween: (count) =>
      `${counted(count, 'more part')}, between the last five and the others, in \`evaluation.json\`.`,
    theModels: 'The models',
    gotWorse: 'Segments that got worse',
    noSegments: 'The evaluation has no segments: it is overall only.',
    whereWorse: (metric) =>
      `By ${metric}, where the whole interval of the difference lies above zero:`,
    noneGotWorse: (count, by) => `None of ${counted(count, ...nouns[by])} got worse.`,
    someGotWorse: (worse, of, by) => `${worse} of ${counted(of, ...nouns[by])} got worse:`,
    moreSegments: (count) => ` and ${count} more`,
    notJudged: (count, by) => `${counted(count, ...nouns[by])} could not be judged.`,

    legend: (reference) => `Grey: ${reference}. Blue: challenger.`,
    challengerOf: (category) => `${category}: challenger`,

    orderingByIt: 'Ordering by it',
    ordered: ({ series, from, through }) =>
      `${counted(series, 'series', 'series')} ordered by each from ${from} to ${through} in a simulation, from the same stock and for the same demand. Costs are lost margin, urgent reorders, waste and keeping, in the currency of the sales.`,
    ordering: {
      headers: [
        'Ordered by',
        'Service level',
        'Units short',
        'Units expired',
        'Lost margin',
        'Urgent reorders',
        'Waste',
        'Keeping',
        'Cost',
        'Against last period',
      ],
      lastPeriod: 'What sold last period',
      buyer: 'The buyer, in truth',
    },

    candidates: ['Candidate', 'Weighted quantile loss', 'Origins', 'Share of the forecast'],
    searched: 'What the search tried',
    tried: (candidates) => counted(candidates, 'candidate'),
    tooShort: 'the history is too short to judge them.',
    judged: (dropped, origins) =>
      `${dropped ? 'judged on up to' : 'each judged on'} ${counted(origins.length, 'origin')}: ${origins.join(', ')}.`,
    betterHalf: 'The better half of a family goes on to more origins.',
    noTimeFor: (count) => `The budget of the recipe had no time for ${count} of them.`,
  },

  'pt-BR': {
    verdicts: {
      better: 'Melhor',
      'better, but kept': 'Melhor, mas não deve ir para produção',
      refreshed: 'Não é pior, e está na hora',
      worse: 'Pior',
      'not distinguishable': 'Não se distingue',
    },
    challenges: {
      first: 'O primeiro modelo: é julgado contra a linha de base sazonal ingênua.',
      experiment: 'Um experimento: é julgado pelo que melhora.',
      refresh: (days) =>
        `Uma atualização: a receita em produção, treinada com mais ${countedIn('pt-BR', days, 'dia', 'dias')} de vendas, julgada onde a produção previu de fato.`,
    },
    aSmallerQuestion: 'Uma pergunta menor.',
    moreReasons: (count) => `Mais ${countedIn('pt-BR', count, ...cutInPortuguese.reason)}.`,
    leftOut: (count, what) =>
      `Por falta de espaço, não aparece${count === 1 ? '' : 'm'} aqui mais ${countedIn('pt-BR', count, ...cutInPortuguese[what])}.`,

    noOrigin: 'Nenhuma origem de previsão pôde ser avaliada.',
    scope({ origins, rows, horizon, frequency }) {
      const [first, last] = [origins[0], origins.at(-1) ?? origins[0]].map(pt.day)
      const from = origins.length > 1 ? `de ${first} a ${last}` : `em ${first}`
      const { one, more } = PERIODS[frequency]
      const ahead = countedIn('pt-BR', horizon, one, more)
      return `${countedIn('pt-BR', origins.length, 'origem móvel', 'origens móveis')} ${from}, cada uma com previsões de até ${ahead} à frente; ${countedIn('pt-BR', rows, 'linha', 'linhas')} (séries × horizontes × origens).`
    },
    campaign({ tries, version, confidence, usual }) {
      const reference =
        version === undefined ? 'a linha de base sazonal ingênua' : `a versão ${version}`
      const instead = tries > 1 ? ` em vez de ${pt.level(usual)}` : ''
      return `${pt.integer(tries)}º desafiante comparado com ${reference}: só se diz melhor com confiança de ${pt.level(confidence)}${instead}.`
    },

    actualPrices:
      'Os preços como vieram foram tomados por planejados, também depois de cada origem: isso favorece quem se orienta por preços, na medida em que ninguém poderia tê-los conhecido.',
    against: (reference) => `Contra ${comparingTexts['pt-BR'].referenceModel[reference]}`,
    roles: { Challenger: 'Desafiante', Champion: 'Campeão', Baseline: 'Linha de base' },
    contenders: ['Papel', 'Modelo', 'Escolhido nas origens avaliadas'],
    asDeployed: 'como em produção',
    sides: {
      'seasonal naive': 'Sazonal ingênua',
      champion: 'Campeão',
      challenger: 'Desafiante',
    },
    metric: 'Métrica',
    decides: 'decide',
    difference: (confidence) => `Diferença (intervalo de ${pt.level(confidence)})`,
    reading: 'Leitura',
    readings: { better: 'melhor', worse: 'pior', 'not distinguishable': 'não se distingue' },
    estimate: (estimate, low, high) => `${estimate} (${low} a ${high})`,

    checks: {
      headers: ['', 'Verificação', 'O que se encontrou'],
      allHold: (count) =>
        count === 1
          ? 'Verificações da política: a única foi atendida'
          : `Verificações da política: as ${count} foram atendidas`,
      failed: (failed, of) =>
        `Verificações da política: ${failed} de ${of} ${failed === 1 ? 'falhou' : 'falharam'}`,
    },
    checkNames: {
      'every metric': 'todas as métricas',
      'same question': 'mesma pergunta',
      'minimum improvement': 'melhora mínima',
      'no worse': 'não é pior',
      due: 'está na hora',
      'seasonal naive beaten': 'vence a linha de base sazonal ingênua',
      bias: 'viés',
      'coverage of the 80% interval': 'cobertura do intervalo de 80%',
      'no category worse': 'nenhuma categoria pior',
      'no volume class worse': 'nenhuma classe de volume pior',
      'no part worse': 'nenhuma parte pior',
      'cost of ordering': 'custo dos pedidos',
      'service level of ordering': 'nível de serviço dos pedidos',
    },

    segmentKinds: {
      part: 'Parte',
      category: 'Categoria',
      'volume class': 'Classe de volume',
      horizon: 'Horizonte',
    },
    rows: 'Linhas',
    by: (metric, by) => `${metric} por ${substantivos[by][0]}`,
    theWorstFirst: ', a começar pelo pior',
    partsBetween: (count) =>
      count === 1
        ? 'Mais 1 parte, entre as cinco últimas e as outras, em `evaluation.json`.'
        : `Mais ${pt.integer(count)} partes, entre as cinco últimas e as outras, em \`evaluation.json\`.`,
    theModels: 'Os modelos',
    gotWorse: 'Segmentos que pioraram',
    noSegments: 'A avaliação não tem segmentos: há só o resultado geral.',
    whereWorse: (metric) =>
      `Segundo a métrica ${metric}, onde todo o intervalo da diferença fica acima de zero:`,
    noneGotWorse: (count, by) =>
      by === 'horizon'
        ? `Nenhum de ${countedIn('pt-BR', count, ...substantivos[by])} piorou.`
        : `Nenhuma de ${countedIn('pt-BR', count, ...substantivos[by])} piorou.`,
    someGotWorse: (worse, of, by) =>
      `${worse} de ${countedIn('pt-BR', of, ...substantivos[by])} ${worse === 1 ? 'piorou' : 'pioraram'}:`,
    moreSegments: (count) => ` e mais ${count}`,
    notJudged: (count, by) =>
      `${countedIn('pt-BR', count, ...substantivos[by])} não ${count === 1 ? 'pôde' : 'puderam'} ser julgad${by === 'horizon' ? 'o' : 'a'}${count === 1 ? '' : 's'}.`,

    legend: (reference) =>
      `Cinza: ${comparingTexts['pt-BR'].reference[reference].slice(2)}. Azul: desafiante.`,
    challengerOf: (category) => `${category}: desafiante`,

    orderingByIt: 'Pedidos feitos por ele',
    ordered: ({ series, from, through }) =>
      `${countedIn('pt-BR', series, 'série pedida', 'séries pedidas')} por cada um de ${pt.day(from)} a ${pt.day(through)} em uma simulação, com o mesmo estoque inicial e a mesma demanda. Os custos são margem perdida, reposições urgentes, perdas e armazenagem, na moeda das vendas.`,
    ordering: {
      headers: [
        'Pedidos por',
        'Nível de serviço',
        'Unidades em falta',
        'Unidades vencidas',
        'Margem perdida',
        'Reposições urgentes',
        'Perdas',
        'Armazenagem',
        'Custo',
        'Ante o último período',
      ],
      lastPeriod: 'O que vendeu no último período',
      buyer: 'O comprador, de fato',
    },

    candidates: ['Candidato', 'Perda quantílica ponderada', 'Origens', 'Parte na previsão'],
    searched: 'O que a busca tentou',
    tried: (candidates) => countedIn('pt-BR', candidates, 'candidato', 'candidatos'),
    tooShort: 'o histórico é curto demais para julgá-los.',
    judged: (dropped, origins) =>
      `${dropped ? 'julgados em até' : 'cada um julgado em'} ${countedIn('pt-BR', origins.length, 'origem', 'origens')}: ${origins.map(pt.day).join(', ')}.`,
    betterHalf: 'A melhor metade de uma família segue para mais origens.',
    noTimeFor: (count) => `O tempo previsto na receita não deu para ${count} deles.`,
  },
})
