import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { count, isoDay, object, objectId, openObject } from '../../base/schema-parts.ts'
import { Basis } from '../../ledger/events/event.ts'
import { moment } from '../../ledger/run-record.ts'
import { DecisionReason } from '../../ordering/decision-reasons.ts'
import type { PromotionHistory } from '../../steps/promotion/history.ts'
import type { Engine } from '../engine/engine.ts'
import type { ServiceSettings } from '../engine/service-settings.ts'
import { addListRoute } from './list-route.ts'
import { oneResponses, seriesColumns, seriesProperties } from './schemas.ts'

/** What there is to read of the model in production: what it knows, what it takes, what it was before. */
export function addProductionRoutes(
  app: FastifyInstance,
  {
    engine,
    settings,
    versions,
  }: {
    engine: Engine
    settings(): Pick<ServiceSettings, 'reasons'>
    /** Which versions were in production, where git knows. */
    versions(): Promise<PromotionHistory | undefined>
  },
): void {
  addListRoute(app, {
    url: '/v1/products',
    operationId: 'listProducts',
    summary: 'Products',
    description: 'Every product that has been sold, in every store that sells it.',
    schema: object({ products: Type.Array(object(seriesProperties)) }),
    key: 'products',
    rows: () => engine.current().series,
    columns: seriesColumns,
  })
  addListRoute(app, {
    url: '/v1/stores',
    operationId: 'listStores',
    summary: 'Stores',
    description:
      'Every store, with how many products it sells; none where there is one store only.',
    schema: object({ stores: Type.Array(StoreShown) }),
    key: 'stores',
    rows: () => storesOf(engine),
    columns: [
      ['store', ({ store }) => store],
      ['products', ({ products }) => products],
    ],
  })
  addListRoute(app, {
    url: '/v1/reasons',
    operationId: 'listReasons',
    summary: 'Reasons',
    description: 'Why a buyer can have decided otherwise, as the decisions.yml of the chain says.',
    schema: object({ reasons: Type.Array(DecisionReason) }),
    key: 'reasons',
    rows: () => settings().reasons,
    columns: [
      ['id', ({ id }) => id],
      ['en', ({ en }) => en],
      ['pt-BR', (reason) => reason['pt-BR']],
    ],
  })
  app.get(
    '/v1/inputs',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['production'],
        operationId: 'getInputs',
        summary: 'What can be asked',
        description: 'JSON Schema (2020-12) of a question, as the model in production has it.',
        response: oneResponses(openObject({ type: Type.Literal('object') })),
      },
    },
    async () => engine.current().inputs,
  )
  const past = untilChanged(engine, versions)
  app.get(
    '/v1/versions',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['production'],
        operationId: 'listVersions',
        summary: 'Versions',
        description:
          'Which version answers, what it knows, why a newer one was refused where one was, and which were in production before.',
        response: oneResponses(Versions),
      },
    },
    async () => shownVersions(engine, await past()),
  )
}

const StoreShown = object({ store: Type.String(), products: count })
type StoreShown = Static<typeof StoreShown>

const PastVersion = object({
  version: count,
  model: Type.String(),
  trainedThrough: isoDay,
  commit: objectId,
  since: moment,
  until: Type.Optional(moment),
})
type PastVersion = Static<typeof PastVersion>

const Versions = object({
  current: object({
    ...Basis.properties,
    name: Type.String(),
    trainedThrough: isoDay,
    /** In the morning of which is ordered. */
    orderDay: isoDay,
  }),
  refused: Type.Optional(object({ at: Type.String(), problem: Type.String() })),
  /** The newest first; empty where git does not know. */
  history: Type.Array(PastVersion),
})
type Versions = Static<typeof Versions>

function storesOf(engine: Engine): StoreShown[] {
  const products = new Map<string, number>()
  for (const { store } of engine.current().series) {
    if (store !== undefined) products.set(store, (products.get(store) ?? 0) + 1)
  }
  return [...products].map(([store, count]) => ({ store, products: count }))
}

/** What git says, asked again only when another version has taken over. */
function untilChanged<T>(engine: Engine, ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined
  engine.onChange(() => {
    asked = undefined
  })
  return () => {
    asked ??= ask().catch((error) => {
      asked = undefined
      throw error
    })
    return asked
  }
}

function shownVersions(engine: Engine, past: PromotionHistory | undefined): Versions {
  const { basis, modelName, trainedThrough, orderDay, refused } = engine.current()
  const history = (past?.periods ?? []).flatMap((period): PastVersion[] => {
    if (period.found !== 'version') return []
    const { version, model, trainedThrough, commit, since, until } = period
    return [{ version, model, trainedThrough, commit, since, ...(until && { until }) }]
  })
  return {
    current: { ...basis, name: modelName, trainedThrough, orderDay },
    ...(refused && { refused }),
    history,
  }
}
