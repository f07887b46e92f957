import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { dayFromIso } from '../../../src/base/day.ts'
import { lastDay, periodOf } from '../../../src/demand/calendar.ts'
import { dateParser } from '../../../src/sales/contract/date-format.ts'
import { doubtfulRowsText } from '../../../src/sales/guess/doubtful-rows.ts'
import { type GuessOptions, guessContract } from '../../../src/sales/guess/guess-contract.ts'
import { optionText } from '../../../src/sales/guess/open-question.ts'
import { dayOfWeeklyTotal } from '../../../src/sales/totals/weekly-totals.ts'

const TODAY = dayFromIso('2026-06-30')!

/** As many lines as `cells` gives; two a day from 1 January 2025. */
function lines(header: string, row: (day: Date, i: number) => string, count = 200): string {
  const rows = Array.from({ length: count }, (_, i) => {
    return row(new Date(Date.UTC(2025, 0, 1 + Math.floor(i / 2))), i)
  })
  return [header, ...rows].join('\n')
}

const iso = (day: Date) => day.toISOString().slice(0, 10)
const dmy = (day: Date) => iso(day).split('-').reverse().join('/')
const mdy = (day: Date) => iso(day).replace(/(\d+)-(\d+)-(\d+)/, '$2/$3/$1')

const nth = (n: number) => (n % 10 === 1 && n !== 11 ? 'st' : n % 10 === 2 ? 'nd' : 'th')

describe('numbers that can be read in two ways', () => {
  it.each([
    [
      'thousands of Brazil beside smaller numbers',
      lines('Data;SKU;Qtde', (day, i) => `${dmy(day)};A${i % 3};${i % 4 ? 300 + i : '1.250'}`),
      { decimalChar: ',', groupChar: '.' },
    ],
    [
      'three in a hundred of the United States in thousands',
      lines('Date,SKU,Units', (day, i) => `${iso(day)},A${i % 3},${i % 33 ? i % 90 : '"1,250"'}`),
      { decimalChar: '.', groupChar: ',' },
    ],
    [
      'kilograms of which one is below 1',
      lines('Data;SKU;Qtde', (day, i) => `${dmy(day)};A${i % 3};${i ? '1.250' : '0.750'}`),
      { decimalChar: '.', groupChar: undefined },
    ],
    [
      'kilograms beside prices with a comma',
      lines('Data;SKU;Qtde;Preço', (day, i) => `${dmy(day)};A${i % 3};${i % 9},500;12,90`),
      { decimalChar: ',', groupChar: '.' },
    ],
    [
      'thousands beside prices with a point',
      lines('Date,SKU,Qty,Price', (day, i) => `${iso(day)},A,"${i % 4 ? i : '1,200'}",12.90`),
      { decimalChar: '.', groupChar: ',' },
    ],
    [
      'Swiss thousands',
      lines('Datum;Artikel;Menge', (day, i) => `${dmy(day)};A;${i % 4 ? i : "1'200"}`),
      { groupChar: "'" },
    ],
    [
      'French thousands',
      lines('Date;Article;Quantité', (day, i) => `${dmy(day)};A;${i % 4 ? i : '1\u202F200'}`),
      { groupChar: '\u202F' },
    ],
    [
      'thousands of a typesetter',
      lines('Datum;Artikel;Menge', (day, i) => `${dmy(day)};A;${i % 4 ? i : '1\u2009200'}`),
      { groupChar: '\u2009' },
    ],
    [
      'lakhs',
      lines('Date,Item,Qty', (day, i) => `${iso(day)},A,"${i % 4 ? i : '1,23,400'}"`),
      { decimalChar: '.', groupChar: ',' },
    ],
    [
      'a minus at the end',
      lines('Datum;Artikel;Menge', (day, i) => `${dmy(day)};A;${i % 40 ? `${i},0` : '1.000,0-'}`),
      { decimalChar: ',', groupChar: '.', bareNumber: false },
    ],
    ...(['\u2212', '- '] as const).map((minus): [string, string, object] => [
      `a minus written ${JSON.stringify(minus)}`,
      lines('Data;SKU;Qtde', (day, i) => `${dmy(day)};A;${i % 40 ? i : `${minus}1`}`),
      { decimalChar: '.', bareNumber: false },
    ]),
    [
      'pieces, however they are called',
      lines('Data;SKU;Qtde', (day, i) => {
        return `${dmy(day)};A;${['1 unidade', 'x3', '4 unidades', '2x', '5 UN'][i % 5]}`
      }),
      { decimalChar: '.', bareNumber: false, affixes: ['UN'] },
    ],
  ])('are what the whole file says: %s', async (_, text, reading) => {
    const { columns, open } = await guessed(text)
    expect(columns.find(({ role }) => role === 'quantity')?.reading).toMatchObject(reading)
    expect(open).toEqual([])
  })

  it.each([
    [
      'kilograms of 1 and more with all their decimals',
      lines('Data;SKU;Qtde', (day, i) => `${dmy(day)};A${i % 3};${1 + (i % 9)}.250`),
    ],
    [
      'some products by the piece, others by the kilogram',
      lines('Data;SKU;Qtde', (day, i) => `${dmy(day)};A${i % 2};${i % 2 ? 2 + (i % 7) : '1.250'}`),
    ],
    [
      'nothing but the cells themselves, three in a hundred',
      lines('day;sku;n units', (day, i) => `${iso(day)};A${i % 3};${i % 33 ? i % 90 : '1.196'}`),
    ],
    [
      'prices with a point, and quantities that look like thousands',
      lines('Date;SKU;Qty;Price', (day, i) => `${iso(day)};A;${i % 4 ? i : '1.200'};12.90`),
    ],
    [
      'both, in different lines',
      lines('Data;SKU;Qtde', (day, i) => {
        return `${dmy(day)};A;${i % 50 === 1 ? '1,5' : i % 50 === 2 ? '2.5' : i % 90}`
      }),
    ],
  ])('are asked for where the file does not tell: %s', async (_, text) => {
    expect((await guessed(text)).open).toEqual(['--decimal .', '--decimal ,'])
    for (const decimal of ['.', ','] as const) {
      const { columns, open } = await guessed(text, { decimal })
      expect(open).toEqual([])
      const quantity = columns.find(({ role }) => role === 'quantity')
      expect(quantity?.reading).toMatchObject({ decimalChar: decimal })
    }
  })

  it('keeps a notation open that no cell has shown: 1.196 of next month is quarantined, not guessed', async () => {
    const { fields } = await guessed(lines('Data;SKU;Qtde', (day, i) => `${dmy(day)};A;${i}`))
    expect(fields).toContainEqual({ name: 'Qtde', type: 'integer' })
  })

  it('are not added up where they are boxes and pieces, until somebody says so', async () => {
    const text = lines('Data;SKU;Qtde', (day, i) => `${dmy(day)};A;${i} ${i % 2 ? 'UN' : 'CX'}`)
    expect((await guessed(text)).open).toEqual(['--column quantity=Qtde', '--unset quantity'])
    const columns = new Map([['quantity', 'Qtde']] as const)
    expect((await guessed(text, { columns })).open).toEqual([])
  })

  it('count what was given away: a price of 0 is none, unless the quantity is written so, too', async () => {
    const sold = (price: string) =>
      lines('Data;SKU;Qtde;Preço', (day, i) => `${dmy(day)};A;${i};${i % 9 ? '9,90' : price}`)
    expect((await guessed(sold('0,00'))).missingValues).toEqual(['', '0,00'])
    expect((await guessed(sold('0'))).missingValues).toEqual([''])
  })

  it('leave the price out, and no units, where only the price is open', async () => {
    const text = lines('day;sku;qty;price', (day, i) => `${iso(day)};A;${i};1.250`)
    const { questions, columns } = await guessed(text)
    expect(questions.map(({ changesUnits }) => changesUnits)).toEqual([false])
    expect(columns.find(({ name }) => name === 'price')?.role).toBe(undefined)
  })
})

describe('dates that can be read in two ways', () => {
  it.each([
    [
      'a day beyond 12, however late',
      lines('Date,SKU,Qty', (day, i) => `${i < 199 ? '01/02/2025' : mdy(day)},A,1`, 199) +
        '\n01/31/2025,A,1',
      '%m/%d/%Y',
    ],
    [
      'another column that tells',
      lines('Date,Ship Date,SKU,Qty', (_, i) => `01/0${1 + (i % 9)}/2025,01/25/2025,A,1`, 40),
      '%m/%d/%Y',
    ],
    [
      'no sale after today',
      lines('Date,SKU,Qty', (_, i) => `0${1 + (i % 6)}/12/2026,A,1`, 40),
      '%m/%d/%Y',
    ],
    [
      'months on end rather than twelve days of each January',
      [
        'Date,SKU,Qty',
        ...Array.from({ length: 36 }, (_, i) => {
          return `01/${String(1 + (i % 12)).padStart(2, '0')}/${2023 + Math.floor(i / 12)},A,1`
        }),
      ].join('\n'),
      '%d/%m/%Y',
    ],
  ])('are what the whole file says: %s', async (_, text, format) => {
    const { columns, open } = await guessed(text)
    expect(columns.find(({ role }) => role === 'saleDate')?.reading).toMatchObject({ format })
    expect(open).toEqual([])
  })

  it('are asked for where some lines are written one way and some the other', async () => {
    const text = lines('Date,SKU,Qty', (day, i) => `${i < 196 ? dmy(day) : '02/28/2025'},A,1`)
    const { questions, open } = await guessed(text)
    expect(open).toEqual(['--dates dmy', '--dates mdy'])
    expect(questions[0].why).toContain('"02/28/2025" in line 198')
  })

  it.each([
    [
      'two styles',
      lines('Data;SKU;Qtde', (day, i) => `${i < 99 ? dmy(day) : iso(day)};A;1`),
      /in two ways: "01\/01\/2025" in line 2, "2025-02-19" in line 101/,
    ],
    [
      'day first and month first by halves',
      lines('Date,SKU,Qty', (day, i) => `${i < 120 ? dmy(day) : mdy(day)},A,1`),
      /in two ways: "13\/01\/2025" in line 26, "03\/13\/2025" in line 144/,
    ],
    [
      'serial numbers of Excel',
      lines('Data;SKU;Qtde', (_, i) => `${45658 + i};A;1`),
      /"45658": the days as Excel counts them/,
    ],
    [
      'seconds since 1970',
      lines('timestamp,sku,qty', (day) => `${day.getTime() / 1000},A,1`),
      /seconds since 1970/,
    ],
    [
      'some of them serial numbers',
      lines('Data;SKU;Qtde', (day, i) => `${i % 2 ? 45658 + i : dmy(day)};A;1`),
      /"Data" holds "45659" in line 3, which is no date/,
    ],
    [
      'milliseconds since 1970',
      lines('created_at;sku;qty', (day) => `${day.getTime()};A;1`),
      /milliseconds since 1970/,
    ],
    [
      'weeks',
      lines('Semana;SKU;Qtde', (_, i) => `2025-W${String(1 + (i % 52)).padStart(2, '0')};A;1`),
      /"Semana" holds weeks such as "2025-W01"\n {2}Write the Monday/,
    ],
    [
      'weeks without a sign, which are no months',
      lines('Semana;SKU;Qtde', (_, i) => `2025${String(1 + (i % 52)).padStart(2, '0')};A;1`),
      /"Semana" holds weeks such as "202501"/,
    ],
    [
      'digits without a sign',
      lines('Data;SKU;Qtde', (day) => `${dmy(day).replaceAll('/', '')};A;1`),
      /"Data" holds "01012025" in line 2, which is no date/,
    ],
    [
      'year and month apart',
      lines('Ano;Mês;SKU;Qtde', (_, i) => `2025;${1 + (i % 12)};A;1`),
      /two columns, "Ano" and "Mês"/,
    ],
    [
      'quarters',
      lines('Date,SKU,Qty', () => 'Q1 2025,A,1'),
      /"Date" holds "Q1 2025" in line 2, which is no date that is known here/,
    ],
    ['no dates at all', lines('sku,qty', (_, i) => `A${i % 3},1`), /no column looks like the day/],
    [
      'the day of the delivery alone',
      lines('SKU,Qty,Ship Date', (day) => `A,1,${iso(day)}`),
      /Say which one it is: --column saleDate="Ship Date"/,
    ],
  ])('are refused with what they are: %s', async (_, text, message) => {
    await expect(guessed(text)).rejects.toThrow(message)
  })

  it('are asked for anew where a spreadsheet has taken days up to 12 for months', async () => {
    const turned = (day: Date) => (day.getUTCDate() <= 12 ? mdy(day) : dmy(day))
    const text = (cell: typeof dmy) => lines('Data;SKU;Qtde', (day) => `${cell(day)};A;1`)
    const { questions } = await guessed(text(turned))
    expect(questions).toMatchObject([{ changesUnits: true, answers: [] }])
    expect(questions[0].question).toContain('"01/02/2025" in line 4')
    expect(questions[0].why).toContain('"13/01/2025" in line 26')
    expect((await guessed(text(dmy))).questions).toEqual([])
    expect((await guessed(text(turned), { dates: 'dmy' })).questions).toEqual([])
  })

  it.each([
    [
      '%d %B %Y',
      (day: Date) => `${day.getUTCDate() === 1 ? '1er' : day.getUTCDate()} janvier 2025`,
    ],
    ['%B %d, %Y', (day: Date) => `January ${day.getUTCDate()}${nth(day.getUTCDate())}, 2025`],
  ])('are read with what a language writes behind the day: %s', async (format, cell) => {
    const text = lines('date;sku;qty', (day) => `"${cell(day)}";A;1`, 62)
    const { columns } = await guessed(text)
    expect(columns[0].reading).toMatchObject({ format })
    const parse = dateParser('date', format)
    expect(parse(cell(new Date('2025-01-01')))).toBe(dayFromIso('2025-01-01'))
  })

  it.each([
    ['%b %d, %Y', { locale: 'en-US', dateStyle: 'medium' }],
    ['%a, %B %d, %Y', { locale: 'en-US', dateStyle: 'full' }],
    ['%d de %B de %Y', { locale: 'pt-BR', dateStyle: 'long' }],
    ['%d de %b de %Y', { locale: 'pt-BR', dateStyle: 'medium' }],
    ['%a, %d de %B de %Y', { locale: 'pt-BR', dateStyle: 'full' }],
    ['%d %b %Y', { locale: 'es', dateStyle: 'medium' }],
    ['%d %B %Y', { locale: 'fr', dateStyle: 'long' }],
    ['%d. %B %Y', { locale: 'de', dateStyle: 'long' }],
  ] as const)('are read as people write them: %s of %o', async (format, { locale, dateStyle }) => {
    const style = new Intl.DateTimeFormat(locale, { dateStyle, timeZone: 'UTC' })
    const text = lines('date;sku;qty', (day) => `"${style.format(day)}";A;1`, 240)
    const { columns } = await guessed(text)
    expect(columns[0].reading).toMatchObject({ format })
  })
})

describe('what a column means', () => {
  it.each([
    ['Date,Customer Name,Qty', 'Ana Lima', ['product']],
    ['Date,Vendedor,Qty', 'Rui', ['product']],
    ['Date,Name,Qty', 'Ana Lima', ['product']],
  ])('is asked for rather than to publish people: %s', async (header, person) => {
    const { columns, questions } = await guessed(
      lines(header, (day, i) => `${iso(day)},${person} ${i % 9},1`),
    )
    expect(columns.map(({ role }) => role)).toEqual(['saleDate', undefined, 'quantity'])
    expect(questions.map(({ question }) => question)).toEqual(['Which column is the product?'])
  })

  it('is nothing where the column is empty', async () => {
    const { columns } = await guessed(
      lines('date,sku,qty,units', (day, i) => `${iso(day)},A,,${i}`),
    )
    expect(columns.map(({ role }) => role)).toEqual(['saleDate', 'product', undefined, 'quantity'])
  })

  it.each([
    [
      'Quantity,Units',
      ['--column quantity=Quantity', '--column quantity=Units', '--unset quantity'],
    ],
    [
      'Ordered quantity,Net quantity',
      ['--column quantity="Ordered quantity"', '--column quantity="Net quantity"'],
    ],
    ['Item_Outlet_Sales,MRP', ['--column quantity=Item_Outlet_Sales']],
    ['Store_Sales,MRP', ['--column quantity=Store_Sales']],
    ['Foo,Bar', ['--column quantity=Foo', '--column quantity=Bar', '--unset quantity']],
    ['Total Price,Sales', ['--column quantity=Sales', '--unset quantity']],
  ])(
    'is asked for where two columns, or an unknown one, may be the quantity: %s',
    async (names, open) => {
      const text = lines(`date,sku,${names}`, (day, i) => `${iso(day)},A,${i},${i * 2 + 1}`)
      expect((await guessed(text)).open).toEqual(expect.arrayContaining(open))
      const unset = await guessed(text, { unset: new Set(['quantity']) })
      expect(unset.columns.some(({ role }) => role === 'quantity')).toBe(false)
      expect(unset.open).toEqual([])
    },
  )

  it('is no question where two columns say the same', async () => {
    const text = lines('date,sku,qty,units', (day, i) => `${iso(day)},A,${i},${i}`)
    expect((await guessed(text)).open).toEqual([])
  })

  it('is asked for where a quantity cannot be read, and never one unit a row without a word', async () => {
    const text = lines('date,sku,qty', (day, i) => `${iso(day)},A,${i} x 6`)
    const { questions } = await guessed(text)
    expect(questions[0]).toMatchObject({ changesUnits: true })
    expect(questions[0].why).toContain('"0 x 6"')
  })

  it('is no product where a spreadsheet has rounded the ids: different ones would be one', async () => {
    const text = lines('EAN;Descrição;Data;Qtde', (day, i) => `7,89123E+12;P${i % 5};${dmy(day)};1`)
    const { questions, open } = await guessed(text)
    expect(open).toEqual(['--column product=Descrição'])
    expect(questions[0].why).toContain('"7,89123E+12"')
    const columns = new Map([['product', 'EAN']] as const)
    await expect(guessed(text, { columns })).rejects.toThrow(/rounded/)
  })

  it('is no product where it names the lines of a receipt', async () => {
    const text = lines('ID,Date,Description,Qty', (day, i) => {
      return `${Math.floor(i / 3)},${iso(day)},P${i % 4},1`
    })
    const { columns } = await guessed(text)
    expect(columns.map(({ role }) => role)).toEqual([undefined, 'saleDate', 'product', 'quantity'])
  })

  it('is asked for where one code stands for several products', async () => {
    const text = lines('EAN;Descrição;Data;Qtde', (day, i) => {
      return `${i % 5 < 3 ? '7891230000000' : '7891240000000'};P${i % 5};${dmy(day)};1`
    })
    const { questions, open } = await guessed(text)
    expect(open).toEqual(['--column product=EAN', '--column product=Descrição'])
    expect(questions[0].why).toContain('"EAN" has 2 different cells, "Descrição" 5')
  })

  it('is an id however its digits are grouped: no number is asked for', async () => {
    const text = lines('Data;Código;Loja;Qtde', (day, i) => `${dmy(day)};1.10${i % 5};2.001;${i}`)
    const { columns, open, fields } = await guessed(text)
    expect(columns.map(({ role }) => role)).toEqual(['saleDate', 'product', 'store', 'quantity'])
    expect(fields[1]).toEqual({ name: 'Código', type: 'string' })
    expect(open).toEqual([])
  })

  it('may be asked of a column twice where its name tells nothing, but is answered once', async () => {
    const text = lines('Kuupäev;Toode;Kogus', (day, i) => `${dmy(day)};P${i % 5};${i % 7}`)
    expect((await guessed(text)).open).toEqual([
      ...['--column product=Toode', '--column product=Kogus'],
      ...['--column quantity=Kogus', '--unset quantity'],
    ])
    const columns = new Map([['product', 'Kogus'] as const, ['quantity', 'Kogus'] as const])
    await expect(guessed(text, { columns })).rejects.toThrow(/"Kogus" is said to be product and/)
  })

  it('is no day of a sale that was only planned, nor that of the report', async () => {
    const header = 'Data de Inclusão;Previsão de Faturamento;Data Relatório;Produto;Qtde'
    const { columns } = await guessed(
      lines(header, (day, i) => `${dmy(day)};28/02/2025;01/03/2025;P${i % 3};1`),
    )
    expect(columns[0].role).toBe('saleDate')
  })

  it('is a code with its name where there are both', async () => {
    const text = lines('Data;Código;Produto;Qtde', (day, i) => `${dmy(day)};${i % 5};P${i % 5};1`)
    const { columns } = await guessed(text)
    expect(columns.map(({ role }) => role)).toEqual(['saleDate', 'product', 'name', 'quantity'])
  })

  it('may wait for an answer where no units hang on it', async () => {
    const text = lines(
      'date,sku,qty,Regular Price,Actual Price',
      (day) => `${iso(day)},A,1,3.5,3.2`,
    )
    const { questions } = await guessed(text)
    expect(questions).toHaveLength(1)
    expect(questions[0]).toMatchObject({ changesUnits: false })
  })
})

describe('a layout that people take for CSV', () => {
  it.each([
    [
      'Git LFS',
      'version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 12\n',
      /git lfs pull/,
    ],
    ['a workbook', 'PK\x03\x04\x00\x00', /Excel workbook/],
    ['an old workbook', Buffer.from('\xD0\xCF\x11\xE0\xA1\xB1', 'latin1'), /old Excel workbook/],
    ['a page', '<html><body><table><tr><td>1</td></tr></table>', /web page \(HTML\)/],
    ['JSON', '[{"sku": "A"}]', /is JSON/],
    ['XML', '<?xml version="1.0"?><rows/>', /is XML/],
    ['a PDF', '%PDF-1.7', /is a PDF/],
    ['gzip by another name', Buffer.from([0x1f, 0x8b, 8, 0]), /packed with gzip/],
    ['UTF-16', Buffer.from('\uFEFFsku;day\nA;2025-01-01\n', 'utf16le'), /is UTF-16/],
    [
      'one column a day',
      `id,store,${Array.from({ length: 30 }, (_, i) => `d_${i + 1}`).join(',')}\nA,S,${'1,'.repeat(29)}1\n`,
      /one column a period \(d_1 … d_30, 30 of them\)/,
    ],
    [
      'one column a month',
      `Produto;${['jan/25', 'fev/25', 'mar/25', 'abr/25', 'mai/25', 'jun/25'].join(';')}\nA;1;2;3;4;5;6\n`,
      /one column a period/,
    ],
    [
      'one column a product',
      lines('Data;Pão;Leite;Café;Bolo;Suco', (day) => `${dmy(day)};1;2;3;4;5`),
      /one column a product, it seems \("Pão" … "Suco", 5 of them\)/,
    ],
    [
      'a delimiter at the end of each row',
      lines('Data;SKU;Preço', (day) => `${dmy(day)};A;5,95;`),
      /csv:2: has rows of 4 cells separated by ";", but 3 in line 1/,
    ],
    [
      'a quotation mark that is not closed',
      lines('Data;SKU;Nome;Preço', (day, i) => `${dmy(day)};A;${i === 40 ? '"' : ''}TV;5,95`),
      /csv:42: A quotation mark opens a cell here and is not closed/,
    ],
    [
      'the index of pandas',
      lines(',date,sku,qty', (day, i) => `${i},${iso(day)},A,1`),
      /index=False/,
    ],
    [
      'two encodings',
      Buffer.concat([
        Buffer.from('Data;Produto;Qtde\n01/01/2025;Café;1\n'),
        Buffer.from('13/01/2025;Café;1\n', 'latin1'),
      ]),
      /line 2 in UTF-8, line 3 in Latin-1/,
    ],
  ])('is refused in a sentence that says what it is: %s', async (_, content, message) => {
    await expect(guessed(content)).rejects.toThrow(message)
  })

  it.each([
    ['sep=;', 'sep=;\n', 2],
    ['titles', 'Relatório de vendas;;\nPeríodo: 2025;;\n;;\n', 4],
    ['titles and empty lines', 'Relatório\n\nLoja Centro\n\n', 5],
  ])('is read where only lines stand above the header: %s', async (_, above, line) => {
    const text = above + lines('Data;SKU;Qtde', (day, i) => `${dmy(day)};A${i % 3};1`)
    const { rows, dialect, open } = await guessed(text)
    expect(rows).toBe(200)
    expect(dialect).toEqual({ delimiter: ';', headerRows: [line] })
    expect(open).toEqual([])
  })

  it('is read where a quoted cell holds lines, though every price has a comma', async () => {
    const text = lines('Data;SKU;Obs;Qtde;Preço', (day, i) => {
      return `${dmy(day)};A${i % 3};${i % 9 ? '' : '"a\nb"'};1;5,95`
    })
    const { rows, dialect } = await guessed(text)
    expect([rows, dialect]).toEqual([200, { delimiter: ';' }])
  })

  it('is read where lines end with CR alone', async () => {
    const text = lines('Data;SKU;Qtde', (day, i) => `${dmy(day)};A${i % 3};1`)
    expect((await guessed(text.replaceAll('\n', '\r'))).rows).toBe(200)
  })

  it.each(['31/12/9999', '01/01/1900', '00/00/0000', '30/12/1899'])(
    'is read where a day stands for none, which is no more than an empty cell: %s',
    async (none) => {
      const text = lines('Data;SKU;Validade;Qtde', (day, i) => {
        return `${dmy(day)};A;${i % 9 ? none : '31/12/2027'};1`
      })
      const { missingValues, columns } = await guessed(text)
      expect(columns[2].role).toBe('expiryDate')
      expect(missingValues).toContain(none)
    },
  )
})

describe('rows that hardly are sales', () => {
  const sold = (header: string, cell: (i: number) => string) =>
    lines(`Data;SKU;Qtde;${header}`, (day, i) => `${dmy(day)};A${i % 3};${1 + (i % 9)};${cell(i)}`)
  const isBad = (i: number) => i % 20 === 7

  it.each([
    ['Status', 'Cancelada', 'Concluída'],
    ['order_status', 'canceled', 'delivered'],
    ['Estado', 'Anulado', 'Entregado'],
    ['Statut', 'Annulée', 'Livrée'],
    ['Status', 'Storniert', 'Versandt'],
    ['Financial Status', 'partially_refunded', 'paid'],
    ['Tipo', 'Devolução', 'Venda'],
    ['Type', 'Return', 'Sale'],
    ['Tipo de documento', 'Nota de crédito', 'Factura'],
    ['Belegart', 'Gutschrift', 'Rechnung'],
    ['Movimento', 'Entrada', 'Saída'],
    ['CFOP', '1.202', '5.102'],
    ['is_cancelled', 'true', 'false'],
    ['Cancelado', 'Sim', 'Não'],
  ])('are said, and count: %s is %s', async (header, bad, good) => {
    const { doubtful, open } = await guessed(sold(header, (i) => (isBad(i) ? bad : good)))
    expect(doubtful).toEqual([
      {
        ...{ column: header, cells: [bad], rows: 10 },
        ...{ constraints: { enum: [good] }, maxQuarantinedShare: 0.08 },
      },
    ])
    expect(open).toEqual([])
  })

  it.each([
    ['Cancelled at', '2025-01-01 10:00:00 -0300'],
    ['Cancelado', 'X'],
  ])('are those where a column is filled: %s', async (header, cell) => {
    const { doubtful } = await guessed(sold(header, (i) => (isBad(i) ? cell : '')))
    expect(doubtful).toMatchObject([{ column: header, cells: [], constraints: { maxLength: 0 } }])
    const [sentence] = doubtfulRowsText(doubtful[0])
    expect(sentence).toContain(`"${header}" is filled in 10 rows; they count`)
  })

  it('are none where returns are negative, in words of products, or where all rows are so', async () => {
    const returned = lines('Data;SKU;Qtde;Tipo', (day, i) => {
      return `${dmy(day)};A${i % 3};${isBad(i) ? '-2;Devolução' : '3;Venda'}`
    })
    const named = lines('Data;SKU;Produto;Qtde', (day, i) => {
      return `${dmy(day)};A${i % 3};${['Cancela', 'Return box', 'Pão'][i % 3]};1`
    })
    for (const text of [returned, named, sold('Status', () => 'Cancelada')]) {
      expect((await guessed(text)).doubtful).toEqual([])
    }
  })

  it('need no larger share of bad rows where they are few', async () => {
    const { doubtful } = await guessed(sold('Status', (i) => (i === 7 ? 'Cancelada' : 'Paga')))
    expect(doubtfulRowsText(doubtful[0])).toEqual([
      '"Status" holds "Cancelada" in 1 row; they count. To leave them out, write into data/datapackage.json:',
      '"constraints": {"enum":["Paga"]} into the field "Status"',
    ])
  })
})

describe('sales that init makes a remark about', () => {
  const once = lines('Data;SKU;Qtde', (day, i) => `${dmy(day)};A${i % 3};${1 + (i % 9)}`)
  const [, ...rows] = once.split('\n')

  it.each([
    [
      'the whole file again',
      rows,
      /^200 rows from line 202 on are those from line 2 on, in the same/,
    ],
    ['the last fifty rows again', rows.slice(150), /^50 rows from line 202 on .*from line 152 on/],
  ])('are said where a file holds rows twice: %s', async (_, again, message) => {
    const { remarks, open } = await guessed([once, ...again].join('\n'))
    expect(remarks).toEqual([expect.stringMatching(message)])
    expect(open).toEqual([])
  })

  it('are none where rows are alike since each is a unit, or few follow each other', async () => {
    const units = lines('Data;SKU', (day, i) => `${dmy(day)};A${i % 2}`, 90)
    const alike = ['Data;SKU', ...Array.from({ length: 90 }, () => '13/01/2025;A')].join('\n')
    for (const text of [units, alike, [once, ...rows.slice(0, 19)].join('\n')]) {
      expect((await guessed(text)).remarks).toEqual([])
    }
  })

  it.each([
    ['in the cells', 'Preço', (i: number) => `${i % 3 ? 'R$' : 'US$'} 5,95`],
    ['in a column beside them', 'Preço;Moeda', (i: number) => `5,95;${i % 3 ? 'BRL' : 'USD'}`],
  ])(
    'are worth something else where prices are in several currencies: %s',
    async (_, names, cell) => {
      const text = lines(`Data;SKU;Qtde;${names}`, (day, i) => `${dmy(day)};A;${i};${cell(i)}`)
      const [remark, ...others] = (await guessed(text)).remarks
      expect(remark).toMatch(
        /^"Preço" is in several currencies, "(US\$" and "R\$|USD" and "BRL)": none/,
      )
      expect(others).toEqual([])
      const one = lines('Data;SKU;Qtde;Preço', (day, i) => `${dmy(day)};A;${i};R$ 5,95`)
      expect((await guessed(one)).remarks).toEqual([])
    },
  )

  it.each([
    ['zeros at the front', ['00101', '101']],
    ['capitals', ['a1', 'A1']],
    ['what pandas makes of numbers', ['101', '101.0']],
  ])('are said where one product may have two ids: %s', async (_, ids) => {
    const text = lines('Data;SKU;Qtde', (day, i) => `${dmy(day)};${[...ids, 'B7', 'C10'][i % 4]};1`)
    const [remark, ...others] = (await guessed(text)).remarks
    expect(remark).toBe(
      `"${ids[0]}" and "${ids[1]}" in "SKU" count as different products. Write ids one way where they are not.`,
    )
    expect(others).toEqual([])
  })
})

describe('the country of the sales', () => {
  it.each([
    ['BR', lines('Data;SKU;Preço', (day) => `${dmy(day)};A;R$ 3,50`)],
    ['GB', lines('Date,SKU,Price', (day) => `${iso(day)},A,£3.50`)],
    ['US', lines('Date,SKU,Price', (day) => `${mdy(day)},A,3.50`)],
    ['DE', lines('date,sku,Country', (day) => `${iso(day)},A,Germany`)],
    [undefined, lines('date,sku', (day) => `${iso(day)},A`)],
  ])('is %s where the files show it', async (country, text) => {
    expect((await guessed(text)).country).toBe(country)
  })
})

it('counts a week in the ISO week that holds most of it, and not before it is over', () => {
  const sunday = dayFromIso('2026-01-04')!
  for (let first = sunday; first < sunday + 7; first++) {
    const asFirst = dayOfWeeklyTotal(first, 'first day')
    const asLast = dayOfWeeklyTotal(first + 6, 'last day')
    expect(periodOf('week', asFirst)).toBe(periodOf('week', first + 3))
    expect(periodOf('week', asLast)).toBe(periodOf('week', first + 3))
    expect(asFirst).toBeGreaterThanOrEqual(first)
    const isOverByWednesday = first + 6 > lastDay('week', periodOf('week', first + 3))
    if (!isOverByWednesday) expect(asLast).toBe(first + 6)
  }
  expect(dayOfWeeklyTotal(sunday, 'first day')).toBe(sunday + 1)
  expect(dayOfWeeklyTotal(sunday, 'last day')).toBe(sunday)
})

async function guessed(content: string | Buffer, options: Partial<GuessOptions> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'cd4ml-doubts-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'sales.csv')
  await writeFile(path, content)
  const guess = await guessContract([{ name: 'sales.csv', path }], {
    ...{ name: 'sales', paths: ['*.csv'], today: TODAY },
    columns: new Map(),
    unset: new Set(),
    ...options,
  })
  const [resource] = guess.dataPackage.resources as {
    dialect: object
    schema: { fields: object[]; missingValues: string[] }
  }[]
  return {
    ...guess,
    ...resource.schema,
    dialect: resource.dialect,
    /** The options that settle what changes units. */
    open: guess.questions
      .filter(({ changesUnits }) => changesUnits)
      .flatMap(({ answers }) => answers.map(({ setting }) => optionText(setting))),
  }
}
