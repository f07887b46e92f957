import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { unlessMistaken } from '../../base/errors.ts'
import { git } from '../../base/git.ts'
import { openHistory } from '../../evaluation/search/history.ts'
import {
  type CheckedPublication,
  publishedAgainst,
} from '../../monitoring/context/checked-publication.ts'
import type { HealthRecord } from '../../monitoring/health/health-record.ts'
import type { ProductionOrigin } from '../../monitoring/origins/production-origin.ts'
import { objectIds } from '../../registry/objects.ts'
import { resolveBase } from '../../registry/repository.ts'
import { layOut } from '../../registry/workspace.ts'
import { validateSales } from '../data/inputs.ts'
import type { SalesAgain } from './forecast-again.ts'
import { type ProductionInput, type ProductionSeen, salesAgain } from './read-production.ts'

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
  const origin = heaviest(seen, blocks)
  if (origin?.forecasts.from !== 'published') return undefined
  const { id } = origin.forecasts
  const bySalesOfToday = await against(seen, origin)
  if (!bySalesOfToday) return undefined
  if (bySalesOfToday.otherwise === 0) return { id, outcome: 'same', ...bySalesOfToday }
  const tree = seen.publications.find((one) => one.id === id)?.record.basis?.data
  const own = tree && (await withSales(input, tree, (sales) => against(seen, origin, sales)))
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
): ProductionOrigin | undefined {
  const measured = blocks.flatMap((block, i) => {
    const of = seen.blocks[i]
    return block.outcome === 'cannot tell' || of.outcome === 'no forecasts'
      ? []
      : [{ logRatio: block.logRatio, origin: of.origin }]
  })
  const sorted = measured.map(({ logRatio }) => logRatio).sort((a, b) => a - b)
  const median = sorted[sorted.length >> 1]
  const [first] = measured
    .filter(({ origin }) => origin.forecasts.from === 'published')
    .sort((a, b) => Math.abs(b.logRatio - median) - Math.abs(a.logRatio - median))
  return first?.origin
}

async function against(
  { forecastAgain }: ProductionSeen,
  { rows, model }: ProductionOrigin,
  sales?: SalesAgain,
): Promise<ReturnType<typeof publishedAgainst> | undefined> {
  const made = await forecastAgain(rows, sales)
  return 'problem' in made ? undefined : publishedAgainst(model, made, rows.horizon)
}

/**
 * Calls `use` with the sales of a tree that stood on the branch in production; undefined where it never
 * did, this clone lacks it, or they cannot be read.
 */
async function withSales<T>(
  { options, base }: ProductionInput,
  tree: string,
  use: (sales: SalesAgain) => Promise<T>,
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
      const kept = { keep: false }
      const sales = await validateSales({ ...options, ...laidOut }, kept)
      if (sales.outcome === 'invalid') return undefined
      const { totals, plan, contract } = sales
      const history = openHistory(totals, sales)
      return await use(
        salesAgain({ ...options, ...laidOut }, contract, { totals, plan, history }, kept),
      )
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
