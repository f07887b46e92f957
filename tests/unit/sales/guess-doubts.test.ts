import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { dayFromIso } from '../../../src/base/day.ts'
import { lastDay, periodOf } from '../../../src/demand/calendar.ts'
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
      'lakhs',
      lines('Date,Item,Qty', (day, i) => `${iso(day)},A,"${i % 4 ? i : '1,23,400'}"`),
      { decimalChar: '.', groupChar: ',' },
    ],
    [
      'a minus at the end',
      lines('Datum;Artikel;Menge', (day, i) => `${dmy(day)};A;${i % 40 ? `${i},0` : '1.000,0-'}`),
      { decimalChar: ',', groupChar: '.', bareNumber: false },
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
      'year and month apart',
      lines('Ano;Mês;SKU;Qtde', (_, i) => `2025;${1 + (i % 12)};A;1`),
      /two columns, "Ano" and "Mês"/,
    ],
    [
      'quarters',
      lines('Date,SKU,Qty', () => 'Q1 2025,A,1'),
      /"Date" holds "Q1 2025", which is no date that is known here/,
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
