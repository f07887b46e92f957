import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { unlessMistaken } from '../../base/errors.ts'
import { git } from '../../base/git.ts'
import { periodOf } from '../../demand/calendar.ts'
import { buildPanel } from '../../demand/panel.ts'
import { originRows } from '../../evaluation/scoring/origin-rows.ts'
import type { Recipe } from '../../forecasting/recipe.ts'
import {
  type CheckedPublication,
  joinedChecks,
  publishedAgainst,
} from '../../monitoring/context/checked-publication.ts'
import type { HealthRecord } from '../../monitoring/health/health-record.ts'
import type { KnownPublication } from '../../monitoring/origins/known-publication.ts'
import type { MonitoredSales } from '../../monitoring/origins/monitored-sales.ts'
import type { BlockSpan, PublishedBlocks } from '../../monitoring/origins/production-blocks.ts'
import { publishedOrigin } from '../../monitoring/origins/published-origin.ts'
import { objectIds } from '../../registry/objects.ts'
import { resolveBase } from '../../registry/repository.ts'
import { layOut } from '../../registry/workspace.ts'
import { type ReadSales, readModelSales } from '../data/inputs.ts'
import { monitoredSales } from './monitored-sales.ts'
import { publishedBlocks } from './published-blocks.ts'
import type { ProductionInput, ProductionSeen } from './read-production.ts'

/**
 * The publication that weighs most in the evidence, made again by the model: the one of the block
 * farthest from the median. From the newest sales, as they were known then; where it says otherwise,
 * from the very ones that it rests on, as git has them on the branch that is in production. Undefined
 * where none was published, or cannot be made again.
 */
export async function checkPublication(
  input: ProductionInput,
  seen: ProductionSeen,
  blocks: HealthRecord['blocks'],
): Promise<CheckedPublication | undefined> {
  const found = heaviest(seen, blocks)
  if (!found) return undefined
  const { id, span } = found
  const bySalesOfToday = await against(seen, span, seen)
  if (!bySalesOfToday) return undefined
  if (bySalesOfToday.otherwise === 0) return { id, outcome: 'same', ...bySalesOfToday }
  const publication = seen.publications.find((one) => one.id === id)
  const own = publication && (await bySalesThen(input, seen, { span, publication }))
  if (!own) return { id, outcome: 'otherwise by the sales of today', ...bySalesOfToday }
  return { id, outcome: own.otherwise === 0 ? 'same' : 'otherwise', ...own }
}

/** Whether a check refutes a publication: other code may differ in digits, but not by so much. */
export function isRefuted({ outcome, difference }: CheckedPublication): boolean {
  return outcome === 'otherwise' && difference > 0.01
}

/** Of what was published. */
function heaviest(
  seen: ProductionSeen,
  blocks: HealthRecord['blocks'],
): { id: string; span: BlockSpan } | undefined {
  const { frequency } = seen.block
  const measured = blocks.flatMap((block, i) => {
    const of = seen.blocks[i]
    if (block.outcome === 'cannot tell' || of.outcome === 'no forecasts') return []
    const { from, to, origin } = of
    const span = { first: periodOf(frequency, from), day: from - 1, from, to }
    return [{ logRatio: block.logRatio, forecasts: origin.forecasts, span }]
  })
  const sorted = measured.map(({ logRatio }) => logRatio).sort((a, b) => a - b)
  const median = sorted[sorted.length >> 1]
  const [first] = measured
    .flatMap(({ forecasts, ...one }) =>
      forecasts.from === 'published' ? [{ ...one, id: forecasts.id }] : [],
    )
    .sort((a, b) => Math.abs(b.logRatio - median) - Math.abs(a.logRatio - median))
  return first
}

/** Of all parts of some sales; undefined where the model cannot make it again from them. */
async function against(
  seen: ProductionSeen,
  span: BlockSpan,
  { sales, published }: { sales: MonitoredSales; published: PublishedBlocks },
): Promise<Omit<CheckedPublication, 'id' | 'outcome'> | undefined> {
  const { frequency, horizon: farthest } = seen.version.model.recipe
  const chain = seen.panelOf(seen.sales.chain, { frequency, censoring: false })
  const horizon = Math.min(farthest, chain.firstPeriod + chain.periods - span.first)
  const apart = await sales.each(async (part) => {
    const found = await published.of(span, part.index)
    if (!found || found.published.series.length === 0) return []
    const then = buildPanel(part.totals, { frequency, asOf: span.day })
    const rows = originRows(then, then, horizon)
    const made = await seen.forecastAgain(part, rows)
    if ('problem' in made) return undefined
    return publishedAgainst(publishedOrigin(found.published, rows, found.file), made, horizon)
  })
  return apart.includes(undefined) ? undefined : joinedChecks(apart.flatMap((it) => it ?? []))
}

/** The same by the sales that the publication rests on, where git has them. */
async function bySalesThen(
  input: ProductionInput,
  seen: ProductionSeen,
  { span, publication }: { span: BlockSpan; publication: KnownPublication },
): ReturnType<typeof against> {
  const tree = publication.record.basis?.data
  if (tree === undefined) return undefined
  const { artifact, model } = seen.version
  return await withSales(input, tree, model.recipe, async (read, folder) => {
    const sales = await monitoredSales(artifact, read.sales, read.plan)
    const published = await publishedBlocks({
      ledger: seen.ledger,
      publications: new Map([[span.first, [publication]]]),
      sales,
      scratch: folder,
    })
    return await against(seen, span, { sales, published })
  })
}

/**
 * Calls `use` with the sales of a tree that stood on the branch in production; undefined where it never
 * did, this clone lacks it, or they cannot be read.
 */
async function withSales<T>(
  { options, base }: ProductionInput,
  tree: string,
  { partition }: Recipe,
  use: (read: ReadSales, folder: string) => Promise<T>,
): Promise<T | undefined> {
  const { project, data, contract } = options
  const inData = relative(data, contract)
  if (
    inData.startsWith('..') ||
    !(await stoodOnBase(project, base, relative(project, data), tree))
  ) {
    return undefined
  }
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'cd4ml-sales-')))
  try {
    return await unlessMistaken(async () => {
      await layOut(project, [{ path: 'data', object: tree }], folder)
      const laidOut = { data: join(folder, 'data'), contract: join(folder, 'data', inData) }
      const read = await readModelSales({ ...options, ...laidOut }, partition, { keep: false })
      if (read.outcome === 'invalid') return undefined
      try {
        return await use(read, folder)
      } finally {
        await read.sales.parts?.close()
      }
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Whoever forges a publication can forge the sales to it, but not bring them past a review. */
async function stoodOnBase(
  project: string,
  base: string | undefined,
  path: string,
  tree: string,
): Promise<boolean> {
  const { commit } = await resolveBase(project, base)
  const log = await git(project, ['rev-list', '--first-parent', commit, '--', path])
  const commits = log.split('\n').filter(Boolean)
  const trees = await objectIds(
    project,
    commits.map((id) => `${id}:${path}`),
  )
  return trees.includes(tree)
}
