import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalJson } from '../../src/base/canonical-json.ts'
import type { Evaluation } from '../../src/evaluation/gate/evaluation.ts'
import { asParent, newManifest, type Parent } from '../../src/registry/manifest.ts'
import { readWorkingVersion, type Version, versionBytes } from '../../src/registry/production.ts'
import type { Workspace } from '../../src/registry/recorded-code.ts'

/** Training and comparing in miniature: every file depends on all that a version is made from. */
export async function miniature(workspace: Workspace): Promise<Map<string, Uint8Array>> {
  const champion = await readWorkingVersion(workspace.folder)
  return versionBytes(await miniatureVersion(workspace, champion && asParent(champion.manifest)))
}

export async function miniatureVersion(
  { folder, reproduction }: Workspace,
  parent?: Parent,
  evaluation?: Evaluation,
): Promise<Version> {
  const { lineage, asOf } = reproduction
  const [node] = process.versions.node.split('.')
  const read = (path: string) => readFile(join(folder, path), 'utf8')
  const recipe = await read(lineage.recipe.path)
  const judged = evaluation ?? evaluationOf(recipe.trim())
  const hash = createHash('sha256').update(lineage.trainedOn)
  for (const file of [`${lineage.data.path}/sales/2026-09.csv`, lineage.contract.path]) {
    hash.update(await read(file))
  }
  const terms = lineage.ordering ? await read(lineage.ordering.path) : 'the usual terms'
  hash.update(recipe)
  const model = { learnt: hash.digest('hex'), asOf: asOf ?? null }
  const card = [
    `# ${judged.challenger.model}`,
    `Judged by ${await read(lineage.policy.path)} and ${terms}, after ${parent?.model}.`,
    `Made on ${lineage.trainedOn} and ${lineage.commit} with Node ${node}.`,
  ]
  const files = new Map<string, Uint8Array>([
    ['model.json', Buffer.from(`${JSON.stringify(model)}\n`)],
    ['evaluation.json', Buffer.from(canonicalJson(judged))],
    ['README.md', Buffer.from(`${card.join('\n\n')}\n`)],
    ['charts/wape.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>\n')],
  ])
  const manifest = newManifest(files, parent, {
    lineage,
    trainedThrough: '2026-09-30',
    ...(asOf && { asOf }),
    seed: 1,
    toolchain: { node, cd4ml: '0.1.0' },
  })
  return { manifest, files }
}

export function evaluationOf(
  model: string,
  decision: Evaluation['decision'] = {
    decision: 'promote',
    verdict: 'better',
    checks: [],
  },
): Evaluation {
  const contender = { model, metrics: { wape: 0.2 }, chosen: [] }
  return {
    format: 'cd4ml-evaluation/2',
    frequency: 'week',
    horizon: 4,
    levels: [0.1, 0.5, 0.9],
    origins: ['2026-08-31'],
    rows: 100,
    decidedBy: 'wape',
    confidence: 0.95,
    challenger: contender,
    baseline: contender,
    differences: {},
    segments: [],
    decision,
  }
}

/** The program that a project has in `src/`: the same miniature, or a training that fails. */
export const MINIATURE_PROGRAM = `import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { miniature } from ${JSON.stringify(import.meta.url)}

const [command, record, out] = process.argv.slice(2)
if (command !== 'reproduce') throw new Error('expected reproduce, but got ' + command)
const reproduction = JSON.parse(readFileSync(record!, 'utf8'))
if (readFileSync(reproduction.lineage.recipe.path).includes('broken')) {
  console.error('recipe.yml: families: must not be broken')
  process.exit(2)
}
for (const [name, bytes] of await miniature({ folder: '.', reproduction })) {
  const path = out!.replace('--out=', '') + '/' + name
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
}
`
