import { inEveryLanguage } from '../../base/language.ts'
import type { ShadowStanding } from '../../monitoring/health/shadow-standing.ts'
import { countedIn } from './numbers.ts'

type Untold = Extract<ShadowStanding, { outcome: 'cannot tell' }>['reason']

/** What is told of a model that is tried beside production. Names come from outside: text. */
type ShadowTexts = {
  title: string
  /** A sentence; `change` as `8.1% lower`, `span` as `1.2% to 14.8% lower`. */
  tried(it: {
    name: string
    from: string
    blocks: number
    metric: string
    change: string
    span: string
  }): string
  /** As `13.9% lower` and `16.2% higher`. */
  mostDifferent(lower: string, higher: string): string
  evidence(it: { e: string; threshold: string; speaks: boolean }): string
  untold(count: number): string
  /** Of the challenger that is proposed. */
  proposed: Record<'the same' | 'another', string>
  decidesNothing: string
  cannotTell: Record<Untold, string>
  because(problem: string): string
}

const blocksOf = (count: number) => countedIn('en', count, 'block', 'blocks')
const blocosDe = (count: number) => countedIn('pt-BR', count, 'bloco', 'blocos')

export const shadowTexts = inEveryLanguage<ShadowTexts>({
  en: {
    title: 'In shadow',
    tried: ({ name, from, blocks, metric, change, span }) =>
      `${name} has been forecasting beside production since ${from}: over ${blocksOf(blocks)} its ${metric} is ${change} than that of production (95% interval, however often one looks: ${span}).`,
    mostDifferent: (lower, higher) =>
      `A block counts as ${lower} or ${higher} at most: in truth it may be more than the interval says.`,
    evidence: ({ e, threshold, speaks }) =>
      speaks
        ? `E is ${e}, of which ${threshold} speaks for it: one that is no better gets there in 5% of all cases at most.`
        : `E is ${e}: it would speak for it from ${threshold} on.`,
    untold: (count) => `Of ${blocksOf(count)} too little of the demand is known.`,
    proposed: {
      'the same': 'What is proposed here is of the same recipe, fitted on newer sales.',
      another: 'What is proposed here is of another recipe: this says nothing of it.',
    },
    decidesNothing: 'It is told to whoever reviews, and has decided nothing.',
    cannotTell: {
      'nothing is tried beside production': 'No model is tried beside production.',
      'the shadow could not forecast':
        'A model was to be tried beside production, but could not forecast.',
      'no block of the shadow is over yet':
        'A model is tried beside production, but no block that both forecast is over yet.',
      'no block could be told':
        'A model is tried beside production, but of no block is enough of the demand known.',
    },
    because: (problem) => `It says: ${problem}`,
  },
  'pt-BR': {
    title: 'Na sombra',
    tried: ({ name, from, blocks, metric, change, span }) =>
      `${name} prevê ao lado da produção desde ${from}: em ${blocosDe(blocks)}, o valor de ${metric} é ${change} que o da produção (intervalo de 95%, por mais que se olhe: ${span}).`,
    mostDifferent: (lower, higher) =>
      `Um bloco conta como ${lower} ou ${higher} no máximo: na verdade pode ser mais do que diz o intervalo.`,
    evidence: ({ e, threshold, speaks }) =>
      speaks
        ? `E é ${e}, e a partir de ${threshold} fala a favor dele: um que não é melhor chega lá em no máximo 5% dos casos.`
        : `E é ${e}: falaria a favor dele a partir de ${threshold}.`,
    untold: (count) => `De ${blocosDe(count)} conhece-se pouco da demanda.`,
    proposed: {
      'the same': 'O que se propõe aqui é da mesma receita, ajustada com vendas mais novas.',
      another: 'O que se propõe aqui é de outra receita: isto nada diz sobre ele.',
    },
    decidesNothing: 'É uma informação para quem revisa, e não decidiu nada.',
    cannotTell: {
      'nothing is tried beside production': 'Nenhum modelo é testado ao lado da produção.',
      'the shadow could not forecast':
        'Um modelo seria testado ao lado da produção, mas não conseguiu prever.',
      'no block of the shadow is over yet':
        'Um modelo é testado ao lado da produção, mas nenhum bloco que ambos previram terminou.',
      'no block could be told':
        'Um modelo é testado ao lado da produção, mas de nenhum bloco se conhece o bastante da demanda.',
    },
    because: (problem) => `Diz: ${problem}`,
  },
})
