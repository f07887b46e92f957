import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CsvStyle, csvText } from '../../../../src/base/csv-text.ts'
import { type CsvColumns, csvRecords } from '../../../../src/service/api/csv-records.ts'

const columns: CsvColumns = { product: 'text', note: 'text', price: 'number', promo: 'boolean' }
const read = (text: string) => csvRecords(text, columns)

describe('a number that can be two', () => {
  it.each([
    ['semicolons tell nothing of decimals', 'product;price\na;1.500\n', '1.500'],
    ['nor does a comma in quotes', 'product,price\na,"1,500"\n', '1,500'],
    ['and both signs elsewhere contradict each other', 'price;note\n1.5;\n2,5;\n1.500;\n', '1.500'],
  ])('is asked about, with its record alone: %s', (_, text, cell) => {
    const { refused } = read(text)
    expect([...refused!.values()]).toEqual([
      [{ field: '/price', came: JSON.stringify(cell), expected: expect.stringContaining('1500') }],
    ])
  })

  it.each([
    ['another cell tells that commas part decimals', 'price;note\n1.500;\n2,5;\n', 1500],
    ['another cell tells that points part decimals', 'price;note\n1.500;\n2.5;\n', 1.5],
    ['groups of millions tell it', 'price;note\n1.500;\n1.234.567;\n', 1500],
    ['it has both signs', 'price;note\n1.500,25;\n', 1500.25],
    ['commas part the cells', 'price,note\n1.500,\n', 1.5],
    ['it begins with nothing', 'price;note\n0.500;\n', 0.5],
  ])('is one where %s', (_, text, value) => {
    const { values, refused } = read(text)
    expect(values[0]).toEqual({ price: value })
    expect(refused!.size).toBe(0)
  })
})

it('takes rows without anything in them for none, and the others with their lines', () => {
  const { values, lines } = read('product;price\r\n\r\na;1\r\n;\r\n ; \r\nb;2\r\n;;;\r\n""\r\n')
  expect(values).toEqual([
    { product: 'a', price: 1 },
    { product: 'b', price: 2 },
  ])
  expect(lines).toEqual([3, 6])
})

it('leaves what is no number for the check of the record to refuse, and guesses nothing', () => {
  const cells = [
    '1,2,3',
    '1.2.3',
    'R$ 5',
    '1e3',
    '0x10',
    '٣',
    '12 000',
    '--1',
    'Infinity',
    '1,50,0',
  ]
  const { values } = read(`price;note\n${cells.map((cell) => `${cell};x\n`).join('')}`)
  expect(values.map((value) => (value as { price: unknown }).price)).toEqual(cells)
})

it('leaves out what is empty, and keeps what stands between quotes as it is', () => {
  const { values, lines } = read('product,note,promo\n" a;b",,true\n\n"x\ny",  ,no\nc\n')
  expect(values).toEqual([
    { product: ' a;b', promo: true },
    { product: 'x\ny', promo: 'no' },
    { product: 'c' },
  ])
  expect(lines).toEqual([2, 4, 6])
})

it('refuses a cell below no column with its record alone', () => {
  const { values, refused } = read('product,price\na,1,2\nb,1\n')
  expect([...refused!.keys()]).toEqual([0])
  expect(values[1]).toEqual({ product: 'b', price: 1 })
})

it.each(['', '\n\n', 'produto\na\n', 'product,__proto__\na,b\n', 'product,product\na,b\n', '"a\n'])(
  'refuses %j as a whole',
  (text) => expect(() => read(text)).toThrow(/CSV/),
)

it('reads back what this house writes, whatever the texts and in every style', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('=1+1', "'=1", '\n-x', '"@', "''", '-5', ' + '),
  )
  const styles: CsvStyle[] = [{}, { delimiter: ';', decimal: ',' }, { delimiter: '\t' }]
  const row = fc.record({
    product: text,
    price: fc.integer({ min: -1e9, max: 1e9 }).map((n) => n / 100),
  })
  fc.assert(
    fc.property(fc.array(row, { minLength: 1 }), fc.constantFrom(...styles), (rows, style) => {
      // What is white space alone is left out; a number can be told where one has two decimals.
      const kept = [
        ...rows.filter(({ product }) => product.trim() !== ''),
        { product: 'z', price: 0.25 },
      ]
      const written = csvText(
        [['product', 'price'], ...kept.map((it) => [it.product, it.price])],
        style,
      )
      const { values } = csvRecords(written, columns)
      // A line that ends within a cell is read as it was written, and so is everything else.
      expect(values).toEqual(kept)
    }),
  )
})
