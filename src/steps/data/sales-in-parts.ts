import { createHash } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { canonicalJson } from '../../base/canonical-json.ts'
import { remembered } from '../../base/remembered.ts'
import { newScratch } from '../../base/scratch.ts'
import type { Plan } from '../../sales/plan/plan.ts'
import { type DailyTotals, inByteOrder } from '../../sales/totals/daily-totals.ts'
import type { KeptTotals } from '../../sales/totals/kept-totals.ts'
import { mergeTotals, releaseTotals } from '../../sales/totals/merged-totals.ts'
import {
  type PartedBy,
  partOfPieces,
  salesOfSlices,
  seriesByPart,
  totalsOfSeries,
} from '../../sales/totals/parts.ts'
import type { SlicedTotals } from '../../sales/totals/slices.ts'
import { totalsDigest } from '../../sales/totals/totals-digest.ts'
import { totalsOnDisk } from '../../sales/totals/totals-on-disk.ts'
import { requireParts } from './parted-by.ts'
import type { SlicedSales } from './validate.ts'

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
  /** The same sales in other parts, as another model parts them: one of these parts is held at a time. */
  repartitioned(by: PartedBy): Promise<OtherSales>
  /** Removes what was kept on disk for it. */
  close(): Promise<void>
}

/** Sales in parts, of which some are held together. */
export type OtherSales = {
  /** In the order of their bytes. */
  names: string[]
  /** What these of them sold, as if there had been no others. Read anew each time. */
  load(names: readonly string[]): Promise<DailyTotals>
  close(): Promise<void>
}

/**
 * Parts sales by what a recipe says, into a folder of its own below `folder`, slice by slice; then
 * each part is held once, for its digest. Of a new model (`isNew`), throws a `UserError` where that would
 * be no parts of a chain.
 */
export async function partSales(
  { columns, slices }: Pick<SlicedSales, 'columns' | 'slices'>,
  plan: Plan,
  {
    partition,
    by,
    folder,
    isNew = false,
  }: { partition: string; by: PartedBy; folder: string; isNew?: boolean },
): Promise<SalesInParts> {
  const own = await newScratch(folder, 'parts')
  const close = () => rm(own, { recursive: true, force: true })
  const chain = salesOfSlices(columns, slices)
  const fileOf = (part: number) => join(own, `${part}.totals`)
  const pieces = await piecesOf(slices, chain, by, join(own, 'pieces'))
  const { names } = pieces
  const digest = createHash('sha256').update(canonicalJson([partition, plan]))
  try {
    if (isNew) requireParts(partition, by, { parts: names.length, series: pieces.series })
    for (const [index, name] of names.entries()) {
      const part = await pieces.load([name])
      digest.update(JSON.stringify(name)).update(totalsDigest(part))
      await writeFile(fileOf(index), serialize(part))
      releaseTotals(part)
    }
  } catch (error) {
    await close()
    throw error
  } finally {
    await pieces.close()
  }
  const load = async (name: string): Promise<DailyTotals> =>
    deserialize(await readFile(fileOf(names.indexOf(name))))
  let others = 0
  return {
    partition,
    names,
    chain,
    digest: digest.digest('hex'),
    load,
    async loadAll() {
      const all: DailyTotals[] = []
      for (const name of names) all.push(await load(name))
      return mergeTotals(columns, all)
    },
    repartitioned: (by) =>
      piecesOf(partByPart(names, load), chain, by, join(own, `other-${others++}`)),
    close,
  }
}

async function* partByPart(names: string[], load: SalesInParts['load']) {
  for (const name of names) {
    const totals = await load(name)
    yield totals
    releaseTotals(totals)
  }
}

/** What each part has of each slice, on disk, in a file of its own. */
async function piecesOf(
  slices: SlicedTotals | AsyncIterable<DailyTotals>,
  chain: DailyTotals,
  by: PartedBy,
  path: string,
): Promise<OtherSales & { series: number }> {
  const store = totalsOnDisk(path)
  const pieces = new Map<string, KeptTotals[]>()
  let series = 0
  try {
    for await (const slice of slices) {
      series += slice.series.length
      for (const [name, own] of seriesByPart(slice, by)) {
        const piece = store.keep(totalsOfSeries({ ...slice, chain }, own))
        remembered(pieces, name, () => []).push(piece)
      }
    }
  } catch (error) {
    await store.close()
    throw error
  }
  return {
    names: [...pieces.keys()].sort(inByteOrder),
    series,
    async load(names) {
      const own = names.flatMap((name) => pieces.get(name) ?? [])
      return partOfPieces(
        own.map(({ series, load }) => load(0, series.length)),
        chain,
      )
    },
    close: store.close,
  }
}
