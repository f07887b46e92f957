import { inEveryLanguage } from '../../base/language.ts'
import { counted } from '../../base/wording.ts'
import type { Frequency } from '../../demand/calendar.ts'
import type { Caution } from '../../evaluation/gate/caution.ts'
import type { Challenge } from '../../evaluation/gate/challenge.ts'
import type { Check, DueReason } from '../../evaluation/gate/check.ts'
import type { OrderingComparison } from '../../evaluation/gate/evaluation.ts'
import { daysAhead, type Reach, type SmallerQuestion } from '../../evaluation/gate/question.ts'
import type { MetricName } from '../../evaluation/scoring/metrics.ts'
import { comparingTexts, type Reference } from './comparing.ts'
import { countedIn, numbersIn } from './numbers.ts'

/** What was compared, by which metric. */
type Compared = { metric: MetricName; reference: Reference; confidence: number }

type Refresh = Pick<Extract<Challenge, { kind: 'refresh' }>, 'days' | 'series' | 'newSeries'>

type Named<Name extends Check['name']> = Extract<Check, { name: Name }>
type Range = { low: number; high: number }

/** What a comparison found and why it ends as it does, a whole sentence each. */
type VerdictTexts = {
  notJudged(reference: Reference): string
  /** `interval` is absent where there is no doubt at all. */
  summary(compared: Compared, difference: number, interval: Range | undefined): string

  everyMetric(check: Named<'every metric'>): string
  /** `smaller` is what is not answered, as sentences. */
  sameQuestion(check: Named<'same question'>, smaller: string): string
  minimumImprovement(check: Named<'minimum improvement'>, compared: Compared): string
  noWorse(check: Named<'no worse'>, compared: Compared): string
  notDue(limits: Named<'due'>['limits'], refresh: Refresh): string
  seasonalNaive(check: Named<'seasonal naive beaten'>, compared: Compared): string
  bias(check: Named<'bias'>, compared: Compared): string
  coverage(check: Named<'coverage of the 80% interval'>, compared: Compared): string
  segments(
    check: Named<'no category worse' | 'no volume class worse' | 'no part worse'>,
    compared: Compared,
  ): string
  orderingCost(
    check: Named<'cost of ordering'>,
    found: NonNullable<Named<'cost of ordering'>['found']>,
    compared: Compared,
  ): string
  serviceLevel(check: Named<'service level of ordering'>, compared: Compared): string
  notSimulated: Record<NotSimulated, string>
  notAskedThen: string
  orderingNotSimulated: string

  due(reason: DueReason, compared: Compared, refresh: Refresh): string
  smaller(smaller: SmallerQuestion): string
  /** Shares are those that `npm run benchmark gate` measures, of variants of the champion's recipe. */
  caution(caution: Caution): string

  theChampionItself: string
  tooFewOrigins(origins: number, required: number): string
  noMetric(compared: Compared, of: 'challenger' | 'reference'): string
  noInterval: string
  surelyHigher(compared: Compared, atLeast: number): string
  theSameEverywhere(compared: Compared): string
  lookedAtOften(
    tries: { count: number; of: 'refresh' | 'experiment' },
    confidence: number,
    interval: Range,
  ): string
  chance(compared: Compared, interval: Range): string
}

type NotSimulated = Extract<OrderingComparison, { outcome: 'not simulated' }>['reason']

const en = { ...numbersIn.en, ...comparingTexts.en }
const pt = { ...numbersIn['pt-BR'], ...comparingTexts['pt-BR'] }

export const verdictTexts = inEveryLanguage<VerdictTexts>({
  en: {
    notJudged: (reference) =>
      `The challenger could not be judged against ${en.reference[reference]}.`,
    summary({ metric, reference, confidence }, difference, interval) {
      const sure = interval ? ` (${en.interval(confidence, interval.low, interval.high)})` : ''
      return `${en.metricAsSubject(metric)} ${en.compared(difference, reference)}${sure}.`
    },

    everyMetric: ({ passed, missing }) =>
      passed
        ? 'The challenger has every metric that the model it is judged against has.'
        : `The challenger has no ${missing.join(', ')}: a forecast is missing or not a finite number.`,
    sameQuestion({ passed, smaller: questions }, smaller) {
      const asked = passed
        ? 'the policy allows that by'
        : 'the policy does not allow that; where it is wanted, it says'
      return `${smaller.slice(0, -1)}; ${asked} ${allow(questions)}.`
    },
    minimumImprovement: ({ difference, required }, { metric, reference }) =>
      `${en.metricAsSubject(metric)} ${en.compared(difference, reference)}; at least ${en.percent(required)} lower is required.`,
    noWorse: ({ difference, allowed }, { metric, reference }) =>
      `${en.metricAsSubject(metric)} ${en.compared(difference, reference)}; at most ${en.percent(allowed)} higher is allowed for a refresh, and not by more than chance explains.`,
    notDue: (limits, refresh) =>
      `Nothing calls for a refresh: its metric is not ${en.percent(limits.gain)} lower by more than chance explains, or while production surely breaks a limit; ${newSeriesInEnglish(refresh)} are new to production, and ${en.percent(limits.newSeries)} would have to be; production lacks ${counted(refresh.days, 'day')} of sales, and more than ${limits.maxAge} would have to be.`,
    seasonalNaive({ own, naive, kept }, { metric }) {
      const label = en.metricAsSubject(metric)
      const orKept = kept === undefined ? '' : `, or at most the ${en.loss(kept)} of the champion,`
      return own === undefined || naive === undefined
        ? `${label} could not be compared with that of seasonal naive; below it is required.`
        : `${label} is ${en.loss(own)}; below the ${en.loss(naive)} of seasonal naive${orKept} is required.`
    },
    bias({ bias, allowed, kept }, { reference }) {
      const orKept =
        kept === undefined ? '' : `, or the ${en.percent(kept)} of ${en.reference[reference]}`
      const required = `at most ${en.percent(allowed)} either way${orKept} is allowed`
      return bias === undefined
        ? `The bias could not be computed; ${required}.`
        : `The forecasts add up to ${en.percent(Math.abs(bias))} ${bias < 0 ? 'less' : 'more'} than was sold; ${required}.`
    },
    coverage({ coverage, least, most, kept }, { reference }) {
      const orKept =
        kept === undefined
          ? ''
          : `, or no further from it than ${en.reference[reference]}, by ${en.percent(kept)},`
      const required = `${en.percent(least)} to ${en.percent(most)}${orKept} is required`
      return coverage === undefined
        ? `The coverage of the 80% interval could not be computed; ${required}.`
        : `${en.percent(coverage)} of the rows lie within the 80% interval; ${required}.`
    },
    segments({ name, passed, shown, minimumRows, allowed, byChance }, { metric }) {
      const by = {
        'no category worse': 'category',
        'no volume class worse': 'volume class',
        'no part worse': 'part',
      }[name]
      const required = `at most ${en.percent(allowed)} higher is allowed`
      if (shown.length === 0) {
        return `No ${by} has the ${minimumRows} rows that it takes to judge one; ${required}.`
      }
      const which = passed ? 'the worst' : 'too high'
      const segments = shown.map(
        ({ name, worse }) =>
          `${en.partName(name)} (${worse === undefined ? 'cannot be compared' : en.change(worse)})`,
      )
      return `${en.metricAsSubject(metric)} by ${by}, ${which}: ${en.firstOf(segments)}; ${required}${byChance ? BY_CHANCE : ''}.`
    },
    orderingCost({ allowed, byChance }, { challenger, reference: other, interval }, compared) {
      const { reference, confidence } = compared
      const sure = interval ? `, ${en.interval(confidence, interval.low, interval.high)}` : ''
      const costs = `Ordering by the challenger costs ${en.integer(challenger)} in the simulation, by ${en.reference[reference]} ${en.integer(other)} (${en.change(challenger / other - 1)}${sure})`
      return `${costs}; at most ${en.percent(allowed)} higher is allowed${byChance ? BY_CHANCE : ''}.`
    },
    serviceLevel({ level, required, kept }, { reference }) {
      const orKept =
        kept === undefined ? '' : `, or the ${en.percent(kept)} by ${en.reference[reference]},`
      const least = `at least ${en.percent(required)}${orKept} is required`
      return level === undefined
        ? `The service level of ordering could not be computed; ${least}.`
        : `Ordering by the challenger meets ${en.percent(level)} of the demand in the simulation; ${least}.`
    },
    notSimulated: {
      'no origin': 'Ordering could not be simulated: no forecast origin could be scored.',
      'no prices and costs':
        'Ordering could not be simulated: the sales have no prices or no costs.',
      'no series with price and cost':
        'Ordering could not be simulated: no series has a price and a cost.',
    },
    notAskedThen: 'Nothing is asked of it then.',
    orderingNotSimulated: 'Ordering was not simulated.',

    due(reason, { metric }, refresh) {
      switch (reason.calledFor) {
        case 'by a lower loss':
          return `${en.metricAsSubject(metric)} is lower than production's by more than chance explains.`
        case 'by a limit that production breaks':
          return `Production breaks the limit on ${reason.limit} by more than chance explains, and the refresh less so or not at all.`
        case 'by new series':
          return `${newSeriesInEnglish(refresh)} are new to production.`
        case 'by age':
          return `Production knows nothing of the last ${counted(refresh.days, 'day')}.`
      }
    },
    smaller(smaller) {
      switch (smaller.by) {
        case 'shorterHorizon':
          return `It forecasts ${aheadInEnglish(smaller.challenger)}, but the champion ${aheadInEnglish(smaller.champion)}.`
        case 'otherFrequency':
          return `It forecasts in ${smaller.challenger}s, but the champion in ${smaller.champion}s.`
        case 'fewerSeries': {
          const more = smaller.missing > smaller.named.length ? ', …' : ''
          return `It does not know ${smaller.missing} of the ${smaller.of} series that the champion forecasts: ${smaller.named.join(', ')}${more}.`
        }
      }
    },
    caution(caution) {
      switch (caution.caution) {
        case 'few origins':
          return `With ${caution.origins} origins the gate sees little: of challengers that are truly 5% better, 55%, 82% and 97% are called so with 4 origins, with 6 and with 12.`
        case 'overlapping origins': {
          const { origins, overlap } = caution
          return `The step is below the horizon, so that ${overlap} origins in a row forecast the same period: ${origins} of them say hardly more than ${Math.ceil(origins / overlap)} that lie a horizon apart.`
        }
        case 'low confidence': {
          const { confidence } = caution
          return `A confidence of ${en.level(confidence)} lets chance through: up to ${en.percent((1 - confidence) / 2)} of challengers that are no better are called so at the first try, and up to ${en.percent(1 - confidence)} of campaigns end so.`
        }
        case 'high confidence':
          return `A confidence of ${en.level(caution.confidence)} asks for more than a few origins can show, and guardrails that compare with the champion hardly ever close at it.`
        case 'large minimum improvement':
          return `A minimum improvement of ${en.percent(caution.minimumImprovement)} keeps out what is better by less, however certain it is: few challengers of a good model are better by 5%.`
      }
    },

    theChampionItself: 'The challenger is the champion itself: the same recipe, code and data.',
    tooFewOrigins: (origins, required) =>
      `Too few origins could be scored: ${origins}, but the policy requires ${required}.`,
    noMetric: ({ metric, reference }, of) =>
      `${en.metricAsSubject(metric)} of ${of === 'challenger' ? 'the challenger' : en.reference[reference]} could not be computed.`,
    noInterval: 'The confidence interval of the difference could not be computed.',
    surelyHigher: ({ metric }, atLeast) =>
      `${en.metricAsSubject(metric)} is higher by more than chance explains: at least ${en.percent(atLeast)}.`,
    theSameEverywhere: ({ metric }) =>
      `${en.metricAsSubject(metric)} is the same for every series at every origin.`,
    lookedAtOften({ count, of }, confidence, { low, high }) {
      const often =
        of === 'refresh'
          ? `Production is looked at in the ${ordinal(count)} horizon since it was trained, and who looks often sees what is not there`
          : `It is the ${ordinal(count)} challenger that was tried, and who tries often finds one that looks better`
      return `${often}: the ${en.level(confidence)} interval, ${en.span(low, high)}, includes 0.`
    },
    chance: ({ confidence }, { low, high }) =>
      `The ${en.interval(confidence, low, high)} includes 0, so that chance may explain the difference.`,
  },

  'pt-BR': {
    notJudged: (reference) =>
      `O desafiante não pôde ser julgado contra ${pt.reference[reference]}.`,
    summary({ metric, reference, confidence }, difference, interval) {
      const sure = interval ? ` (${pt.interval(confidence, interval.low, interval.high)})` : ''
      return `${pt.metricAsSubject(metric)} ${pt.compared(difference, reference)}${sure}.`
    },

    everyMetric: ({ passed, missing }) =>
      passed
        ? 'O desafiante tem todas as métricas do modelo contra o qual é julgado.'
        : `O desafiante não tem ${missing.map(pt.metricInSentence).join(', ')}: falta uma previsão, ou ela não é um número finito.`,
    sameQuestion({ passed, smaller: questions }, smaller) {
      const asked = passed
        ? 'a política permite isso com'
        : 'a política não permite isso; para que permita, escreva nela'
      return `${smaller.slice(0, -1)}; ${asked} ${allow(questions)}.`
    },
    minimumImprovement: ({ difference, required }, { metric, reference }) =>
      `${pt.metricAsSubject(metric)} ${pt.compared(difference, reference)}; exige-se uma redução de pelo menos ${pt.percent(required)}.`,
    noWorse: ({ difference, allowed }, { metric, reference }) =>
      `${pt.metricAsSubject(metric)} ${pt.compared(difference, reference)}; a uma atualização permite-se um aumento de no máximo ${pt.percent(allowed)}, e nunca além do que o acaso explica.`,
    notDue: (limits, refresh) =>
      `Nada pede uma atualização: a métrica não é ${pt.percent(limits.gain)} menor além do que o acaso explica, nem menor enquanto a produção certamente viola um limite; ${newSeriesInPortuguese(refresh)} ${refresh.newSeries === 1 ? 'é nova' : 'são novas'} para a produção, e teriam de ser ${pt.percent(limits.newSeries)}; faltam à produção ${countedIn('pt-BR', refresh.days, 'dia', 'dias')} de vendas, e teriam de ser mais de ${limits.maxAge}.`,
    seasonalNaive({ own, naive, kept }, { metric }) {
      const label = pt.metricAsSubject(metric)
      const orKept = kept === undefined ? '' : `, ou no máximo o valor do campeão, ${pt.loss(kept)}`
      return own === undefined || naive === undefined
        ? `${label} não tem comparação possível com a linha de base sazonal ingênua; exige-se um valor abaixo do dela.`
        : `${label} é ${pt.loss(own)}; exige-se um valor abaixo do da linha de base sazonal ingênua, ${pt.loss(naive)}${orKept}.`
    },
    bias({ bias, allowed, kept }, { reference }) {
      const orKept =
        kept === undefined ? '' : `, ou o d${pt.reference[reference]}, ${pt.percent(kept)}`
      const required = `permite-se no máximo ${pt.percent(allowed)} para mais ou para menos${orKept}`
      return bias === undefined
        ? `O viés não pôde ser calculado; ${required}.`
        : `As previsões somam ${pt.percent(Math.abs(bias))} a ${bias < 0 ? 'menos' : 'mais'} do que se vendeu; ${required}.`
    },
    coverage({ coverage, least, most, kept }, { reference }) {
      const orKept =
        kept === undefined
          ? ''
          : `, ou não mais longe disso que ${pt.reference[reference]}, que está a ${pt.percent(kept)}`
      const required = `exige-se de ${pt.percent(least)} a ${pt.percent(most)}${orKept}`
      return coverage === undefined
        ? `A cobertura do intervalo de 80% não pôde ser calculada; ${required}.`
        : `${pt.percent(coverage)} das linhas ficam dentro do intervalo de 80%; ${required}.`
    },
    segments({ name, passed, shown, minimumRows, allowed, byChance }, { metric }) {
      const by = {
        'no category worse': 'categoria',
        'no volume class worse': 'classe de volume',
        'no part worse': 'parte',
      }[name]
      const nameOf = name === 'no volume class worse' ? pt.volumeClass : pt.partName
      const required = `permite-se um aumento de no máximo ${pt.percent(allowed)}`
      if (shown.length === 0) {
        return `Nenhuma ${by} tem as ${pt.integer(minimumRows)} linhas necessárias para ser julgada; ${required}.`
      }
      const which = passed ? 'o pior caso' : 'alto demais'
      const segments = shown.map(
        ({ name, worse }) =>
          `${nameOf(name)} (${worse === undefined ? 'sem comparação possível' : pt.change(worse)})`,
      )
      return `${pt.metricAsSubject(metric)} por ${by}, ${which}: ${pt.firstOf(segments)}; ${required}${byChance ? POR_ACASO : ''}.`
    },
    orderingCost({ allowed, byChance }, { challenger, reference: other, interval }, compared) {
      const { reference, confidence } = compared
      const sure = interval ? `, ${pt.interval(confidence, interval.low, interval.high)}` : ''
      const costs = `Pedir pelo desafiante custa ${pt.integer(challenger)} na simulação; pel${pt.reference[reference]}, ${pt.integer(other)} (${pt.change(challenger / other - 1)}${sure})`
      return `${costs}; permite-se um aumento de no máximo ${pt.percent(allowed)}${byChance ? POR_ACASO : ''}.`
    },
    serviceLevel({ level, required, kept }, { reference }) {
      const orKept =
        kept === undefined ? '' : `, ou o nível d${pt.reference[reference]}, ${pt.percent(kept)}`
      const least = `exige-se pelo menos ${pt.percent(required)}${orKept}`
      return level === undefined
        ? `O nível de serviço dos pedidos não pôde ser calculado; ${least}.`
        : `Os pedidos pelo desafiante atendem ${pt.percent(level)} da demanda na simulação; ${least}.`
    },
    notSimulated: {
      'no origin':
        'Os pedidos não puderam ser simulados: nenhuma origem de previsão pôde ser avaliada.',
      'no prices and costs':
        'Os pedidos não puderam ser simulados: as vendas não têm preços ou não têm custos.',
      'no series with price and cost':
        'Os pedidos não puderam ser simulados: nenhuma série tem preço e custo.',
    },
    notAskedThen: 'Nesse caso nada se exige deles.',
    orderingNotSimulated: 'Os pedidos não foram simulados.',

    due(reason, { metric }, refresh) {
      switch (reason.calledFor) {
        case 'by a lower loss':
          return `${pt.metricAsSubject(metric)} é menor que em produção, além do que o acaso explica.`
        case 'by a limit that production breaks':
          return `A produção viola o limite ${reason.limit === 'bias' ? 'do viés' : 'da cobertura do intervalo de 80%'} além do que o acaso explica, e a atualização viola menos ou não viola.`
        case 'by new series':
          return `${newSeriesInPortuguese(refresh)} ${refresh.newSeries === 1 ? 'é nova' : 'são novas'} para a produção.`
        case 'by age':
          return refresh.days === 1
            ? 'A produção não conhece o último dia.'
            : `A produção não conhece os últimos ${pt.integer(refresh.days)} dias.`
      }
    },
    smaller(smaller) {
      switch (smaller.by) {
        case 'shorterHorizon':
          return `Ele prevê ${aheadInPortuguese(smaller.challenger)}, mas o campeão prevê ${aheadInPortuguese(smaller.champion)}.`
        case 'otherFrequency':
          return `Ele prevê em ${PERIODS[smaller.challenger].more}, mas o campeão em ${PERIODS[smaller.champion].more}.`
        case 'fewerSeries': {
          const more = smaller.missing > smaller.named.length ? ', …' : ''
          return `Ele não conhece ${pt.integer(smaller.missing)} das ${pt.integer(smaller.of)} séries que o campeão prevê: ${smaller.named.join(', ')}${more}.`
        }
      }
    },
    caution(caution) {
      switch (caution.caution) {
        case 'few origins':
          return `Com ${countedIn('pt-BR', caution.origins, 'origem', 'origens')} enxerga-se pouco: dos desafiantes que são de fato 5% melhores, 55%, 82% e 97% são reconhecidos com 4, com 6 e com 12 origens.`
        case 'overlapping origins': {
          const { origins, overlap } = caution
          return `O passo é menor que o horizonte, de modo que ${overlap} origens seguidas preveem o mesmo período: ${origins} delas dizem pouco mais que ${Math.ceil(origins / overlap)} separadas por um horizonte.`
        }
        case 'low confidence': {
          const { confidence } = caution
          return `Uma confiança de ${pt.level(confidence)} deixa passar o acaso: até ${pt.percent((1 - confidence) / 2)} dos desafiantes que não são melhores passam por melhores na primeira tentativa, e até ${pt.percent(1 - confidence)} das campanhas terminam assim.`
        }
        case 'high confidence':
          return `Uma confiança de ${pt.level(caution.confidence)} exige mais do que poucas origens podem mostrar, e os limites que comparam com o campeão quase nunca barram com ela.`
        case 'large minimum improvement':
          return `Uma melhora mínima de ${pt.percent(caution.minimumImprovement)} barra o que melhora menos, por mais certo que seja: poucos desafiantes de um bom modelo são 5% melhores.`
      }
    },

    theChampionItself:
      'O desafiante é o próprio campeão: a mesma receita, o mesmo código, os mesmos dados.',
    tooFewOrigins: (origins, required) =>
      `Poucas origens puderam ser avaliadas: ${pt.integer(origins)}, e a política exige ${pt.integer(required)}.`,
    noMetric: ({ metric, reference }, of) =>
      `${pt.metricAsSubject(metric)} d${of === 'challenger' ? 'o desafiante' : pt.reference[reference]} não pôde ser calculad${pt.metricAsSubject(metric).startsWith('A') ? 'a' : 'o'}.`,
    noInterval: 'O intervalo de confiança da diferença não pôde ser calculado.',
    surelyHigher: ({ metric }, atLeast) =>
      `${pt.metricAsSubject(metric)} é maior além do que o acaso explica: pelo menos ${pt.percent(atLeast)}.`,
    theSameEverywhere: ({ metric }) =>
      `${pt.metricAsSubject(metric)} é igual para todas as séries em todas as origens.`,
    lookedAtOften({ count, of }, confidence, { low, high }) {
      const often =
        of === 'refresh'
          ? `Este é o ${pt.integer(count)}º horizonte em que se olha para a produção desde o treino, e quem olha muitas vezes vê o que não existe`
          : `Este é o ${pt.integer(count)}º desafiante tentado, e quem tenta muitas vezes encontra um que parece melhor`
      return `${often}: o intervalo de ${pt.level(confidence)}, ${pt.span(low, high)}, inclui 0.`
    },
    chance: ({ confidence }, { low, high }) =>
      `O intervalo de ${pt.level(confidence)}, ${pt.span(low, high)}, inclui 0, de modo que o acaso pode explicar a diferença.`,
  },
})

const BY_CHANCE = ', and more only where chance may explain it, as here'
const POR_ACASO = ', e mais só onde o acaso pode explicá-lo, como aqui'

/** A frequency as a noun. */
export const PERIODS: Record<Frequency, { one: string; more: string }> = {
  day: { one: 'dia', more: 'dias' },
  week: { one: 'semana', more: 'semanas' },
  month: { one: 'mês', more: 'meses' },
}

/** What the policy says where it allows that; the same in every language. */
function allow(smaller: SmallerQuestion[]): string {
  return `allow: [${smaller.map(({ by }) => by).join(', ')}]`
}

function newSeriesInEnglish({ newSeries, series }: Refresh): string {
  const share = series > 0 ? ` (${en.percent(newSeries / series)})` : ''
  return `${en.integer(newSeries)} of the ${en.integer(series)} series that sell${share}`
}

function newSeriesInPortuguese({ newSeries, series }: Refresh): string {
  const share = series > 0 ? ` (${pt.percent(newSeries / series)})` : ''
  return `${pt.integer(newSeries)} das ${pt.integer(series)} séries que vendem${share}`
}

function aheadInEnglish(reach: Reach): string {
  const periods = counted(reach.horizon, reach.frequency)
  return reach.frequency === 'day'
    ? `${periods} ahead`
    : `${periods} (${daysAhead(reach)} days) ahead`
}

function aheadInPortuguese(reach: Reach): string {
  const { one, more } = PERIODS[reach.frequency]
  const periods = countedIn('pt-BR', reach.horizon, one, more)
  return reach.frequency === 'day'
    ? `${periods} à frente`
    : `${periods} (${daysAhead(reach)} dias) à frente`
}

/** 2 → `2nd`. */
function ordinal(place: number): string {
  const [tens, ones] = [Math.floor(place / 10) % 10, place % 10]
  return `${place}${tens === 1 ? 'th' : (['th', 'st', 'nd', 'rd'][ones] ?? 'th')}`
}
