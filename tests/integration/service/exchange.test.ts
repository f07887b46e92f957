import { execFileSync } from 'node:child_process'
import { appendFile, mkdir, readdir, rename, symlink, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { type EventLog, LedgerUnavailable } from '../../../src/ledger/events/event-log.ts'
import { readDecisionReasons } from '../../../src/ordering/decision-reasons.ts'
import { prepareDecisions } from '../../../src/service/recording/decisions.ts'
import { recorded } from '../../../src/service/recording/prepared.ts'
import { SHELVES, TODAY } from './exchange-engine.ts'
import { startExchange } from './exchange-fixture.ts'

const decisionsOf = (log: EventLog) => log.find({ type: 'cd4ml.decision.v1', limit: 1000 })

describe('what is given out', () => {
  it('gives a system without HTTP the orders and forecasts of the day, each with the event to name', async () => {
    const { tick, names, orders, log } = await startExchange()
    await tick()
    expect(await names('out')).toEqual([`forecasts-${TODAY}.csv`, `orders-${TODAY}.csv`])
    const given = await orders()
    expect(given.map(({ product_id, order, day }) => [product_id, order, day])).toEqual([
      ['0042', '24', TODAY],
      ['1042', '8', TODAY],
      ['café', '12', TODAY],
    ])
    const events = await log.byId(given.map(({ event_id }) => event_id))
    expect([...events.values()].map(({ type, subject }) => [type, subject]).sort()).toEqual(
      SHELVES.map(({ product }) => ['cd4ml.order.v1', product]).sort(),
    )
  })

  it('opens in Excel in Brazil where the project speaks Portuguese', async () => {
    const { tick, read } = await startExchange({ language: 'pt-BR' })
    await tick()
    const text = await read(`out/orders-${TODAY}.csv`)
    expect(text.startsWith('\uFEFFid_evento;produto;loja;nome;categoria;dia;pedido')).toBe(true)
    expect(text).toContain(';02/11/2026;')
    expect(await read(`out/forecasts-${TODAY}.csv`)).toContain(';24,1235;')
  })

  it('writes and records again only what has changed, also after a restart', async () => {
    const { tick, restart, orders, read, engine, log } = await startExchange()
    await tick()
    const before = await orders()
    const forecasts = await read(`out/forecasts-${TODAY}.csv`)
    await restart()
    await tick()
    expect(await orders()).toEqual(before)
    expect(await read(`out/forecasts-${TODAY}.csv`)).toBe(forecasts)
    expect(await log.find({ type: 'cd4ml.order.v1', limit: 100 })).toHaveLength(3)
    expect(await log.find({ type: 'cd4ml.forecast.v1', limit: 100 })).toHaveLength(3)
    engine.sell([{ product: '0042', units: 30 }])
    await tick()
    expect((await orders()).map(({ order }) => order)).toEqual(['30'])
  })

  it('gives nothing out that is not recorded, and catches up when the ledger is back', async () => {
    const down = { is: true }
    const { tick, names } = await startExchange({
      wrap: (log) => ({
        ...log,
        append: (append) =>
          down.is ? Promise.reject(new LedgerUnavailable(new Error('full'))) : log.append(append),
      }),
    })
    await expect(tick()).rejects.toThrow(LedgerUnavailable)
    expect(await names('out')).toEqual([])
    down.is = false
    await tick()
    expect(await names('out')).toHaveLength(2)
  })
})

describe('what is taken in', () => {
  it('takes the file that was given out back with the decisions filled in', async () => {
    const { tick, settle, orders, put, answer, names, log } = await startExchange()
    await tick()
    const [first, second, third] = await orders()
    await put(
      'orders.csv',
      `event_id,product_id,decision,quantity,reason,note\n` +
        `${first.event_id},42,followed,,,\n` +
        `${second.event_id},1042,changed,30,Local event,"Festa, na praça"\n` +
        `${third.event_id},café,,,,\n`,
    )
    await settle()
    const lines = await answer('orders.csv')
    expect(lines.map(({ line, outcome }) => [line, outcome])).toEqual([
      ['2', 'taken'],
      ['3', 'taken'],
      ['4', 'blank'],
    ])
    const decided = await log.byId(lines.slice(0, 2).map(({ event_id }) => event_id))
    expect([...decided.values()].map(({ data, source }) => ({ ...data, source }))).toEqual(
      expect.arrayContaining([
        {
          product: '0042',
          of: { type: 'order', id: first.event_id },
          decision: 'followed',
          quantity: 24,
          by: 'exchange',
          source: '/cd4ml/exchange',
        },
        {
          product: '1042',
          of: { type: 'order', id: second.event_id },
          decision: 'changed',
          quantity: 30,
          reason: 'event',
          by: 'exchange',
          source: '/cd4ml/exchange',
        },
      ]),
    )
    expect([...(await log.notes(lines.map(({ event_id }) => event_id))).values()]).toEqual([
      'Festa, na praça',
    ])
    expect(await names('in')).toEqual([])
    expect(await names('done')).toEqual([expect.stringMatching(/^orders\.[0-9a-f]{16}\.csv$/)])
  })

  it('understands Portuguese, semicolons and what Excel saves', async () => {
    const { tick, settle, put, answer } = await startExchange({ language: 'pt-BR' })
    await tick()
    await put(
      'decisões.csv',
      Buffer.from(
        'Produto;Dia;Decisão;Quantidade;Motivo;Observação;\r\n' +
          `0042;02/11/2026;Seguido;;;;\r\n` +
          `café;02/11/2026;alterado;10,5;PROMOÇÃO;não veio;\r\n` +
          `1042;02/11/2026;alterado;1.234;porque sim;;\r\n`,
        'latin1',
      ),
    )
    await settle()
    const lines = await answer('decisões.csv')
    expect(lines.map(({ linha, resultado }) => [linha, resultado])).toEqual([
      ['2', 'aceita'],
      ['3', 'aceita'],
      ['4', 'recusada'],
      ['4', 'recusada'],
    ])
    const [, , quantity, reason] = lines.map(({ esperado }) => esperado)
    expect(quantity).toBe('um número só, e não 1,234 / 1234')
    expect(reason).toMatch(/^um destes: Promoção, Evento local, /)
  })

  it('records what arrived and what sold, and lets a later file correct it', async () => {
    const { settle, put, answer, log } = await startExchange()
    await put('received.csv', `product;day;received\n0042;${TODAY};20\n`)
    await put('sold.csv', 'product,day,sold\n0042,2026-11-01,"7,5"\n')
    await settle()
    await put('received.csv', `product;day;received\n0042;${TODAY};24\n`)
    await settle()
    const receipts = await log.find({ type: 'cd4ml.receipt.v1', limit: 10 })
    expect(receipts.map(({ data }) => data)).toEqual([{ product: '0042', day: TODAY, units: 24 }])
    expect((await answer('received.csv')).map(({ outcome }) => outcome)).toEqual(['taken'])
    const sold = await log.find({ type: 'cd4ml.actual.v1', limit: 10 })
    expect(sold.map(({ data }) => data)).toEqual([
      {
        product: '0042',
        from: '2026-11-01',
        to: '2026-11-01',
        units: 7.5,
        source: { from: 'report' },
      },
    ])
  })

  it.each([
    ['a word that means nothing', 'nope,,', 'decision', 'nope', /followed, changed or none/],
    ['no quantity', 'changed,,event', 'quantity', '', /units instead/],
    ['no reason', 'changed,9,', 'reason', '', /one of Promotion/],
    ['a reason of nobody', 'changed,9,because', 'reason', 'because', /one of Promotion/],
    ['what can be two numbers', 'changed,1.234,event', 'quantity', '1.234', /not 1.234 \/ 1234/],
    ['less than none', 'changed,-3,event', 'quantity', "'-3", /0 or more/],
    ['what was advised', 'changed,24,event', 'quantity', '24', /another quantity/],
    ['followed with another quantity', 'followed,25,', 'quantity', '25', /24 units, as advised/],
    ['a quantity for nothing decided', 'none,25,', 'quantity', '25', /no quantity/],
    ['a formula', '=cmd|calc,,', 'decision', "'=cmd|calc", /followed/],
  ])(
    'says of %s which field it is, what came and what to do, and takes the other lines',
    async (_, cells, field, came, expected) => {
      const { tick, settle, put, answer } = await startExchange()
      await tick()
      await put(
        'd.csv',
        `product,day,decision,quantity,reason\n0042,${TODAY},${cells}\n1042,${TODAY},followed,,\n`,
      )
      await settle()
      const [wrong, right] = await answer('d.csv')
      expect(wrong).toMatchObject({ line: '2', outcome: 'refused', field, came })
      expect(wrong.expected).toMatch(expected)
      expect(wrong.remedy).not.toBe('')
      expect(right).toMatchObject({ line: '3', outcome: 'taken' })
    },
  )

  it.each([
    ['an order of nobody', `0042,2026-10-01,followed`, 'day'],
    ['a product that is not sold', `4711,${TODAY},followed`, 'product'],
    ['a day that can be two', '0042,05/06/2026,followed', 'day'],
    ['a row that is cut off', `0042,${TODAY}`, ''],
  ])('refuses %s and guesses nothing', async (_, row, field) => {
    const { tick, settle, put, answer, log } = await startExchange()
    await tick()
    await put('d.csv', `product,day,decision\n${row}\n`)
    await settle()
    expect(await answer('d.csv')).toMatchObject([{ line: '2', outcome: 'refused', field }])
    expect(await decisionsOf(log)).toEqual([])
  })

  it('refuses lines that contradict each other, all of them, and takes one of those that agree', async () => {
    const { tick, settle, put, answer, log } = await startExchange()
    await tick()
    await put(
      'd.csv',
      `product,day,decision,quantity,reason\n` +
        `0042,${TODAY},changed,9,event\n1042,${TODAY},followed,,\n` +
        `0042,${TODAY},changed,10,event\n1042,${TODAY},followed,,\n`,
    )
    await settle()
    expect((await answer('d.csv')).map(({ outcome }) => outcome)).toEqual([
      'refused',
      'taken',
      'refused',
      'known',
    ])
    expect(await decisionsOf(log)).toHaveLength(1)
  })

  it.each([
    ['a workbook', Buffer.from('PK\x03\x04rest', 'latin1')],
    [
      'two encodings',
      Buffer.from('product,day,sold\ncaf\xe9,2026-11-01,1\ncaf\xc3\xa9,2026-11-01,2\n', 'latin1'),
    ],
    ['a NUL', Buffer.from('product,day,sold\n\0,2026-11-01,1\n')],
    ['a quotation mark that is not closed', Buffer.from('product,day,sold\n"0042,2026-11-01,1\n')],
    ['no header', Buffer.from('0042,2026-11-01,1\n')],
    [
      'quantities of which nobody says what they are',
      Buffer.from('product,day,quantity\n0042,2026-11-01,1\n'),
    ],
    [
      'two columns with one meaning',
      Buffer.from('product,produto,day,sold\n0042,1042,2026-11-01,1\n'),
    ],
    [
      'decisions and receipts in one',
      Buffer.from('product,day,decision,received\n0042,2026-11-01,followed,1\n'),
    ],
  ])('leaves a file with %s where it is, and says why', async (_, content) => {
    const { settle, put, answer, names, log } = await startExchange()
    await put('x.csv', content)
    await settle()
    expect(await answer('x.csv')).toMatchObject([{ outcome: 'refused' }])
    expect(await names('in')).toEqual(['x.csv'])
    expect(await decisionsOf(log)).toEqual([])
  })

  it('takes such a file once it is mended', async () => {
    const { settle, put, answer, names } = await startExchange()
    await put('x.csv', 'product,day,quantity\n0042,2026-11-01,1\n')
    await settle()
    await put('x.csv', 'product,day,sold\n0042,2026-11-01,1\n')
    await settle()
    expect(await answer('x.csv')).toMatchObject([{ outcome: 'taken' }])
    expect(await names('in')).toEqual([])
  })

  it('opens no link, pipe or folder, waits for none of them, and goes on with the rest', async () => {
    const { settle, put, path, answer, names } = await startExchange()
    await put('real.csv', 'product,day,sold\n0042,2026-11-01,1\n')
    await symlink('/etc/passwd', path('in/link.csv'))
    execFileSync('mkfifo', [path('in/pipe.csv')])
    await mkdir(path('in/folder.csv'))
    await settle()
    for (const name of ['link.csv', 'pipe.csv', 'folder.csv']) {
      expect(await answer(name)).toMatchObject([{ outcome: 'refused', came: name }])
    }
    expect(await names('done')).toEqual([expect.stringMatching(/^real\./)])
  })

  it('takes files of any name, and answers each', async () => {
    const { settle, path, names, log } = await startExchange()
    const files = [
      'a b.csv',
      "'=1+1;.csv",
      'ünï 𝒳 社會.CSV',
      `${'n'.repeat(250)}.csv`,
      'x\ny.csv',
      '-rf.csv',
    ]
    const paths = files.map((name) => Buffer.from(`${path('in')}/${name}`))
    const latin1 = Buffer.concat([
      Buffer.from(`${path('in')}/`),
      Buffer.from('decisões.csv', 'latin1'),
    ])
    for (const [i, file] of [...paths, latin1].entries()) {
      await writeFile(file, `product,day,sold\n0042,2026-10-0${i + 1},${i}\n`)
    }
    await settle()
    expect([await names('in'), (await names('done')).length]).toEqual([[], 7])
    expect(await names('answers')).toEqual(
      expect.arrayContaining(['-rf.csv', 'a b.csv', 'decisões.csv', 'ünï 𝒳 社會.CSV']),
    )
    expect(await names('answers')).toHaveLength(7)
    expect(await log.find({ type: 'cd4ml.actual.v1', limit: 10 })).toHaveLength(7)
  })

  it('waits for a file that is still being copied', async () => {
    const { tick, settle, path, names, answer } = await startExchange()
    await writeFile(path('in/slow.csv'), 'product,day,sold\n')
    for (const row of ['0042,2026-11-01,1\n', '1042,2026-11-01,2\n', 'café,2026-11-01,3\n']) {
      await tick()
      await appendFile(path('in/slow.csv'), row)
    }
    expect(await names('done')).toEqual([])
    await writeFile(path('in/other.csv.partial'), 'product,day,sold\n0042,2026-10-31,1\n')
    await settle()
    expect(await answer('slow.csv')).toHaveLength(3)
    expect(await names('in')).toEqual(['other.csv.partial'])
    await rename(path('in/other.csv.partial'), path('in/other.csv'))
    await settle()
    expect(await answer('other.csv')).toMatchObject([{ outcome: 'taken' }])
  })

  it('does not take a last line that is cut off between two looks', async () => {
    const { tick, settle, path, names, log } = await startExchange()
    await writeFile(path('in/cut.csv'), 'product,day,sold\n0042,2026-11-01,1')
    for (let look = 0; look < 4; look++) await tick()
    expect(await names('done')).toEqual([])
    await appendFile(path('in/cut.csv'), '2\n')
    await settle()
    const [sold] = await log.find({ type: 'cd4ml.actual.v1', limit: 10 })
    expect(sold.data.units).toBe(12)
  })
})

describe('nothing is taken twice', () => {
  const content = `product,day,decision,quantity,reason\n0042,${TODAY},changed,9,event\n1042,${TODAY},followed,,\n`

  it('knows the same file under another name, and the same lines in a longer one', async () => {
    const { tick, settle, put, answer, names, log } = await startExchange()
    await tick()
    await put('a.csv', content)
    await settle()
    const taken = await answer('a.csv')
    await put('b.csv', content)
    await put('a.csv', `${content}café,${TODAY},none,,\n`)
    await settle()
    expect((await answer('b.csv')).map(({ outcome, event_id }) => [outcome, event_id])).toEqual(
      taken.map(({ event_id }) => ['known', event_id]),
    )
    expect((await answer('a.csv')).map(({ outcome }) => outcome)).toEqual([
      'known',
      'known',
      'taken',
    ])
    expect(await decisionsOf(log)).toHaveLength(3)
    expect(await names('done')).toHaveLength(3)
  })

  it('does not undo what was decided on the page since, when a file that was taken comes again', async () => {
    const { tick, settle, put, answer, log, folder } = await startExchange()
    await tick()
    await put('a.csv', content)
    await settle()
    const [{ event_id: id }] = await answer('a.csv')
    const [of] = [...(await log.byId([id])).values()]
    if (of.type !== 'cd4ml.decision.v1') throw new Error('no decision')
    const onPage = await prepareDecisions(
      { log, reasons: await readDecisionReasons(folder) },
      [{ of: of.data.of.id, decision: 'changed', quantity: 12, reason: 'stock', supersedes: id }],
      { source: '/cd4ml/service', time: `${TODAY}T10:00:00.000Z`, person: 'buyer-1' },
    )
    expect(await recorded(log, onPage)).toMatchObject([{ outcome: 'recorded' }])
    await put('again.csv', content)
    await settle()
    expect((await answer('again.csv'))[0]).toMatchObject({ outcome: 'known', event_id: id })
    const standing = (await decisionsOf(log)).map(({ data }) => data.quantity)
    expect(standing.sort()).toEqual([12, 8])
  })

  it('does not undo what was decided on the page while it was dead, killed between recording a file and moving it', async () => {
    const dead = { is: false }
    const { tick, settle, put, orders, restart, answer, log, folder } = await startExchange({
      wrap: (log) => ({
        ...log,
        append: async (append) => {
          const appended = await log.append(append)
          if (dead.is) throw new LedgerUnavailable(new Error('killed'))
          return appended
        },
      }),
    })
    await tick()
    const [{ event_id: of }] = await orders()
    dead.is = true
    await put('a.csv', `event_id,decision,quantity,reason\n${of},changed,9,event\n`)
    await expect(settle()).rejects.toThrow(LedgerUnavailable)
    dead.is = false
    const [{ id: supersedes }] = await decisionsOf(log)
    const onPage = await prepareDecisions(
      { log, reasons: await readDecisionReasons(folder) },
      [{ of, decision: 'changed', quantity: 12, reason: 'stock', supersedes }],
      { source: '/cd4ml/service', time: `${TODAY}T10:00:00.000Z`, person: 'buyer-1' },
    )
    await recorded(log, onPage)
    await restart()
    await settle()
    expect(await answer('a.csv')).toMatchObject([{ outcome: 'known', event_id: supersedes }])
    expect((await decisionsOf(log)).map(({ data }) => data.quantity)).toEqual([12])
  })

  it('takes a file that two replicas find at once, once', async () => {
    const { tick, put, orders, open, path, log } = await startExchange()
    await tick()
    const other = await open()
    expect(await orders()).toHaveLength(3)
    await put('a.csv', content)
    for (let look = 0; look < 3; look++) await Promise.all([tick(), other.tick()])
    expect(await decisionsOf(log)).toHaveLength(2)
    expect(await readdir(path('in'))).toEqual([])
    expect(await readdir(path('done'))).toHaveLength(1)
  })

  it('lets one decision stand where page and file decide in the same moment', async () => {
    const meanwhile: (() => Promise<unknown>)[] = []
    const { tick, settle, put, orders, answer, log, folder } = await startExchange({
      wrap: (log) => ({
        ...log,
        append: async (append) => {
          await meanwhile.pop()?.()
          return log.append(append)
        },
      }),
    })
    await tick()
    const [{ event_id: of }] = await orders()
    const reasons = await readDecisionReasons(folder)
    const by = { source: '/cd4ml/service', time: `${TODAY}T10:00:00.000Z`, person: 'buyer-1' }
    meanwhile.push(async () =>
      recorded(log, await prepareDecisions({ log, reasons }, [{ of, decision: 'followed' }], by)),
    )
    await put('a.csv', `event_id,decision,quantity,reason\n${of},changed,9,event\n`)
    await settle()
    expect(await answer('a.csv')).toMatchObject([{ outcome: 'taken' }])
    expect((await decisionsOf(log)).map(({ data }) => data.quantity)).toEqual([9])
  })

  it('still knows a file that was taken long ago, when the ledger has forgotten the request', async () => {
    const { tick, settle, put, answer, restart, log } = await startExchange()
    await tick()
    await put('old.csv', content)
    await settle()
    await put('new.csv', `product,day,decision\n0042,${TODAY},followed\n`)
    await settle()
    const [{ event_id: id }] = await answer('old.csv')
    // As a ledger that has forgotten: the same request is a new one.
    const forgotten = {
      ...log,
      append: (append: Parameters<EventLog['append']>[0]) => {
        const { request, ...rest } = append
        return log.append({ ...rest, ...(request && { request: { ...request, owner: 'later' } }) })
      },
    }
    await restart(forgotten)
    await put('again.csv', content)
    await settle()
    expect((await answer('again.csv'))[0]).toMatchObject({ outcome: 'known', event_id: id })
    expect((await decisionsOf(log)).map(({ data }) => data.quantity).sort()).toEqual([24, 8])
  })

  it('lets the last word on an order be that of the file, where it says something else than the page', async () => {
    const { tick, settle, put, orders, answer, log, folder } = await startExchange()
    await tick()
    const [{ event_id: of }] = await orders()
    const onPage = await prepareDecisions(
      { log, reasons: await readDecisionReasons(folder) },
      [{ of, decision: 'followed' }],
      { source: '/cd4ml/service', time: `${TODAY}T10:00:00.000Z`, person: 'buyer-1' },
    )
    await recorded(log, onPage)
    await put('same.csv', `event_id,decision\n${of},followed\n`)
    await put('then.csv', `event_id,decision,quantity,reason\n${of},changed,6,supplier\n`)
    await settle()
    expect(await answer('same.csv')).toMatchObject([{ outcome: 'known' }])
    expect(await answer('then.csv')).toMatchObject([{ outcome: 'taken' }])
    expect((await decisionsOf(log)).map(({ data }) => [data.quantity, data.by])).toEqual([
      [6, 'exchange'],
    ])
  })
})
