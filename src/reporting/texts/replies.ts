import { inEveryLanguage } from '../../base/language.ts'
import type { ReplyRule } from '../../ledger/replies/reply.ts'
import { countedIn } from './numbers.ts'

/** What a rule expects, and what to do about it. `about` is what `ReplyProblem` has by that name. */
type RuleText = (about: string) => { expected: string; remedy: string }

/** Of the tables that come in, and of the answers to them. */
export const replyTexts = inEveryLanguage<{
  columns: Record<'line' | 'outcome' | 'event' | 'product' | 'store' | Problem, string>
  outcomes: Record<'taken' | 'known' | 'blank' | 'refused', string>
  repeated: (line: number) => string
  checked: {
    title: string
    file: string
    fileHeaders: string[]
    refused: string
    more: (count: number) => string
  }
  rules: Record<ReplyRule, RuleText>
}>({
  en: {
    columns: {
      line: 'line',
      outcome: 'outcome',
      event: 'event_id',
      product: 'product_id',
      store: 'store_id',
      field: 'field',
      came: 'came',
      expected: 'expected',
      remedy: 'remedy',
    },
    outcomes: { taken: 'taken', known: 'known', blank: 'blank', refused: 'refused' },
    repeated: (line) => `says the same as line ${line}`,
    checked: {
      title: 'Decisions',
      file: 'File',
      fileHeaders: ['File', 'Rows', 'Accepted', 'Blank', 'Quarantined'],
      refused: 'refused as a whole',
      more: (count) => `… ${countedIn('en', count, 'more', 'more')} in the quarantine.`,
    },
    rules: {
      'no-file': says(
        'a plain file that may be read',
        'Copy the file itself here: no link, folder or device.',
      ),
      'no-csv-name': says('a name that ends in .csv', 'Save it as CSV, under such a name.'),
      'too-large': (most) => ({
        expected: `at most ${most} bytes`,
        remedy: 'Part it into several files, each with the header.',
      }),
      'no-csv': says(
        'CSV with the names of the columns in its first line',
        'Save it as CSV UTF-8.',
      ),
      encoding: says('one encoding for all lines', 'Save the whole file as CSV UTF-8.'),
      quotes: says(
        'quotation marks around whole cells, none within them that is not doubled',
        'Save it again with a spreadsheet, or quote the cell as a whole.',
      ),
      empty: says('a header and rows', 'Put the names of the columns into the first line.'),
      'column-twice': says('one column for each meaning', 'Remove one of the two.'),
      kind: (both) => ({
        expected: 'one of the columns decision, received and sold',
        remedy:
          both === ''
            ? 'Name the column with decisions "decision", units that arrived "received", units that sold "sold".'
            : `Put ${both} into files of their own.`,
      }),
      'no-target': says(
        'the columns product and day (or event_id, of a decision)',
        'Keep the column event_id of the file in out/, or add the columns product and day.',
      ),
      contract: (what) => ({
        expected: what,
        remedy: 'Bring the header and the resource "decisions" of the contract together.',
      }),
      ragged: (cells) => ({
        expected: `${cells} cells, as in the header`,
        remedy: 'Quote cells that hold the delimiter; the row may also have been cut off.',
      }),
      constraint: says('what the contract asks of this column', 'Correct the cell.'),
      'event-id': says(
        'an id such as 0199f2a0-7c1e-7abc-8def-0123456789ab',
        'Copy it from the file in out/, or leave it empty and give product and day.',
      ),
      'event-unknown': says(
        'the id of a forecast or an order that was given out',
        'Copy it from the file in out/, or leave it empty and give product and day.',
      ),
      'event-of-other': (series) => ({
        expected: `the product and store of that event: ${series}`,
        remedy: 'Correct the id, or the product and store beside it.',
      }),
      'event-no-order': says('the id of an order', 'Leave it empty where no order is known.'),
      'product-missing': says('the id of a product', 'Fill it in.'),
      'product-unknown': says(
        'the id of a product in the sales',
        'Write it as the sales have it, with all zeros in front.',
      ),
      'store-missing': says('the store: there are several', 'Fill in the column store.'),
      'store-unknown': says('a store that sells this product', 'Write it as the sales have it.'),
      'day-missing': says('a day', 'Fill it in.'),
      'day-unreadable': says('a day such as 2026-10-31', 'Write it like that.'),
      'day-two': (days) => ({
        expected: `one day, and not ${days}`,
        remedy: 'Write year, month and day, such as 2026-10-31.',
      }),
      'day-to-come': (today) => ({
        expected: `a day until ${today}`,
        remedy: 'Report it when it has happened, or correct the day.',
      }),
      'order-unknown': says(
        'the day of an order that was given out for this product',
        'Write the day in the name of the file in out/, or copy the event_id from there.',
      ),
      'decision-unknown': says(
        'followed, changed or none',
        'Write followed for what was advised, changed and a quantity for another, none for not now.',
      ),
      'quantity-missing': says('the units instead', 'Fill in the quantity.'),
      'quantity-unreadable': says('a number of units', 'Write digits alone, such as 24.'),
      'quantity-two': (values) => ({
        expected: `one number, and not ${values}`,
        remedy: 'Write it without a sign between thousands.',
      }),
      'quantity-negative': says('0 or more units', 'Report what came back somewhere else.'),
      'quantity-not-advised': (advised) => ({
        expected: `${advised} units, as advised, or none`,
        remedy: 'Write changed where another quantity was ordered.',
      }),
      'quantity-as-advised': says('another quantity than was advised', 'Write followed.'),
      'nothing-advised': says(
        'changed or none: the order says no quantity',
        'Write changed and the quantity.',
      ),
      'quantity-for-none': says('no quantity: nothing was decided', 'Write changed, or empty it.'),
      'reason-missing': (reasons) => ({
        expected: `why it was changed: one of ${reasons}`,
        remedy: 'Fill in the reason.',
      }),
      'reason-unknown': (reasons) => ({
        expected: `one of ${reasons}`,
        remedy: 'Write one of these, and the rest into the note.',
      }),
      'note-too-long': (most) => ({
        expected: `at most ${most} characters`,
        remedy: 'Shorten it.',
      }),
      'by-no-pseudonym': says(
        'a code of small letters, digits and hyphens, and no name',
        'Write such a code, or leave it empty.',
      ),
      'said-twice': (lines) => ({
        expected: `one row about it, but lines ${lines} differ`,
        remedy: 'Leave the one that holds; add up what arrived or sold on one day.',
      }),
    },
  },
  'pt-BR': {
    columns: {
      line: 'linha',
      outcome: 'resultado',
      event: 'id_evento',
      product: 'produto',
      store: 'loja',
      field: 'campo',
      came: 'veio',
      expected: 'esperado',
      remedy: 'o_que_fazer',
    },
    outcomes: {
      taken: 'aceita',
      known: 'já conhecida',
      blank: 'em branco',
      refused: 'recusada',
    },
    repeated: (line) => `diz o mesmo que a linha ${line}`,
    checked: {
      title: 'Decisões',
      file: 'Arquivo',
      fileHeaders: ['Arquivo', 'Linhas', 'Aceitas', 'Em branco', 'Em quarentena'],
      refused: 'recusado inteiro',
      more: (count) => `… mais ${countedIn('pt-BR', count, 'está', 'estão')} na quarentena.`,
    },
    rules: {
      'no-file': says(
        'um arquivo comum que se possa ler',
        'Copie o próprio arquivo: nem atalho, nem pasta.',
      ),
      'no-csv-name': says('um nome que termina em .csv', 'Salve como CSV, com um nome assim.'),
      'too-large': (most) => ({
        expected: `no máximo ${most} bytes`,
        remedy: 'Divida em vários arquivos, cada um com o cabeçalho.',
      }),
      'no-csv': says('CSV com os nomes das colunas na primeira linha', 'Salve como CSV UTF-8.'),
      encoding: says('uma só codificação em todas as linhas', 'Salve o arquivo como CSV UTF-8.'),
      quotes: says(
        'aspas em volta da célula inteira, e dobradas dentro dela',
        'Salve de novo com uma planilha, ou ponha a célula inteira entre aspas.',
      ),
      empty: says('um cabeçalho e linhas', 'Ponha os nomes das colunas na primeira linha.'),
      'column-twice': says('uma coluna para cada significado', 'Tire uma das duas.'),
      kind: (both) => ({
        expected: 'uma das colunas decisão, recebido e vendido',
        remedy:
          both === ''
            ? 'Chame de "decisão" a coluna das decisões, de "recebido" o que chegou, de "vendido" o que vendeu.'
            : `Ponha ${both} em arquivos separados.`,
      }),
      'no-target': says(
        'as colunas produto e dia (ou id_evento, de uma decisão)',
        'Mantenha a coluna id_evento do arquivo em out/, ou acrescente as colunas produto e dia.',
      ),
      contract: (what) => ({
        expected: what,
        remedy: 'Acerte o cabeçalho ou o recurso "decisions" do contrato.',
      }),
      ragged: (cells) => ({
        expected: `${cells} células, como no cabeçalho`,
        remedy: 'Ponha entre aspas a célula com o separador; a linha também pode estar cortada.',
      }),
      constraint: says('o que o contrato pede desta coluna', 'Corrija a célula.'),
      'event-id': says(
        'um id como 0199f2a0-7c1e-7abc-8def-0123456789ab',
        'Copie do arquivo em out/, ou deixe vazio e dê produto e dia.',
      ),
      'event-unknown': says(
        'o id de uma previsão ou de um pedido que foi entregue',
        'Copie do arquivo em out/, ou deixe vazio e dê produto e dia.',
      ),
      'event-of-other': (series) => ({
        expected: `o produto e a loja desse evento: ${series}`,
        remedy: 'Corrija o id, ou o produto e a loja ao lado.',
      }),
      'event-no-order': says('o id de um pedido', 'Deixe vazio se não há pedido conhecido.'),
      'product-missing': says('o código de um produto', 'Preencha.'),
      'product-unknown': says(
        'o código de um produto das vendas',
        'Escreva como está nas vendas, com todos os zeros à esquerda.',
      ),
      'store-missing': says('a loja: há várias', 'Preencha a coluna loja.'),
      'store-unknown': says('uma loja que vende este produto', 'Escreva como está nas vendas.'),
      'day-missing': says('um dia', 'Preencha.'),
      'day-unreadable': says('um dia como 31/10/2026', 'Escreva assim.'),
      'day-two': (days) => ({
        expected: `um dia só, e não ${days}`,
        remedy: 'Escreva ano, mês e dia, como 2026-10-31.',
      }),
      'day-to-come': (today) => ({
        expected: `um dia até ${today}`,
        remedy: 'Informe quando tiver acontecido, ou corrija o dia.',
      }),
      'order-unknown': says(
        'o dia de um pedido que foi entregue para este produto',
        'Escreva o dia do nome do arquivo em out/, ou copie o id_evento de lá.',
      ),
      'decision-unknown': says(
        'seguido, alterado ou nenhuma',
        'Escreva seguido para o sugerido, alterado e a quantidade para outro, nenhuma para agora não.',
      ),
      'quantity-missing': says('as unidades pedidas em vez disso', 'Preencha a quantidade.'),
      'quantity-unreadable': says('um número de unidades', 'Escreva só algarismos, como 24.'),
      'quantity-two': (values) => ({
        expected: `um número só, e não ${values.replaceAll('.', ',')}`,
        remedy: 'Escreva sem separar os milhares.',
      }),
      'quantity-negative': says('0 unidades ou mais', 'Informe devoluções em outro lugar.'),
      'quantity-not-advised': (advised) => ({
        expected: `${advised} unidades, como sugerido, ou vazio`,
        remedy: 'Escreva alterado se foi pedida outra quantidade.',
      }),
      'quantity-as-advised': says('outra quantidade que a sugerida', 'Escreva seguido.'),
      'nothing-advised': says(
        'alterado ou nenhuma: o pedido não diz quanto',
        'Escreva alterado e a quantidade.',
      ),
      'quantity-for-none': says(
        'nenhuma quantidade: nada foi decidido',
        'Escreva alterado, ou deixe vazio.',
      ),
      'reason-missing': (reasons) => ({
        expected: `por que foi alterado: um destes: ${reasons}`,
        remedy: 'Preencha o motivo.',
      }),
      'reason-unknown': (reasons) => ({
        expected: `um destes: ${reasons}`,
        remedy: 'Escreva um destes, e o resto na observação.',
      }),
      'note-too-long': (most) => ({ expected: `no máximo ${most} caracteres`, remedy: 'Encurte.' }),
      'by-no-pseudonym': says(
        'um código de letras minúsculas, algarismos e hifens, e nenhum nome',
        'Escreva um código assim, ou deixe vazio.',
      ),
      'said-twice': (lines) => ({
        expected: `uma linha só sobre isto, mas as linhas ${lines} diferem`,
        remedy: 'Deixe a que vale; some o que chegou ou vendeu no mesmo dia.',
      }),
    },
  },
})

type Problem = 'field' | 'came' | 'expected' | 'remedy'

function says(expected: string, remedy: string): RuleText {
  return () => ({ expected, remedy })
}
