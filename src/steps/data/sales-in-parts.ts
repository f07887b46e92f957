import { createHash } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { canonicalJson } from '../../base/canonical-json.ts'
import { newScratch } from '../../base/scratch.ts'
import type { Plan } from '../../sales/plan/plan.ts'
import type { DailyTotals } from '../../sales/totals/daily-totals.ts'
import { mergeTotals, releaseTotals } from '../../sales/totals/merged-totals.ts'
import {
  type PartedBy,
  salesOfChain,
  seriesByPart,
  totalsOfSeries,
} from '../../sales/totals/parts.ts'
import { totalsDigest } from '../../sales/totals/totals-digest.ts'

/** The sales of a chain, of which one part at a time is held in memory. */
export type SalesInParts = {
  /** By what they are parted, as the recipe says it. */
  partition: string
  /** The values that it has, in the order of their bytes. */
  names: string[]
  /** All sales as those of one series: their periods are those of the chain. */
  chain: DailyTotals
  /** SHA-256, in hex, of what models can learn from all parts: equal parts, equal data. */
  digest: string
  /** What one of them sold, as if there had been no others. Read anew each time. */
  load(name: string): Promise<DailyTotals>
  /** What all of them sold: as much memory as they take together. */
  loadAll(): Promise<DailyTotals>
  /** Removes what was kept on disk for it. */
  close(): Promise<void>
}

/**
 * Parts the sales by what a recipe says, into a folder of its own below `folder`, and gives the memory
 * of the totals back.
 */
export async function partSales(
  totals: DailyTotals,
  plan: Plan,
  { partition, by, folder }: { partition: string; by: PartedBy; folder: string },
): Promise<SalesInParts> {
  const own = await newScratch(folder, 'parts')
  const chain = salesOfChain(totals)
  const parts = [...seriesByPart(totals, by)]
  const names = parts.map(([name]) => name)
  const fileOf = (name: string) => join(own, `${names.indexOf(name)}.totals`)
  const digest = createHash('sha256').update(canonicalJson([partition, plan]))
  for (const [name, series] of parts) {
    const part = totalsOfSeries(totals, series)
    digest.update(JSON.stringify(name)).update(totalsDigest(part))
    await writeFile(fileOf(name), serialize(part))
    releaseTotals(part)
  }
  releaseTotals(totals)
  const load = async (name: string): Promise<DailyTotals> =>
    deserialize(await readFile(fileOf(name)))
  return {
    partition,
    names,
    chain,
    digest: digest.digest('hex'),
    load,
    async loadAll() {
      const all: DailyTotals[] = []
      for (const name of names) all.push(await load(name))
      return mergeTotals(chain.columns, all)
    },
    close: () => rm(own, { recursive: true, force: true }),
  }
}
