import { beforeAll, expect, it } from 'vitest'
import { isoFromDay } from '../../src/base/day.ts'
import { openDatabase } from '../../src/ledger/sql/database.ts'
import { createToken } from '../../src/service/access/tokens.ts'
import { serve } from '../../src/service/serve.ts'
import { NEXT_DAY, shopInProduction } from '../integration/service/serving.ts'
import { succeedJson } from '../project.ts'
import { temporaryFolder } from '../repository.ts'

let project: string
beforeAll(async () => {
  project = await shopInProduction()
})

it('hands out who decided as a pseudonym alone, and leads from it to nobody once the person is forgotten', async () => {
  const ledger = `sqlite:${await temporaryFolder()}/ledger.sqlite`
  const serving = await serve({ project, ledger, host: '127.0.0.1', port: 0, release: '0.1.0' })
  const database = await openDatabase(ledger)
  const { secret, token } = await createToken(database, {
    name: 'Zuleide Quaresma',
    scopes: ['read', 'decide'],
    now: new Date(),
  })
  const ask = async (path: string, body?: object) => {
    const answer = await fetch(serving.address + path, {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: `Bearer ${secret}`,
        'content-type': 'application/json',
        'idempotency-key': path,
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    return await answer.text()
  }
  const note = 'a festa de São João na escola da minha filha'
  const asked = { product: 'P1', from: isoFromDay(NEXT_DAY), to: isoFromDay(NEXT_DAY + 6) }
  const [{ id }] = JSON.parse(await ask('/v1/forecasts', asked)).answers
  const decided = { of: id, decision: 'changed', quantity: 7, reason: 'event', note }
  await ask('/v1/decisions', decided)
  const exported = await ask('/v1/events')
  expect(exported).toContain(`"by":"${token.pseudonym}"`)
  for (const personal of ['Zuleide', 'Quaresma', 'festa', 'escola']) {
    expect(exported).not.toContain(personal)
  }

  const forget = ['token', 'forget', 'Zuleide Quaresma', '--ledger', ledger]
  expect(await succeedJson(project, forget)).toEqual({
    pseudonym: token.pseudonym,
    notes: 1,
    sessions: 0,
    tokens: 1,
  })
  for (const table of ['persons', 'notes', 'requests', 'tokens', 'sessions'] as const) {
    const rows = await database.kysely.selectFrom(table).selectAll().execute()
    expect(JSON.stringify(rows), table).not.toMatch(/Zuleide|Quaresma|festa|escola/)
  }
  const kept = await database.kysely.selectFrom('events').select('data').execute()
  expect(kept.some(({ data }) => data.includes(token.pseudonym))).toBe(true)
  await database.close()
  await serving.close()
})
