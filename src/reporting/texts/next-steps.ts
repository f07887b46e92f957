import { inEveryLanguage } from '../../base/language.ts'
import type { Frequency } from '../../demand/calendar.ts'
import type { NextStep } from '../../evaluation/gate/next-step.ts'
import type { SmallerQuestion } from '../../evaluation/gate/question.ts'

type Of<Try extends NextStep['try']> = Extract<NextStep, { try: Try }>

/** What to try next, a whole sentence each. Code stands between backticks. */
type NextStepTexts = {
  title: string
  shorterHorizon(step: Of<'a shorter horizon'>): string
  later(frequency: Frequency): string
  anotherRecipe: string
  /** `families` as a list. */
  otherFamilies(families: string): string
  otherSettings: string
  coarserFrequency(frequency: Frequency): string
  oneChangeAtATime: string
  aLargerChange: string
  moreOrigins(origins: number): string
  wholeQuestion(smaller: SmallerQuestion): string
  allRows: string
  /** `segments` as a list. */
  rowsOf(segments: string): string
  moreOriginsOfTheSearch: string
  salesThatCanBeScored: string
  termsOfOrdering: string
}

export const nextStepTexts = inEveryLanguage<NextStepTexts>({
  en: {
    title: 'What to try next',
    shorterHorizon: ({ horizon, frequency, finer }) =>
      finer
        ? `The history is too short to judge forecasts so far ahead: set a shorter \`horizon\` in recipe.yml, such as ${horizon}, or \`frequency: ${finer}\`, of which there are more.`
        : `The history is too short to judge forecasts so far ahead: set a shorter \`horizon\` in recipe.yml, such as ${horizon} ${horizon === 1 ? frequency : `${frequency}s`}.`,
    later: (frequency) =>
      `Nothing now: with each ${frequency} of sales there is more to tell by, and every retraining looks again.`,
    anotherRecipe:
      'Change recipe.yml: another family, or other values of a setting. docs/recipes.md lists them.',
    otherFamilies: (families) => `Add families that were not tried to recipe.yml: ${families}.`,
    otherSettings:
      'Every family was tried: list other values of their settings in recipe.yml, or another `frequency`. docs/recipes.md says what each setting does.',
    coarserFrequency: (frequency) =>
      `Where products sell now and then, chance hides what can be learnt: set \`frequency: ${frequency}\` in recipe.yml, by which sums are steadier.`,
    oneChangeAtATime:
      'Begin with the recipe that is in production, and change one thing at a time.',
    aLargerChange:
      'Try something larger, such as a family that production has not: each further small change has to be surer than the last. The next version in production starts the count anew.',
    moreOrigins: (origins) =>
      `It looks better, but ${origins} origins are few to be sure by: where the history is longer, reviewers may raise \`origins\` in model-registry/policy.yml.`,
    wholeQuestion: (smaller) => {
      switch (smaller.by) {
        case 'shorterHorizon':
          return `Set \`horizon\` in recipe.yml so that it looks as far ahead as production: ${smaller.champion.horizon} ${smaller.champion.frequency}s.`
        case 'otherFrequency':
          return `Set \`frequency: ${smaller.champion}\` in recipe.yml, as in production, or have reviewers allow another one in model-registry/policy.yml.`
        case 'fewerSeries':
          return 'Bring the sales back of the series that are missing, or have reviewers allow fewer of them in model-registry/policy.yml.'
      }
    },
    allRows:
      'See where it errs: `npx cd4ml compare --rows rows.csv` writes forecast and actual of every scored row.',
    rowsOf: (segments) =>
      `\`npx cd4ml compare --rows rows.csv\` writes forecast and actual of every scored row: see what it errs by in ${segments}.`,
    moreOriginsOfTheSearch:
      'Intervals are learnt from the errors at the origins of the search: raise `search.origins` in recipe.yml.',
    salesThatCanBeScored:
      'See what can be scored: `npx cd4ml validate` counts the sales of every file, and `npx cd4ml compare --rows rows.csv` writes every scored row.',
    termsOfOrdering:
      'See whether lead times, packs and costs in ordering.yml are true: what is cheapest to order follows from them as much as from the forecasts.',
  },
  'pt-BR': {
    title: 'O que tentar agora',
    shorterHorizon: ({ horizon, finer }) =>
      finer
        ? `O histórico é curto demais para julgar previsões tão longe: ponha um \`horizon\` menor no recipe.yml, como ${horizon}, ou \`frequency: ${finer}\`, período do qual há mais.`
        : `O histórico é curto demais para julgar previsões tão longe: ponha um \`horizon\` menor no recipe.yml, como ${horizon}.`,
    later: (frequency) =>
      `Nada agora: a cada ${periods[frequency]} de vendas há mais em que se basear, e cada retreinamento olha de novo.`,
    anotherRecipe:
      'Mude o recipe.yml: outra família, ou outros valores de um parâmetro. docs/recipes.md traz a lista.',
    otherFamilies: (families) =>
      `Acrescente ao recipe.yml famílias que não foram tentadas: ${families}.`,
    otherSettings:
      'Todas as famílias foram tentadas: liste outros valores dos seus parâmetros no recipe.yml, ou outra `frequency`. docs/recipes.md diz o que cada parâmetro faz.',
    coarserFrequency: (frequency) =>
      `Onde os produtos vendem só de vez em quando, o acaso esconde o que se pode aprender: ponha \`frequency: ${frequency}\` no recipe.yml, em que as somas são mais estáveis.`,
    oneChangeAtATime: 'Parta da receita que está em produção e mude uma coisa por vez.',
    aLargerChange:
      'Tente algo maior, como uma família que a produção não tem: cada pequena mudança a mais precisa de mais certeza que a anterior. A próxima versão em produção recomeça a contagem.',
    moreOrigins: (origins) =>
      `Parece melhor, mas ${origins} origens são poucas para ter certeza: se o histórico é mais longo, os revisores podem aumentar \`origins\` em model-registry/policy.yml.`,
    wholeQuestion: (smaller) => {
      switch (smaller.by) {
        case 'shorterHorizon':
          return `Ajuste \`horizon\` no recipe.yml para que olhe tão longe quanto a produção: ${smaller.champion.horizon} × ${periods[smaller.champion.frequency]}.`
        case 'otherFrequency':
          return `Ponha \`frequency: ${smaller.champion}\` no recipe.yml, como na produção, ou peça aos revisores que permitam outra em model-registry/policy.yml.`
        case 'fewerSeries':
          return 'Traga de volta as vendas das séries que faltam, ou peça aos revisores que permitam menos delas em model-registry/policy.yml.'
      }
    },
    allRows:
      'Veja onde erra: `npx cd4ml compare --rows rows.csv` grava a previsão e o real de cada linha avaliada.',
    rowsOf: (segments) =>
      `\`npx cd4ml compare --rows rows.csv\` grava a previsão e o real de cada linha avaliada: veja em que erra em ${segments}.`,
    moreOriginsOfTheSearch:
      'Os intervalos são aprendidos com os erros nas origens da busca: aumente `search.origins` no recipe.yml.',
    salesThatCanBeScored:
      'Veja o que pode ser avaliado: `npx cd4ml validate` conta as vendas de cada arquivo, e `npx cd4ml compare --rows rows.csv` grava cada linha avaliada.',
    termsOfOrdering:
      'Veja se os prazos, embalagens e custos do ordering.yml são verdadeiros: o pedido mais barato depende deles tanto quanto das previsões.',
  },
})

const periods = { day: 'dia', week: 'semana', month: 'mês' }
