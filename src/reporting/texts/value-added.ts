import { inEveryLanguage } from '../../base/language.ts'
import type { AddedMeasure } from '../../monitoring/value-added/losses.ts'
import type { Overrides } from '../../monitoring/value-added/overrides.ts'
import type { StepsAdded } from '../../monitoring/value-added/steps-added.ts'
import type { ValueAdded } from '../../monitoring/value-added/value-added.ts'
import { countedIn } from './numbers.ts'

type Untold = Extract<ValueAdded, { outcome: 'cannot tell' }>['reason']
type NoSteps = Extract<StepsAdded, { outcome: 'cannot tell' }>['reason']
type Why = ValueAdded['leftOut'][number]['why']

/** What the buyers add to the model, in sentences that stand alone; of nobody by name. */
type ValueAddedTexts = {
  title: string
  cannotTell(reason: Untold, judged: string, needed: string): string
  adoption(counts: { decisions: number; followed: string; changed: string; none: string }): string
  /** Of one measure: losses of all three on the same decisions, and what the buyers add. */
  steps: Record<
    AddedMeasure,
    (of: { decisions: string; naive: string; model: string; buyer: string }) => string
  >
  /** With its interval as `+1.9 pp (+0.3 pp to +3.5 pp)`. */
  adds: Record<'gain' | 'loss' | 'no telling', (interval: string) => string>
  nothingChanged: string
  noSteps(measure: string, reason: NoSteps): string
  leftOut(parts: string): string
  why: Record<Why, string>
  censoredCuts(count: number): string
  measures: Record<AddedMeasure, string>
  stepsHeaders: string[]
  overrides: { title: string; headers: string[]; hidden(needed: string): string }
  /** Kinds of overrides; what is not here is the chain's own reason. */
  kinds: Record<Overrides['by'], string>
  names: Record<string, string>
  interval(estimate: string, low: string, high: string): string
}

const decisionsIn = (count: number) => countedIn('en', count, 'decision', 'decisions')
const decisoesDe = (count: number) => countedIn('pt-BR', count, 'decisão', 'decisões')

export const valueAddedTexts = inEveryLanguage<ValueAddedTexts>({
  en: {
    title: 'What the buyers add',
    cannotTell: (reason, judged, needed) =>
      reason === 'no decisions are recorded'
        ? 'Nobody can tell what the buyers add: no decisions are recorded.'
        : `Nobody can tell yet what the buyers add: of ${judged} decisions the days are over and what was asked for is known, and fewer than ${needed} may be chance.`,
    adoption: ({ decisions, followed, changed, none }) =>
      `Of ${decisionsIn(decisions)} in a year ${followed} followed the advice and ${changed} changed it; ${none} more were put off.`,
    steps: {
      wape: ({ decisions, naive, model, buyer }) =>
        `On the same ${decisions} decisions seasonal naive was off by ${naive} of what could have been sold, the model by ${model}, and what the buyers expected by ${buyer}.`,
      quantileLoss: ({ decisions, naive, model, buyer }) =>
        `On the same ${decisions} decisions the weighted quantile loss was ${naive} for seasonal naive, ${model} for the model and ${buyer} for the buyers.`,
      money: ({ decisions, naive, model, buyer }) =>
        `Lost margin, urgent reorders, waste and holding come to ${naive} an order by seasonal naive, ${model} as advised and ${buyer} as placed, replayed for ${decisions} orders.`,
    },
    adds: {
      gain: (interval) => `By that the buyers improve on the model: ${interval}.`,
      loss: (interval) => `By that the model alone would have done better: ${interval}.`,
      'no telling': (interval) =>
        `Whether the buyers improve on the model cannot be told: ${interval}.`,
    },
    nothingChanged: 'The buyers changed nothing of that.',
    noSteps: (measure, reason) => {
      const because: Record<NoSteps, string> = {
        'too few decisions': 'there are too few decisions',
        'no prices or costs': 'the sales know no prices or no costs',
        'no forecast to compare with': 'no forecast is known to compare with',
        'all of the same days': 'all decisions are of the same days',
      }
      return `${measure}: nobody can tell, since ${because[reason]}.`
    },
    leftOut: (parts) => `Not counted: ${parts}.`,
    why: {
      'not over': 'whose days are not over',
      censored: 'without stock for so long that nobody knows what was asked for',
      'no longer sold': 'on products that are not sold any more',
      'not in the sales': 'on products that the sales do not know',
      'on an event that is not there': 'on what the records do not hold',
      'nothing advised': 'where nothing was advised',
      'implausible quantity': 'with a quantity that nobody can have meant',
      'written down after the fact': 'written down when their days had begun',
    },
    censoredCuts: (count) =>
      `${countedIn('en', count, 'cut', 'cuts')} among those without stock: such a cut is not counted as right, and what cuts cost may be more than it says here.`,
    measures: { wape: 'WAPE', quantileLoss: 'Weighted quantile loss', money: 'Money an order' },
    stepsHeaders: [
      'Loss',
      'Seasonal naive',
      'Model',
      'Buyers',
      'Model adds',
      'Buyers add',
      'Decisions',
    ],
    overrides: {
      title: 'What was decided otherwise, against the advice in the same cases',
      headers: ['Overrides', 'Judged', 'No stock', 'WAPE', 'Quantile loss', 'Money an order'],
      hidden: (needed) =>
        `Above zero is better than the advice, with its interval. – is fewer than ${needed} decisions, or nothing to compare by. Kinds overlap, and many are looked at: one that stands out is a question, not an answer.`,
    },
    kinds: { all: 'All', direction: '', size: 'By', product: 'Product', reason: 'Reason' },
    names: {
      raised: 'Raised',
      cut: 'Cut',
      'up to 10%': 'up to 10%',
      '10% to 30%': '10% to 30%',
      'more than 30%': 'more than 30%',
      new: 'new',
      known: 'known',
      '': '',
    },
    interval: (estimate, low, high) => `${estimate} (${low} to ${high})`,
  },
  'pt-BR': {
    title: 'O que os compradores agregam',
    cannotTell: (reason, judged, needed) =>
      reason === 'no decisions are recorded'
        ? 'Não se pode dizer o que os compradores agregam: não há decisões registradas.'
        : `Ainda não se pode dizer o que os compradores agregam: de ${judged} decisões os dias já passaram e se sabe quanto foi procurado, e menos de ${needed} podem ser acaso.`,
    adoption: ({ decisions, followed, changed, none }) =>
      `De ${decisoesDe(decisions)} em um ano, ${followed} seguiram a recomendação e ${changed} a mudaram; mais ${none} ficaram para depois.`,
    steps: {
      wape: ({ decisions, naive, model, buyer }) =>
        `Nas mesmas ${decisions} decisões, a linha de base sazonal ingênua errou ${naive} do que poderia ter sido vendido, o modelo ${model}, e o que os compradores esperavam ${buyer}.`,
      quantileLoss: ({ decisions, naive, model, buyer }) =>
        `Nas mesmas ${decisions} decisões, a perda quantílica ponderada foi ${naive} na linha de base sazonal ingênua, ${model} no modelo e ${buyer} nos compradores.`,
      money: ({ decisions, naive, model, buyer }) =>
        `Margem perdida, reposição urgente, vencimento e estoque parado somam ${naive} por pedido pela linha de base sazonal ingênua, ${model} como recomendado e ${buyer} como pedido, simulados em ${decisions} pedidos.`,
    },
    adds: {
      gain: (interval) => `Nisso os compradores melhoram o modelo: ${interval}.`,
      loss: (interval) => `Nisso o modelo sozinho teria ido melhor: ${interval}.`,
      'no telling': (interval) =>
        `Não se pode dizer se os compradores melhoram o modelo: ${interval}.`,
    },
    nothingChanged: 'Nisso os compradores não mudaram nada.',
    noSteps: (measure, reason) => {
      const because: Record<NoSteps, string> = {
        'too few decisions': 'há poucas decisões',
        'no prices or costs': 'as vendas não têm preços ou custos',
        'no forecast to compare with': 'não se conhece previsão com que comparar',
        'all of the same days': 'todas as decisões são dos mesmos dias',
      }
      return `${measure}: não se pode dizer, pois ${because[reason]}.`
    },
    leftOut: (parts) => `Não contadas: ${parts}.`,
    why: {
      'not over': 'cujos dias não passaram',
      censored: 'sem estoque por tanto tempo que não se sabe quanto foi procurado',
      'no longer sold': 'sobre produtos que não se vendem mais',
      'not in the sales': 'sobre produtos que as vendas não conhecem',
      'on an event that is not there': 'sobre o que os registros não têm',
      'nothing advised': 'onde nada foi recomendado',
      'implausible quantity': 'com uma quantidade que ninguém pode ter querido',
      'written down after the fact': 'anotadas quando os dias já tinham começado',
    },
    censoredCuts: (count) =>
      `${countedIn('pt-BR', count, 'corte', 'cortes')} entre as sem estoque: um corte assim não conta como certo, e os cortes podem custar mais do que se diz aqui.`,
    measures: {
      wape: 'WAPE',
      quantileLoss: 'Perda quantílica ponderada',
      money: 'Dinheiro por pedido',
    },
    stepsHeaders: [
      'Perda',
      'Sazonal ingênua',
      'Modelo',
      'Compradores',
      'Modelo agrega',
      'Compradores agregam',
      'Decisões',
    ],
    overrides: {
      title: 'O que se decidiu diferente, diante da recomendação nos mesmos casos',
      headers: [
        'Mudanças',
        'Julgadas',
        'Sem estoque',
        'WAPE',
        'Perda quantílica',
        'Dinheiro por pedido',
      ],
      hidden: (needed) =>
        `Acima de zero é melhor que a recomendação, com o intervalo. – são menos de ${needed} decisões, ou nada com que comparar. Os tipos se sobrepõem, e são muitos: um que se destaca é uma pergunta, não uma resposta.`,
    },
    kinds: { all: 'Todas', direction: '', size: 'Em', product: 'Produto', reason: 'Motivo' },
    names: {
      raised: 'Aumentos',
      cut: 'Cortes',
      'up to 10%': 'até 10%',
      '10% to 30%': '10% a 30%',
      'more than 30%': 'mais de 30%',
      new: 'novo',
      known: 'conhecido',
      '': '',
    },
    interval: (estimate, low, high) => `${estimate} (${low} a ${high})`,
  },
})
