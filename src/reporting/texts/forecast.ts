import { inEveryLanguage } from '../../base/language.ts'
import { countedIn } from './numbers.ts'

/** Of forecasts, as sentences and as tables. Numbers come in as text. */
export const forecastTexts = inEveryLanguage({
  en: {
    units: (mean: string) => `${mean} units`,
    interval: (low: string, high: string) => `80% interval ${low} to ${high}`,
    withoutPlan: (mean: string, added: string) =>
      `${mean} if nothing were planned; effect of the plan: ${added}`,
    inStore: (store: string) => `in store ${store}`,
    days: (from: string, to: string) => `${from} to ${to}`,
    month: (firstDay: string) => firstDay.slice(0, 7),
    standIn: (category: string) =>
      `no period is over in which it was on sale, so this is the forecast of its category, ${category}`,
    allProducts: 'all products',
    inProduction: (version: number) => `version ${version} in production`,
    challenger: (folder: string) => `the challenger in ${folder}`,
    about: (source: string, model: string, through: string) =>
      `Forecast by ${source}: ${model}, trained through ${through}.`,
    standsIn: (by: string, parts: string) =>
      `Without a model of its own yet, and forecast by that of ${by}: ${parts}.`,
    evaluatedUntil: (day: string) =>
      `The model was evaluated for days up to ${day}; beyond, its intervals are a guess.`,
    columns: {
      category: 'Category',
      product: 'Product',
      name: 'Name',
      store: 'Store',
      period: 'From',
      mean: 'Forecast',
      p10: 'At least (10%)',
      p50: 'Middle (50%)',
      p90: 'At most (90%)',
    },
    moreRows: (count: number) =>
      `${countedIn('en', count, 'more', 'more')}: cd4ml forecast --all --format csv has all of them.`,
  },
  'pt-BR': {
    units: (mean: string) => `${mean} unidades`,
    interval: (low: string, high: string) => `intervalo de 80%: ${low} a ${high}`,
    withoutPlan: (mean: string, added: string) =>
      `${mean} se nada estivesse planejado; efeito do plano: ${added}`,
    inStore: (store: string) => `na loja ${store}`,
    days: (from: string, to: string) => `${from} a ${to}`,
    month: (firstDay: string) => monthsInPortuguese.format(Date.parse(firstDay)),
    standIn: (category: string) =>
      `ainda não terminou nenhum período em que esteve à venda, então esta é a previsão da sua categoria, ${category}`,
    allProducts: 'todos os produtos',
    inProduction: (version: number) => `pela versão ${version} em produção`,
    challenger: (folder: string) => `pelo desafiante em ${folder}`,
    about: (source: string, model: string, through: string) =>
      `Previsto ${source}: ${model}, treinado até ${through}.`,
    standsIn: (by: string, parts: string) =>
      `Ainda sem modelo próprio, e previsto pelo de ${by}: ${parts}.`,
    evaluatedUntil: (day: string) =>
      `O modelo foi avaliado para dias até ${day}; além disso, os intervalos são um palpite.`,
    columns: {
      category: 'Categoria',
      product: 'Produto',
      name: 'Nome',
      store: 'Loja',
      period: 'Desde',
      mean: 'Previsão',
      p10: 'No mínimo (10%)',
      p50: 'Meio (50%)',
      p90: 'No máximo (90%)',
    },
    moreRows: (count: number) =>
      `mais ${countedIn('pt-BR', count, 'linha', 'linhas')}: cd4ml forecast --all --format csv traz todas.`,
  },
})

const monthsInPortuguese = new Intl.DateTimeFormat('pt-BR', {
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
})
