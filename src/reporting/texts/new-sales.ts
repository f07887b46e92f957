import { inEveryLanguage } from '../../base/language.ts'
import { countedIn } from './numbers.ts'

/** Of the pull request that brings new sales. */
export const newSalesTexts = inEveryLanguage({
  en: {
    title: (until: string | undefined, files: number) =>
      `New sales${until === undefined ? '' : ` until ${until}`}: ${countedIn('en', files, 'file', 'files')}`,
    canBeUsed: 'The sales can be used.',
    merges: {
      itself: 'It merges itself as soon as the required checks have passed.',
      'a person': 'Merge it, and forecasts and retraining go on with these sales.',
      'a person: the contract':
        'It changes the contract, or what stands beside it, such as a query, which say what the sales mean: a person has to look at it, and to merge it.',
      'a person: removed files':
        'It removes files, and with them sales that models were trained on: a person has to look at it, and to merge it.',
    },
    asked: (from: string, until: string) => `From the warehouse, asked for ${from} to ${until}:`,
    days: {
      new: 'New days',
      revised: 'Revised days',
      removed: 'Days without rows now',
      late: 'Days that usually sell, of which nothing has come yet: they are asked for again',
      incomplete:
        'Days left out, since less than half of what they usually have has come: they are asked for again',
    },
    fromTo: (from: string, to: string) => `${from} to ${to}`,
    columns: ['File', '', 'Rows', 'Quarantined', 'Last sale'],
    changes: { added: 'new', changed: 'changed', removed: 'removed' },
    moreFiles: (count: number) => `And ${countedIn('en', count, 'file', 'files')} more.`,
    findings: (count: number) =>
      `${countedIn('en', count, 'finding', 'findings')} in all the sales`,
    replaced: 'Another push to the branch brings this text up to date.',
    theRun: 'The run',
  },
  'pt-BR': {
    title: (until: string | undefined, files: number) =>
      `Novas vendas${until === undefined ? '' : ` até ${until}`}: ${countedIn('pt-BR', files, 'arquivo', 'arquivos')}`,
    canBeUsed: 'As vendas podem ser usadas.',
    merges: {
      itself: 'É incorporado sozinho assim que as verificações exigidas passarem.',
      'a person': 'Faça o merge, e as previsões e o treino continuam com estas vendas.',
      'a person: the contract':
        'Muda o contrato, ou o que está ao lado dele, como uma consulta, que dizem o que as vendas significam: uma pessoa precisa olhar e fazer o merge.',
      'a person: removed files':
        'Remove arquivos, e com eles vendas com que modelos foram treinados: uma pessoa precisa olhar e fazer o merge.',
    },
    asked: (from: string, until: string) => `Do data warehouse, perguntado por ${from} a ${until}:`,
    days: {
      new: 'Dias novos',
      revised: 'Dias revisados',
      removed: 'Dias agora sem linhas',
      late: 'Dias que costumam vender, dos quais nada veio ainda: são perguntados de novo',
      incomplete:
        'Dias deixados de fora, pois veio menos da metade do que costumam ter: são perguntados de novo',
    },
    fromTo: (from: string, to: string) => `${from} a ${to}`,
    columns: ['Arquivo', '', 'Linhas', 'Em quarentena', 'Última venda'],
    changes: { added: 'novo', changed: 'alterado', removed: 'removido' },
    moreFiles: (count: number) => `E mais ${countedIn('pt-BR', count, 'arquivo', 'arquivos')}.`,
    findings: (count: number) =>
      `${countedIn('pt-BR', count, 'achado', 'achados')} em todas as vendas`,
    replaced: 'Outro push no branch atualiza este texto.',
    theRun: 'A execução',
  },
})
