import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvText, EXCEL_IN_BRAZIL } from '../../../../src/base/csv-text.ts'
import { dayFromIso } from '../../../../src/base/day.ts'
import type { Language } from '../../../../src/base/language.ts'
import { TableRefused } from '../../../../src/ledger/replies/reply.ts'
import { readReplyTable } from '../../../../src/ledger/replies/reply-table.ts'

const REASONS = [{ id: 'event', en: 'Local event', 'pt-BR': 'Evento local' }]

function read(content: string | Buffer, language: Language = 'en') {
  const bytes = Buffer.from(content as string)
  return readReplyTable(bytes, { language, reasons: REASONS, today: dayFromIso('2026-11-02') ?? 0 })
}

async function only(content: string | Buffer, language?: Language) {
  const { lines } = await read(content, language)
  expect(lines).toHaveLength(1)
  return lines[0]
}

async function refusal(content: string | Buffer): Promise<string> {
  try {
    await read(content)
  } catch (error) {
    if (error instanceof TableRefused) return error.problem.rule
    throw error
  }
  return 'read'
}

describe('readReplyTable', () => {
  it.each([
    ['Product_ID,Order Day,Decision\nA1,2026-11-02,Followed\n', 'en'],
    ['produto;data do pedido;decisão\nA1;02/11/2026;SEGUIDA\n', 'pt-BR'],
    ['\uFEFFproduto;dia;decisao\r\nA1;2.11.2026;aceito\r\n', 'pt-BR'],
    ['sku\tdia\tdecisao\nA1\t2026-11-02\tseguido\n', 'en'],
    ['"product"|"day"|"decision"\n"A1"|"2026-11-02"|"followed"\n', 'en'],
    ['sep=;\nproduct;day;decision\nA1;2026-11-02;followed\n', 'en'],
    ['product,day,decision,,\nA1,2026-11-02,followed,,\n', 'en'],
    ['on hand,decision,day,product\n7,followed,2026-11-02,A1\n', 'en'],
  ] as const)('reads what a spreadsheet or a stock system writes: %j', async (text, language) => {
    expect(await only(text, language)).toMatchObject({
      outcome: 'said',
      reply: {
        kind: 'decision',
        of: { by: 'order day', product: 'A1', day: '2026-11-02' },
        decision: 'followed',
      },
    })
  })

  it.each([
    ['12', 12],
    ['12.5', 12.5],
    ['12,5', 12.5],
    ['1.234,5', 1234.5],
    ['1,234.5', 1234.5],
    ['0.125', 0.125],
  ])('reads %s as the one number that it can be', async (text, units) => {
    expect(await only(`product;day;sold\nA1;2026-11-01;${text}\n`)).toMatchObject({
      reply: { kind: 'sold', units },
    })
  })

  it.each(['1.234', '1,234', '12 345', '1e3', '0x10', 'NaN', '', '12 un'])(
    'does not guess what number %j is',
    async (text) => {
      const line = await only(`product;day;sold\nA1;2026-11-01;"${text}"\n`)
      expect(line.outcome).toBe(text === '' ? 'blank' : 'refused')
    },
  )

  it.each([
    ['03/02/2026', 'en', 'day-two'],
    ['03/03/2026', 'en', '2026-03-03'],
    ['31/10/2026', 'en', '2026-10-31'],
    ['03/02/2026', 'pt-BR', '2026-02-03'],
    ['46328', 'en', 'day-unreadable'],
    ['2026-02-30', 'en', 'day-unreadable'],
    ['2026-11-03', 'en', 'day-to-come'],
  ] as const)('reads the day %s in %s as %s', async (text, language, expected) => {
    const line = await only(`product;day;received\nA1;${text};3\n`, language)
    if (line.outcome === 'said') expect(line.reply).toMatchObject({ day: expected })
    else expect(line).toMatchObject({ problems: [{ rule: expected }] })
  })

  it('says all that is wrong with a row at once', async () => {
    const line = await only('product,day,decision,quantity,reason\n,yesterday,maybe,lots,mood\n')
    if (line.outcome !== 'refused') throw new Error(line.outcome)
    expect(line.problems.map(({ rule, column, came }) => [rule, column, came])).toEqual([
      ['day-unreadable', 'day', 'yesterday'],
      ['product-missing', 'product', ''],
      ['decision-unknown', 'decision', 'maybe'],
      ['quantity-unreadable', 'quantity', 'lots'],
      ['reason-unknown', 'reason', 'mood'],
    ])
  })

  it('keeps names of people out of the ledger', async () => {
    const line = await only('product,day,decision,by\nA1,2026-11-02,followed,Maria Souza\n')
    expect(line).toMatchObject({ outcome: 'refused', problems: [{ rule: 'by-no-pseudonym' }] })
  })

  it.each([
    ['product,day\nA1,2026-11-02\n', 'kind'],
    ['product,day,quantity\nA1,2026-11-02,3\n', 'kind'],
    ['product,day,sold,received\nA1,2026-11-02,3,4\n', 'kind'],
    ['product,decision\nA1,followed\n', 'no-target'],
    ['event_id,received\n0199f2a0-7c1e-7abc-8def-0123456789ab,3\n', 'no-target'],
    ['product,produto,day,sold\nA1,A1,2026-11-02,3\n', 'column-twice'],
    ['', 'empty'],
    ['\n\n', 'empty'],
    ['{"product": "A1"}', 'no-csv'],
    ['<html><table></table>', 'no-csv'],
    ['product,day,sold\nA"1,2026-11-01,3\n', 'quotes'],
  ])('refuses %j as a whole: %s', async (text, rule) => {
    expect(await refusal(text)).toBe(rule)
  })

  it.each(['en', 'pt-BR'] as const)(
    'gets back any product, store and note that cd4ml has written itself (%s)',
    async (language) => {
      const text = fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
        .filter((it) => !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(it) && it.trim() === it)
      const naughty = fc.constantFrom(
        ...['=1+1', "'=1+1", '@SUM(A1)', '-3', '+3', '"', ';', ',', "'", '__proto__', 'null'],
        ...['𝒳', '社會', '‮x', '<script>', '1E+02', '0012', 'a"b', '""', "''='"],
      )
      await fc.assert(
        fc.asyncProperty(fc.oneof(text, naughty), fc.oneof(text, naughty), async (id, note) => {
          const table = csvText(
            [
              ['product', 'store', 'day', 'decision', 'note'],
              [id, note, '2026-11-02', 'followed', note],
            ],
            language === 'pt-BR' ? EXCEL_IN_BRAZIL : {},
          )
          expect(await only(table, language)).toMatchObject({
            reply: { of: { product: id, store: note }, note },
          })
        }),
      )
    },
  )

  it('reads or refuses whatever bytes come, and answers for every row', async () => {
    const header = fc.constantFrom('product,day,sold\n', 'product;day;decision\n', '')
    await fc.assert(
      fc.asyncProperty(header, fc.uint8Array({ maxLength: 200 }), async (start, bytes) => {
        const content = Buffer.concat([Buffer.from(start), Buffer.from(bytes)])
        const rule = await refusal(content)
        if (rule !== 'read') return
        const { lines } = await read(content)
        for (const { line } of lines) expect(line).toBeGreaterThan(1)
        for (const { outcome } of lines) expect(['said', 'blank', 'refused']).toContain(outcome)
      }),
      { numRuns: 300 },
    )
  })
})
