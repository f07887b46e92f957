import { inEveryLanguage } from '../../base/language.ts'
import { countedIn } from './numbers.ts'

/** Of what was forecast, decided and sold. Numbers, days and names come in as text. */
export const entryTexts = inEveryLanguage({
  en: {
    forecast: (units: string, from: string, to: string, interval: string) =>
      `Forecast of ${units} from ${from} to ${to} (80%: ${interval})`,
    order: (day: string) => `Advice for ${day}`,
    version: (version: number) => `version ${version}`,
    undecided: 'Nothing decided',
    followed: (units: string | undefined) =>
      units === undefined ? 'Followed' : `Followed: ${units}`,
    changed: (units: string) => `Changed to ${units}`,
    none: 'Seen, and not decided then',
    by: (person: string, time: string) => `by ${person}, ${time}`,
    arrived: (units: string, day: string) => `Arrived: ${units} on ${day}`,
    sold: (units: string) => `Sold: ${units}`,
    soldSoFar: (units: string, known: number, days: number) =>
      `Sold so far: ${units}, on ${known} of ${countedIn('en', days, 'day', 'days')}`,
    notSold: 'Sold: not known yet',
    censored: (days: number) => `${countedIn('en', days, 'day', 'days')} without stock`,
    noLedger: (file: string) => `There is no ledger here yet: cd4ml serve begins one, in ${file}.`,
    nothing: 'Nothing is recorded yet.',
    nothingAsked: 'Nothing of that is recorded.',
    more: 'There may be more: --limit shows as many as you say.',
  },
  'pt-BR': {
    forecast: (units: string, from: string, to: string, interval: string) =>
      `Previsão de ${units} de ${from} a ${to} (80%: ${interval})`,
    order: (day: string) => `Sugestão para ${day}`,
    version: (version: number) => `versão ${version}`,
    undecided: 'Nada decidido',
    followed: (units: string | undefined) => (units === undefined ? 'Aceita' : `Aceita: ${units}`),
    changed: (units: string) => `Alterada para ${units}`,
    none: 'Vista, e não decidida na hora',
    by: (person: string, time: string) => `por ${person}, ${time}`,
    arrived: (units: string, day: string) => `Chegaram: ${units} em ${day}`,
    sold: (units: string) => `Vendidas: ${units}`,
    soldSoFar: (units: string, known: number, days: number) =>
      `Vendidas até agora: ${units}, em ${known} de ${countedIn('pt-BR', days, 'dia', 'dias')}`,
    notSold: 'Vendidas: ainda não se sabe',
    censored: (days: number) => `${countedIn('pt-BR', days, 'dia', 'dias')} sem estoque`,
    noLedger: (file: string) => `Ainda não há registro aqui: o cd4ml serve o começa, em ${file}.`,
    nothing: 'Ainda não há nada registrado.',
    nothingAsked: 'Disso não há nada registrado.',
    more: 'Pode haver mais: --limit mostra quantos você quiser.',
  },
})
