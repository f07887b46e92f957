import { quoted, UserError } from '../../base/errors.ts'
import { firstOf } from '../../base/first-of.ts'
import { largestPart, type ModelInParts } from '../../forecasting/model-in-parts.ts'
import type { MonitoredPart, MonitoredSales } from '../../monitoring/origins/monitored-sales.ts'
import type { OpenedArtifact } from '../../registry/model-parts.ts'
import type { Plan } from '../../sales/plan/plan.ts'
import { planOfPart } from '../../sales/plan/plan-of-part.ts'
import { type DailyTotals, seriesId } from '../../sales/totals/daily-totals.ts'
import { releaseTotals } from '../../sales/totals/merged-totals.ts'
import { partOfPieces, salesOfChain } from '../../sales/totals/parts.ts'
import type { ModelSales } from '../data/inputs.ts'
import type { SalesInParts } from '../data/sales-in-parts.ts'

/** The sales by which a model, whole or in parts, is monitored. */
export async function monitoredSales(
  artifact: OpenedArtifact,
  sales: ModelSales,
  plan: Plan,
): Promise<MonitoredSales> {
  if (!sales.parts) return salesTogether(sales.totals, plan)
  if (artifact.kind === 'whole') throw new Error('sales in parts, of a model that is in none')
  return await salesInParts(sales.parts, artifact.parts.index, plan)
}

function salesTogether(totals: DailyTotals, plan: Plan): MonitoredSales {
  const known = new Set(totals.series.map(seriesId))
  const whole: MonitoredPart = { index: 0, totals, plan, partedBy: new Map() }
  return {
    chain: salesOfChain(totals),
    plan,
    parts: 1,
    partOf: (series) => (known.has(series) ? 0 : undefined),
    each: async (look, only) => (only?.has(0) === false ? [] : [await look(whole)]),
  }
}

async function salesInParts(
  sales: SalesInParts,
  index: ModelInParts,
  plan: Plan,
): Promise<MonitoredSales> {
  const groups = monitoredTogether(sales.names, index)
  const partOf = new Map<string, number>()
  const open = async (at: number): Promise<MonitoredPart> => {
    const partedBy = new Map<string, string>()
    const pieces: DailyTotals[] = []
    for (const name of groups[at]) {
      const piece = await sales.load(name)
      pieces.push(piece)
      for (const key of piece.series) partedBy.set(seriesId(key), name)
    }
    const totals = partOfPieces(pieces, sales.chain)
    return { index: at, totals, plan: planOfPart(plan, totals), partedBy }
  }
  for (const at of groups.keys()) {
    const { totals, partedBy } = await open(at)
    for (const series of partedBy.keys()) partOf.set(series, at)
    releaseTotals(totals)
  }
  return {
    chain: sales.chain,
    plan,
    parts: groups.length,
    partOf: (series) => partOf.get(series),
    async each(look, only) {
      const said: Awaited<ReturnType<typeof look>>[] = []
      for (const [at, names] of groups.entries()) {
        if (only?.has(at) === false) continue
        const part = await open(at)
        try {
          said.push(await look(part))
        } catch (error) {
          throw error instanceof UserError ? ofPart(error, names, index) : error
        }
        releaseTotals(part.totals)
      }
      return said
    },
  }
}

/**
 * The parts by their names, each by itself; those without a model beside the one whose model stands in
 * for them, as they are forecast.
 */
function monitoredTogether(names: readonly string[], index: ModelInParts): string[][] {
  const own = new Set(index.parts.map(({ name }) => name))
  const modelled = names.filter((name) => own.has(name))
  const others = names.filter((name) => !own.has(name))
  const { name: largest } = largestPart(index)
  const home = own.has(largest) && names.includes(largest) ? largest : modelled[0]
  if (home === undefined) return [others]
  return modelled.map((name) => (name === home ? [name, ...others] : [name]))
}

function ofPart(error: UserError, names: readonly string[], index: ModelInParts): UserError {
  const { partition } = index.recipe
  const { what, place, remedy } = error
  return new UserError(`of ${partition} ${firstOf(names.map(quoted))}: ${what}`, {
    ...place,
    ...(remedy && { remedy }),
    cause: error,
  })
}
