import { Type } from 'typebox'
import { canonicalJson } from '../../base/canonical-json.ts'
import { checker, parseJson } from '../../base/schema.ts'
import { openObject } from '../../base/schema-parts.ts'
import { readBack } from '../../base/write-file.ts'
import { evaluationFrom } from '../../evaluation/gate/evaluation.ts'
import type { Model } from '../../forecasting/model.ts'
import { artifactFrom, largestPart, type ModelInParts } from '../../forecasting/model-in-parts.ts'
import type { Trained } from '../../registry/challenger.ts'
import { type Lineage, type Manifest, newManifest } from '../../registry/manifest.ts'
import type { OpenedParts } from '../../registry/model-parts.ts'
import type { Version } from '../../registry/production.ts'
import type { ComparisonRecord } from './comparison-record.ts'

export type VersionInput = {
  challenger: Trained
  comparison: Pick<ComparisonRecord, 'evaluation' | 'champion'>
  lineage: Lineage
  toolchain: Manifest['toolchain']
}

/**
 * The version that a challenger becomes, all its files and the manifest that lists them, as the
 * successor of the champion that it was compared with. The same input gives the same bytes: what
 * promotes and what makes a version again for its proof both call this.
 */
export async function makeVersion(input: VersionInput): Promise<Version> {
  // Drawing charts takes libraries that are slow to load, and few commands need them.
  const { modelCard } = await import('../../reporting/model-card.ts')
  const { challenger, comparison, lineage, toolchain } = input
  const { bytes, training } = challenger
  const { evaluation, champion } = comparison
  const artifact = challenger.kind === 'whole' ? challenger.model : challenger.parts.index
  const origin = {
    lineage,
    trainedThrough: artifact.trainedThrough,
    ...(training.fingerprint.asOf && { asOf: training.fingerprint.asOf }),
    seed: artifact.recipe.seed,
    toolchain,
  }
  const card = modelCard({
    version: (champion?.version ?? 0) + 1,
    origin,
    ...(champion && { parent: champion }),
    ...(await carded(challenger)),
    evaluation,
    search: training.search,
  })
  const evaluationBytes = Buffer.from(canonicalJson(evaluation))
  const files = new Map<string, Uint8Array>([
    ['model.json', bytes],
    ...(challenger.kind === 'parts' ? await filesOf(challenger.parts) : []),
    ['evaluation.json', evaluationBytes],
    ['README.md', Buffer.from(card.readme)],
    ...[...card.charts].map(([name, svg]) => [name, Buffer.from(svg)] as const),
  ])
  readBack('model.json', () => artifactFrom(bytes, 'model.json'))
  readBack('evaluation.json', () => evaluationFrom(evaluationBytes, 'evaluation.json'))
  return { manifest: newManifest(files, champion, origin), files }
}

/** Of a model in parts, what the largest of them can be asked stands for all. */
async function carded(challenger: Trained): Promise<{ model: Model; parts?: ModelInParts }> {
  if (challenger.kind === 'whole') return { model: challenger.model }
  const { index, load } = challenger.parts
  return { model: (await load(largestPart(index).name)).model, parts: index }
}

async function filesOf({ index, bytes }: OpenedParts): Promise<[string, Uint8Array][]> {
  const files: [string, Uint8Array][] = []
  for (const { file } of index.parts) files.push([file, await bytes(file)])
  return files
}

/** What a version is made with: a Node of this version, and the cd4ml whose `package.json` this is. */
export function toolchainOf(packageJson: string, node: string): Manifest['toolchain'] {
  const { version } = checkPackage(parseJson(packageJson, 'package.json'), 'package.json')
  return { node: node.split('.')[0], cd4ml: version }
}

const checkPackage = checker(openObject({ version: Type.String() }))
