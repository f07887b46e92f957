import { readFile, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { beforeAll, expect, it, onTestFinished, vi } from 'vitest'
import { git } from '../../src/base/git.ts'
import { createToken } from '../../src/service/access/tokens.ts'
import { serviceParts } from '../integration/service/service-parts.ts'
import { mergeProposal, newProject, succeed } from '../project.ts'
import { commitAll, copyOf, put, temporaryFolder } from '../repository.ts'
import { dataFiles, productIds, recipe, salesOf } from '../shop.ts'

const WEEKS = 110
const POLICY = 'model-registry/policy.yml'
const products = productIds(6)
const sales = salesOf({ products, frequency: 'week', periods: WEEKS })
const inStores = sales.flatMap((sale) =>
  ['north', 'south'].map((store, i) => ({ ...sale, store, units: sale.units + 5 * i })),
)

/** A chain whose every promotion was a merge, and the commits of them, by the version. */
let chain: string
const merged: string[] = []

beforeAll(async () => {
  chain = await newProject({ ...dataFiles(sales), ...recipe('seasonal-naive: {}') })
  for (const command of [['train'], ['compare'], ['promote', '--baseline']]) {
    await succeed(chain, command)
  }
  await merge()
  await put(chain, recipe('moving-average: { window: [4, 8] }'))
  await commitAll(chain, 'Try the moving average')
  await succeed(chain, ['pipeline'])
  await merge()
  await succeed(chain, ['rollback', '--to', '1', '--reason', 'Fruit is forecast far too high'])
  await merge()
  await rm(join(chain, 'data'), { recursive: true })
  await put(chain, dataFiles(inStores))
  await put(chain, recipe('moving-average: { window: [4, 8, 12] }'))
  const policy = await readFile(join(chain, POLICY), 'utf8')
  await put(chain, { [POLICY]: policy.replace('allow: []', 'allow: [fewerSeries]') })
  await commitAll(chain, 'Tell the stores apart')
  await succeed(chain, ['pipeline'])
  await merge()
}, 120_000)

async function merge() {
  await mergeProposal(chain)
  merged.push((await git(chain, ['rev-parse', 'HEAD'])).trim())
}

/** A service of a clone that is at the first version, on a real socket. */
async function serving() {
  const folder = await copyOf(chain)
  const pull = (commit: string) => git(folder, ['reset', '--quiet', '--hard', commit])
  await pull(merged[0])
  const now = () => new Date('2026-02-09T12:00:00Z')
  const ledger = `sqlite:${join(await temporaryFolder(), 'ledger.sqlite')}`
  const { app, engine, log, database } = await serviceParts({ project: folder, ledger, now })
  await app.listen({ port: 0, host: '127.0.0.1' })
  onTestFinished(async () => {
    await app.close()
    await engine.close()
    await log.close()
  })
  const scopes = ['read', 'decide'] as const
  const { secret } = await createToken(database, { name: 'shop', scopes, now: now() })
  const { port } = app.server.address() as AddressInfo
  // biome-ignore lint/suspicious/noExplicitAny: a test says by what it expects what it is.
  const ask = async (path: string, body?: unknown): Promise<{ status: number; data: any }> => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    })
    return { status: answer.status, data: await answer.json() }
  }
  return { folder, pull, ask, engine, log }
}

it('answers every client by one version or the other, while versions come, go and are broken', async () => {
  const { folder, pull, ask, engine, log } = await serving()
  const questions = [
    ...products.map((product) => ({ product, month: '2026-03' })),
    ...products.map((product) => ({ product, month: '2026-03', store: 'north' })),
  ]
  /** What each version says to all of them: its numbers, or the field that is wrong. */
  const said = new Map<number, unknown[]>()
  let [asked, failed] = [0, 0]
  const isOver = new AbortController()
  const client = async () => {
    while (!isOver.signal.aborted) {
      const { status, data } = await ask('/v1/forecasts', questions)
      asked++
      if (status >= 500 || data.answers?.length !== questions.length) {
        failed++
        continue
      }
      const versions = new Set(data.answers.flatMap((it: Item) => it.version ?? []))
      expect(versions.size).toBe(1)
      const [version] = versions as Set<number>
      const numbers = data.answers.map((it: Item) => it.mean ?? it.errors?.[0].field)
      expect(numbers).toEqual(said.get(version) ?? numbers)
      said.set(version, numbers)
    }
  }
  const clients = Promise.all(Array.from({ length: 16 }, client))
  const answeredBy = async (version: number) => {
    await engine.look()
    expect((await ask('/v1/versions')).data.current.version).toBe(version)
    await vi.waitFor(() => expect([...said.keys()]).toContain(version), 20_000)
  }

  await answeredBy(1)
  await pull(merged[1])
  await answeredBy(2)
  await put(folder, { 'model-registry/production/model.json': '{}' })
  await engine.look()
  expect((await ask('/v1/versions')).data.refused.problem).toContain('SHA-256')
  await answeredBy(2)
  await pull(merged[2])
  await answeredBy(3)
  expect((await ask('/v1/inputs')).data.properties.store).toBeUndefined()
  await pull(merged[3])
  await answeredBy(4)
  expect((await ask('/v1/inputs')).data.properties.store).toBeDefined()
  isOver.abort()
  await clients

  expect(failed).toBe(0)
  expect(asked).toBeGreaterThan(64)
  const half = products.length
  const [first, second, third, fourth] = [1, 2, 3, 4].map((version) => said.get(version))
  expect(third).toEqual(first)
  expect(second?.slice(0, half)).not.toEqual(first?.slice(0, half))
  expect(first?.slice(half)).toEqual(products.map(() => '/store'))
  expect(fourth?.slice(0, half)).toEqual(products.map(() => '/store'))
  expect(fourth?.slice(half).every((mean) => Number(mean) > 0)).toBe(true)
  const recorded = await log.find({ type: 'cd4ml.forecast.v1', limit: 1_000_000 })
  expect(recorded).toHaveLength(asked * half)
}, 120_000)

type Item = { version?: number; mean?: number; errors?: { field: string }[] }

it('offers the reasons that a chain has now, and takes no other', async () => {
  const { folder, ask, engine } = await serving()
  const [order] = (await ask('/v1/orders', [{ product: products[0] }])).data.answers
  const reasons = [{ id: 'fair', en: 'Fair', 'pt-BR': 'Feira' }]
  await put(folder, { 'decisions.yml': JSON.stringify({ reasons }) })
  await engine.look()
  expect((await ask('/v1/reasons')).data).toEqual({ reasons })
  const decide = async (reason: string) =>
    await ask('/v1/decisions', [{ of: order.id, decision: 'changed', quantity: 7, reason }])
  expect((await decide('event')).data.answers[0]).toMatchObject({ status: 422 })
  expect((await decide('fair')).data.answers[0]).toMatchObject({ status: 200, reason: 'fair' })
})
