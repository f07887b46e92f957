import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { appendTo } from '../../src/github/ledger-branch.ts'
import { inputsIn } from '../../src/steps/data/inputs.ts'
import { publishForecasts } from '../../src/steps/forecasts/publish-forecasts.ts'
import { record } from '../../src/steps/monitoring/record.ts'
import { recordDecisions } from '../../src/steps/monitoring/record-decisions.ts'
import { cd4ml, succeedJson } from '../project.ts'
import { commitAll, copyOf, put } from '../repository.ts'
import { productIds } from '../shop.ts'
import { branchEvents } from './branch-events.ts'
import { connection, type Place, startPlace } from './github-fixture.ts'
import { LAST_DAY, orderingShop } from './ordering-shop.ts'
import { ownRun } from './record-fixture.ts'

const DAY = '2024-07-29'
const [FIRST, SECOND] = productIds(4)

/** A shop with a model in production. */
let shop: string
let project: string
let place: Place

beforeAll(async () => {
  shop = await orderingShop()
})

beforeEach(async () => {
  project = await copyOf(shop)
  place = await startPlace()
})

describe('who has no service', () => {
  beforeEach(publish)

  it('finds decisions from files beside the orders that they are about, once, however often they are recorded', async () => {
    await decide(`product,day,decision,quantity,reason\n${FIRST},${DAY},changed,70,event\n`)
    expect(await recorded()).toMatchObject({ outcome: 'appended', events: 1 })
    expect(await recorded()).toMatchObject({ outcome: 'unchanged', events: 0 })
    const events = await onBranch()
    expect(events.map(({ type, subject }) => [type, subject])).toEqual([
      ['cd4ml.order.v1', FIRST],
      ['cd4ml.decision.v1', FIRST],
    ])
    const [order, decision] = events
    expect(order).toMatchObject({ data: { day: DAY, basis: { version: 1 } } })
    expect(decision).toMatchObject({
      source: '/cd4ml/files',
      data: { of: { type: 'order', id: order.id }, decision: 'changed', quantity: 70, by: 'files' },
    })
  })

  it('corrects a decision by correcting its row, and takes nothing twice from a file that grows', async () => {
    const header = 'product,day,decision,quantity,reason\n'
    await decide(`${header}${FIRST},${DAY},changed,70,event\n`)
    await recorded()
    await decide(`${header}${FIRST},${DAY},changed,80,event\n${SECOND},${DAY},followed,,\n`)
    expect(await recorded()).toMatchObject({ events: 2 })
    await decide(`${header}${FIRST},${DAY},changed,70,event\n${SECOND},${DAY},followed,,\n`)
    expect(await recorded()).toMatchObject({ events: 1 })
    const decisions = (await onBranch()).filter(({ type }) => type === 'cd4ml.decision.v1')
    expect(decisions.map(({ subject, data }) => [subject, data.quantity])).toEqual([
      [FIRST, 70],
      [FIRST, 80],
      [SECOND, expect.any(Number)],
      [FIRST, 70],
    ])
    expect(decisions[3].supersedes).toBe(decisions[1].id)
  })

  it('finds them once where two record at the same time', async () => {
    await decide(`product,day,decision\n${FIRST},${DAY},followed\n`)
    const other = connection(place.server, place.server.token)
    await Promise.all([recorded(), recorded(other)])
    expect(await onBranch()).toHaveLength(2)
  })

  it('reads what the contract describes, and is told line and remedy of what it does not allow', async () => {
    await describeDecisions({
      encoding: 'iso-8859-1',
      dialect: { delimiter: ';' },
      schema: {
        fields: [
          { name: 'produto', type: 'string' },
          { name: 'dia', type: 'date', format: '%d.%m.%Y' },
          { name: 'decisão', type: 'string' },
          {
            name: 'quantidade',
            type: 'number',
            groupChar: '.',
            decimalChar: ',',
            constraints: { maximum: 2000 },
          },
          { name: 'motivo', type: 'string' },
        ],
        missingValues: ['', '-'],
      },
    })
    await decide(
      Buffer.from(
        'produto;dia;decisão;quantidade;motivo\n' +
          `${FIRST};29.07.2024;alterado;1.070;Promoção\n` +
          `${SECOND};29.07.2024;alterado;2.001;other\n` +
          `${SECOND};2024-07-29;seguido;-;-\n`,
        'latin1',
      ),
    )
    const { decisions } = await succeedJson(project, ['validate'])
    expect(decisions[0].rows).toEqual({ read: 3, accepted: 1, blank: 0, quarantined: 2 })
    const { files, events } = await recorded()
    expect(events).toBe(1)
    const [{ taken }] = files
    if (taken.outcome === 'refused') throw new Error('refused')
    expect(
      taken.lines.map((it) => [it.line, 'problems' in it ? it.problems[0].rule : it.outcome]),
    ).toEqual([
      [2, 'taken'],
      [3, 'constraint'],
      [4, 'day-unreadable'],
    ])
    expect((await onBranch()).at(-1)?.data.quantity).toBe(1070)
  })

  it('goes on with the other files where one cannot be read, and sales do not notice', async () => {
    await put(project, {
      'data/decisions/a.csv': 'product,day\n',
      'data/decisions/b.csv': `product,day,decision\n${FIRST},${DAY},followed\n`,
    })
    await commitAll(project, 'Decide')
    expect(await recorded()).toMatchObject({ outcome: 'appended', events: 1 })
    const { code, stdout } = await cd4ml(project, ['validate'])
    expect([code, stdout.includes('decisions/a.csv | refused as a whole')]).toEqual([1, true])
  })

  it('records what arrived of products that are ordered, and refuses what nobody sells', async () => {
    await decide(`product,day,received\n${FIRST},${DAY},12\nnobody,${DAY},3\n`)
    expect(await recorded()).toMatchObject({ events: 1 })
    expect((await onBranch()).map(({ type }) => type)).toEqual(['cd4ml.receipt.v1'])
  })
})

describe('sales and models', () => {
  it('are alone where there are no decisions', async () => {
    expect(await recorded()).toMatchObject({ outcome: 'none', events: 0, files: [] })
    await rm(join(project, 'data', 'decisions'), { recursive: true, force: true })
    expect(await succeedJson(project, ['validate'])).not.toHaveProperty('decisions')
  })

  it('are the same with a decision as without', async () => {
    const before = await succeedJson(project, ['validate'])
    await decide(`product,day,decision\n${FIRST},${DAY},followed\n`)
    const { decisions: _decisions, ...after } = await succeedJson(project, ['validate'])
    expect(after).toEqual(before)
  })
})

async function publish(): Promise<void> {
  const at = '2026-11-02T09:00:00.000Z'
  const published = await publishForecasts({
    options: inputsIn(project, LAST_DAY + 1, { data: 'data' }),
    out: join(project, '.cd4ml', 'forecasts'),
    at,
    repository: 'https://github.com/shop/demand',
    language: 'en',
  })
  expect(published.outcome).toBe('made')
  const own = { ...ownRun(project, 'main'), at: '2026-11-02T10:00:00.000Z' }
  const forecasts = join(project, '.cd4ml', 'forecasts')
  const input = { own, forecasts, repository: 'https://github.com/shop/demand' }
  expect((await record(appendTo(place.github), { ...input, language: 'en' })).outcome).toBe(
    'appended',
  )
}

async function decide(content: string | Buffer): Promise<void> {
  await put(project, { 'data/decisions/2024-07.csv': content })
  await commitAll(project, 'Decide')
}

async function describeDecisions(resource: object): Promise<void> {
  const contract = JSON.parse(await readFile(join(project, 'data/datapackage.json'), 'utf8'))
  contract.resources.push({ name: 'decisions', path: 'decisions/*.csv', ...resource })
  await put(project, { 'data/datapackage.json': JSON.stringify(contract) })
}

function recorded(github = place.github) {
  return recordDecisions(appendTo(github), {
    ...inputsIn(project, LAST_DAY + 1, { data: 'data' }),
    language: 'en',
  })
}

// biome-ignore lint/suspicious/noExplicitAny: tests read what is there
async function onBranch(): Promise<any[]> {
  return await branchEvents(place.server.git)
}
