import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../../base/errors.ts'
import { remembered } from '../../base/remembered.ts'
import { newScratch } from '../../base/scratch.ts'
import { contentText } from '../../ledger/content.ts'
import { subjectOf } from '../../ledger/events/subject.ts'
import { type LedgerFiles, type LeftOut, problemOf } from '../../ledger/ledger.ts'
import {
  type PublishedForecasts,
  publishedForecasts,
  publishedInParts,
} from '../../ledger/published-forecasts.ts'
import type { KnownPublication } from '../../monitoring/origins/known-publication.ts'
import type { MonitoredSales } from '../../monitoring/origins/monitored-sales.ts'
import type { BlockSpan, PublishedBlocks } from '../../monitoring/origins/production-blocks.ts'
import { requireSamePeriods } from '../../monitoring/origins/published-origin.ts'

export type PublishedBlocksInput = {
  ledger: LedgerFiles
  /** By the first period that they forecast, as `publicationsByStart` has them. */
  publications: ReadonlyMap<number, readonly KnownPublication[]>
  sales: Pick<MonitoredSales, 'parts' | 'partOf'>
  /** A folder for what other parts are going to ask for. */
  scratch: string
}

/**
 * What the ledger has of each block: the first publication that can be read. It is read once, when the
 * first part asks for it; what it says of the other parts waits on disk until they do.
 */
export async function publishedBlocks(input: PublishedBlocksInput): Promise<
  PublishedBlocks & {
    /** Publications that could not be read. */
    leftOut(): LeftOut[]
    close(): Promise<void>
  }
> {
  const { ledger, publications } = input
  const folder = await newScratch(input.scratch, 'published')
  const files = readAhead(ledger, publishedFiles(publications))
  const found = new Map<number, Promise<Found>>()
  const settled = new Map<number, Found>()
  const find = (span: BlockSpan) =>
    remembered(found, span.first, async () => {
      const one = await readBlock({ ...input, ledger: files, folder }, span)
      settled.set(span.first, one)
      return one
    })
  return {
    async of(span, part) {
      const { chosen } = await find(span)
      if (!chosen) return undefined
      const { publication, model, shadow } = chosen
      const { id, record } = publication
      return {
        forecasts: { from: 'published', id, at: record.at },
        published: await model.of(part),
        file: record.files.json,
        ...(shadow && {
          shadow: { of: shadow.of, published: await shadow.its.of(part), file: shadow.file },
        }),
      }
    },
    orphaned: ({ first }) => settled.get(first)?.chosen?.model.orphaned ?? 0,
    leftOut: () => [...settled].sort(([a], [b]) => a - b).flatMap(([, { leftOut }]) => leftOut),
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

type Found = {
  chosen?: {
    publication: KnownPublication
    model: Shares
    shadow?: { of: PublishedShadowOf; its: Shares; file: string }
  }
  leftOut: LeftOut[]
}

/** What a published file says of each part. */
type Shares = { of(part: number): Promise<PublishedForecasts>; orphaned: number }

type PublishedShadowOf = Omit<
  Extract<KnownPublication['record']['shadow'], { outcome: 'made' }>,
  'outcome' | 'json'
>

type Reading = Omit<PublishedBlocksInput, 'ledger'> & {
  ledger: Pick<LedgerFiles, 'read'>
  folder: string
}

async function readBlock(input: Reading, span: BlockSpan): Promise<Found> {
  const leftOut: LeftOut[] = []
  for (const publication of input.publications.get(span.first) ?? []) {
    const { id, record } = publication
    const file = `forecasts/${id}/record.json`
    try {
      const model = await sharesOf(input, span, record.files.json, record.series)
      const shadow = await shadowOf(input, span, record).catch((error) => {
        if (!(error instanceof UserError)) throw error
        // A shadow forecasts when production does, or is not compared with it.
        leftOut.push({ file, problem: `of the shadow: ${problemOf(error)}` })
        return undefined
      })
      return { chosen: { publication, model, ...(shadow && { shadow }) }, leftOut }
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      leftOut.push({ file, problem: problemOf(error) })
    }
  }
  return { leftOut }
}

async function shadowOf(
  input: Reading,
  span: BlockSpan,
  { shadow, series }: KnownPublication['record'],
) {
  if (shadow?.outcome !== 'made') return undefined
  const { outcome: _, json: file, ...of } = shadow
  return { of, its: await sharesOf(input, span, file, series), file }
}

async function sharesOf(
  { ledger, sales, folder }: Reading,
  span: BlockSpan,
  file: string,
  series: number,
): Promise<Shares> {
  if (sales.parts === 1) {
    // Asked for at once, and once more where it is checked: nobody holds those of a year.
    let read: PublishedForecasts | undefined = await publishedIn(ledger, file, series)
    requireSamePeriods(read, span.day, file)
    const orphaned = read.series.filter((it) => sales.partOf(subjectOf(it)) === undefined).length
    return {
      orphaned,
      async of() {
        const given = read ?? (await publishedIn(ledger, file, series))
        read = undefined
        return given
      },
    }
  }
  const of = publishedInParts(await textIn(ledger, file), file, sales.partOf)
  requireCount(of.series, series, file)
  requireSamePeriods(of.heading, span.day, file)
  const pathOf = (part: number) => join(folder, `${file.replaceAll('/', '-')}-${part}`)
  for (const [part, text] of of.parts) await writeFile(pathOf(part), text)
  const known = new Set(of.parts.keys())
  const { heading, others } = of
  return {
    orphaned: others,
    of: async (part) =>
      known.has(part)
        ? publishedForecasts(await readFile(pathOf(part), 'utf8'), file)
        : { ...heading, series: [] },
  }
}

/** What a record says was published. Throws a `UserError` where that is damaged. */
export async function publishedIn(
  ledger: Pick<LedgerFiles, 'read'>,
  file: string,
  series: number,
): Promise<PublishedForecasts> {
  const published = publishedForecasts(await textIn(ledger, file), file)
  requireCount(published.series.length, series, file)
  return published
}

async function textIn(ledger: Pick<LedgerFiles, 'read'>, file: string): Promise<string> {
  const bytes = await ledger.read(file)
  if (bytes === undefined) throw new UserError('is missing', { file })
  return contentText(file, bytes)
}

function requireCount(found: number, recorded: number, file: string): void {
  if (found === recorded) return
  throw new UserError(`holds ${found} series, but its record says ${recorded}`, { file })
}

/** The files that are read where none is damaged, in the order in which they are. */
function publishedFiles(byStart: ReadonlyMap<number, readonly KnownPublication[]>): string[] {
  const inOrder = [...byStart].sort(([a], [b]) => a - b)
  return inOrder.flatMap(([, [{ record }]]) => {
    const { files, shadow } = record
    return shadow?.outcome === 'made' ? [files.json, shadow.json] : [files.json]
  })
}

/**
 * The files of a ledger, of which some are going to be read, in this order: several are read at once,
 * since a program with much memory takes longer to start git than that to read them.
 */
function readAhead(ledger: LedgerFiles, order: readonly string[]): Pick<LedgerFiles, 'read'> {
  const ahead = new Map<string, ReturnType<LedgerFiles['read']>>()
  return {
    async read(path) {
      const at = order.indexOf(path)
      if (at >= 0 && !ahead.has(path)) {
        ahead.clear()
        for (const next of order.slice(at, at + AHEAD)) ahead.set(next, ledger.read(next))
        // One that cannot be read fails whoever asks for it, and nobody else.
        void Promise.allSettled(ahead.values())
      }
      return await (ahead.get(path) ?? ledger.read(path))
    },
  }
}

/** Each is some MB of a large chain. */
const AHEAD = 8
