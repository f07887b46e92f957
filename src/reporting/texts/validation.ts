import { inEveryLanguage } from '../../base/language.ts'
import { counted } from '../../base/wording.ts'
import type { ValidationReport } from '../../sales/checks/validation-report.ts'
import { switchedOffWithout } from '../../sales/contract/roles.ts'
import type { Level } from '../../sales/contract/rules.ts'
import { countedIn, numbersIn } from './numbers.ts'

type Total =
  | 'files'
  | 'rowsRead'
  | 'rowsAccepted'
  | 'rowsQuarantined'
  | 'unitsSold'
  | 'unitsReturned'
  | 'products'
  | 'stores'
  | 'days'
  | 'span'

/** Of the report on the data. Days are ISO. */
type ValidationTexts = {
  title: Record<ValidationReport['outcome'], string>
  asOf(day: string): string
  valid: string
  invalid(errors: number): string
  quarantined(rows: number, of: number): string
  warnings(kinds: number): string
  total: string
  totals: Record<Total, string>
  span(first: string, last: string): string
  files: string
  fileHeaders: string[]
  plan: { title: string; headers: string[] }
  switchedOff: { title: string; about: string; headers: string[] }
  /** What does not work without a column. */
  without: Record<keyof typeof switchedOffWithout, string>
  levels: Record<Level, string>
  placeHeaders: string[]
  /** Of a table that has no lines, from 1. */
  row: (number: number) => string
  empty: string
  more(count: number): string

  /** What was read and left out, in one sentence. */
  read(read: {
    rows: number
    files: number
    through: string | undefined
    quarantined: number
    /** Rows of the plan, where there is one; none of the other numbers counts them. */
    planned: { rows: number; quarantined: number } | undefined
    warnings: number
  }): string
  findingHeaders: string[]
  allFiles: string
}

const en = numbersIn.en
const pt = numbersIn['pt-BR']

export const validationTexts = inEveryLanguage<ValidationTexts>({
  en: {
    title: {
      valid: 'Validation: the data is valid',
      invalid: 'Validation: the data is invalid',
    },
    asOf: (day) => `As of ${day}: nothing dated later is counted.`,
    valid: 'The data can be used.',
    invalid: (errors) =>
      `The data cannot be used until this is corrected (${en.amount(errors)} below).`,
    quarantined: (rows, of) => `Rows quarantined: ${en.amount(rows)} of ${en.amount(of)}.`,
    warnings: (kinds) => `Kinds of warnings: ${en.amount(kinds)}.`,
    total: 'total',
    totals: {
      files: 'files',
      rowsRead: 'rows read',
      rowsAccepted: 'rows accepted',
      rowsQuarantined: 'rows quarantined',
      unitsSold: 'units sold',
      unitsReturned: 'units returned',
      products: 'products',
      stores: 'stores',
      days: 'days with sales',
      span: 'first and last sale',
    },
    span: (first, last) => `${first} to ${last}`,
    files: 'Files',
    fileHeaders: [
      'file',
      'read',
      'accepted',
      'quarantined',
      'units sold',
      'first sale',
      'last sale',
    ],
    plan: {
      title: 'What is planned',
      headers: ['file', 'read', 'accepted', 'quarantined', 'first day', 'last day'],
    },
    switchedOff: {
      title: 'Switched off',
      about: 'These columns are not mapped in the contract. That is allowed; it means:',
      headers: ['column', 'without it'],
    },
    without: switchedOffWithout,
    levels: { file: 'error', row: 'quarantined', warning: 'warning' },
    placeHeaders: ['file', 'line', 'column', 'value'],
    row: (number) => `row ${en.integer(number)}`,
    empty: '(empty)',
    more: (count) => `… and ${en.amount(count)} more.`,

    read({ rows, files, through, quarantined, planned, warnings }) {
      const sales = through ? `, sales through ${through}` : ''
      const plan = planned
        ? ` ${counted(planned.rows, 'row')} of the plan, ${en.integer(planned.quarantined)} quarantined;`
        : ''
      return `${counted(rows, 'row')} read in ${counted(files, 'file')}${sales}; ${en.integer(quarantined)} quarantined;${plan} ${counted(warnings, 'kind')} of warnings.`
    },
    findingHeaders: ['', 'Rule', 'First place', 'How often', 'What to do'],
    allFiles: 'all files',
  },
  'pt-BR': {
    title: {
      valid: 'Validação: os dados são válidos',
      invalid: 'Validação: os dados são inválidos',
    },
    asOf: (day) => `Como se fosse ${pt.day(day)}: nada com data posterior é contado.`,
    valid: 'Os dados podem ser usados.',
    invalid: (errors) =>
      `Os dados não podem ser usados até que isto seja corrigido (${pt.amount(errors)} abaixo).`,
    quarantined: (rows, of) => `Linhas em quarentena: ${pt.amount(rows)} de ${pt.amount(of)}.`,
    warnings: (kinds) => `Tipos de aviso: ${pt.amount(kinds)}.`,
    total: 'total',
    totals: {
      files: 'arquivos',
      rowsRead: 'linhas lidas',
      rowsAccepted: 'linhas aceitas',
      rowsQuarantined: 'linhas em quarentena',
      unitsSold: 'unidades vendidas',
      unitsReturned: 'unidades devolvidas',
      products: 'produtos',
      stores: 'lojas',
      days: 'dias com vendas',
      span: 'primeira e última venda',
    },
    span: (first, last) => (first === last ? pt.day(first) : `${pt.day(first)} a ${pt.day(last)}`),
    files: 'Arquivos',
    fileHeaders: [
      'arquivo',
      'lidas',
      'aceitas',
      'em quarentena',
      'unidades vendidas',
      'primeira venda',
      'última venda',
    ],
    plan: {
      title: 'O que está planejado',
      headers: ['arquivo', 'lidas', 'aceitas', 'em quarentena', 'primeiro dia', 'último dia'],
    },
    switchedOff: {
      title: 'Desligado',
      about: 'Estas colunas não estão mapeadas no contrato. Isso é permitido; significa:',
      headers: ['coluna', 'sem ela'],
    },
    without: {
      name: 'Os produtos aparecem só pelo id.',
      category: 'Um produto sem histórico não tem categoria de que tomar emprestada uma previsão.',
      price: 'As previsões não têm preço nem receita, e os preços não são verificados.',
      cost: 'Os custos não são conhecidos nem comparados com os preços.',
      purchaseDate:
        'Sem datas de compra (ou estoque) não se detectam rupturas: um dia sem estoque parece um dia sem demanda.',
      expiryDate: 'Não se sabe quantas unidades venceram.',
      store: 'Todas as lojas contam como uma só: uma série é um produto.',
      quantity: 'Cada linha conta como uma unidade.',
    },
    levels: { file: 'erro', row: 'em quarentena', warning: 'aviso' },
    placeHeaders: ['arquivo', 'linha', 'coluna', 'valor'],
    row: (number) => `linha ${pt.integer(number)}`,
    empty: '(vazio)',
    more: (count) => `… e mais ${pt.amount(count)}.`,

    read({ rows, files, through, quarantined, planned, warnings }) {
      const sales = through ? `, vendas até ${pt.day(through)}` : ''
      const plan = planned
        ? ` ${countedIn('pt-BR', planned.rows, 'linha', 'linhas')} do plano, ${pt.integer(planned.quarantined)} em quarentena;`
        : ''
      return `${countedIn('pt-BR', rows, 'linha lida', 'linhas lidas')} em ${countedIn('pt-BR', files, 'arquivo', 'arquivos')}${sales}; ${pt.integer(quarantined)} em quarentena;${plan} ${countedIn('pt-BR', warnings, 'tipo', 'tipos')} de aviso.`
    },
    findingHeaders: ['', 'Regra', 'Primeiro lugar', 'Quantas vezes', 'O que fazer'],
    allFiles: 'todos os arquivos',
  },
})
