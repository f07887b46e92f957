import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { alignedColumns } from '../src/reporting/aligned-columns.ts'
import type { Found } from './accuracy.ts'

/** What a model reached on a dataset, ours or a peer. */
export type Reached = Pick<Found, 'dataset' | 'model' | 'seconds' | 'metrics'>

/** A model against the best peer of a dataset, which is picked with hindsight for each measure. */
export type Ratios = { dataset: string; quantileLoss: Ratio; wape: Ratio }

type Ratio = { ours: number; peer: string; theirs: number }

/** What `accuracy-peers.py` wrote of a dataset; nothing where it was not run on it. */
export async function readPeers(folder: string, dataset: string): Promise<Reached[]> {
  try {
    const peers = JSON.parse(await readFile(join(folder, `${dataset}.json`), 'utf8')) as Reached[]
    return peers.map((peer) => ({ ...peer, model: `peer: ${peer.model}` }))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/**
 * The quantile loss and the WAPE of the median, which is the forecast of least absolute error, each
 * beside that of the best peer. A peer's WAPE is that of its mean or of its median, whichever is less.
 */
export function ratiosOf({ dataset, metrics }: Reached, peers: Reached[]): Ratios {
  const against = (ours = Number.NaN, of: (peer: Reached) => number | undefined): Ratio => {
    const known = peers.filter((peer) => of(peer) !== undefined)
    const best = known.reduce((a, b) => (of(b)! < of(a)! ? b : a))
    return { ours, peer: best.model, theirs: of(best)! }
  }
  return {
    dataset,
    quantileLoss: against(
      metrics.weightedQuantileLoss,
      (peer) => peer.metrics.weightedQuantileLoss,
    ),
    wape: against(metrics.medianWape, ({ metrics: { wape, medianWape = wape } }) =>
      wape === undefined ? undefined : Math.min(wape, medianWape!),
    ),
  }
}

export function tableOfRatios(all: Ratios[]): string {
  const measures = ['quantileLoss', 'wape'] as const
  const geometricMean = (measure: (typeof measures)[number]) =>
    Math.exp(all.reduce((sum, of) => sum + Math.log(ratio(of[measure])), 0) / all.length)
  return alignedColumns({
    headers: ['against the best peer', 'quantile loss', '', 'WAPE of the median', ''],
    rows: [
      ...all.map((of) => [
        of.dataset,
        ...measures.flatMap((measure) => [ratio(of[measure]).toFixed(3), of[measure].peer]),
      ]),
      ['geometric mean', ...measures.flatMap((measure) => [geometricMean(measure).toFixed(3), ''])],
    ],
  })
}

function ratio({ ours, theirs }: Ratio): number {
  return ours / theirs
}
