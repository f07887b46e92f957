import { rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../src/base/canonical-json.ts'
import { git, gitBytes } from '../../../src/base/git.ts'
import { calibrate } from '../../../src/forecasting/calibrate.ts'
import { LEVELS } from '../../../src/forecasting/levels.ts'
import { newIndex, partFile } from '../../../src/forecasting/model-in-parts.ts'
import { questionSchema } from '../../../src/forecasting/question-schema.ts'
import { appendTo } from '../../../src/github/ledger-branch.ts'
import type { RunRecord } from '../../../src/ledger/run-record.ts'
import { MOST_SHADOW_BYTES, shadowBytes, shadowPath } from '../../../src/ledger/shadow.ts'
import { digest } from '../../../src/registry/manifest.ts'
import { record } from '../../../src/steps/monitoring/record.ts'
import { put, temporaryFolder } from '../../repository.ts'
import { type Place, startPlace } from '../github-fixture.ts'
import { COMMIT, handOver, idAt, ownRun, WORKFLOW } from '../record-fixture.ts'
import { comparedRun } from './shadow-shop.ts'

const STARTED = '2026-11-02T09:30:00.000Z'

const MODEL = Buffer.from(
  canonicalJson({
    format: 'cd4ml-model/5',
    recipe: { frequency: 'week', horizon: 4, families: { 'seasonal-naive': {} } },
    members: [{ family: 'seasonal-naive', settings: {}, parameters: { season: 52 }, weight: 1 }],
    calibration: calibrate([], 4, LEVELS),
    series: ['a'],
    trainedThrough: '2026-10-25',
    inputs: questionSchema([]),
  }),
)

/** Where artifacts are taken over. */
let project: string
let place: Place

beforeEach(async () => {
  project = await temporaryFolder()
  place = await startPlace()
})

describe('a retraining that cannot tell its challenger from production', () => {
  it('leaves its model in the ledger, by the SHA-256 that the run names, and once however often it runs', async () => {
    const { id } = await compared(MODEL)
    expect((await recorded()).leftOut.runs).toEqual([])
    const path = shadowPath(digest(MODEL))
    const bytes = await gitBytes(place.server.git, ['show', `ledger:${path}`])
    expect(shadowBytes(path, bytes)).toEqual(MODEL)
    const said = JSON.parse(await git(place.server.git, ['show', `ledger:runs/${id}.json`]))
    expect(said.comparison.challenger.model).toBe(digest(MODEL))
    expect((await recorded()).outcome).toBe('unchanged')
    await compared(MODEL, { startedAt: '2026-11-02T09:40:00.000Z' })
    await recorded()
    expect(await kept()).toEqual([path])
  })

  it.each<[string, Partial<RunRecord>, string]>([
    ['was better', { verdict: 'better' }, 'main'],
    ['was worse', { verdict: 'worse' }, 'main'],
    ['is of a branch', {}, 'attack'],
    ['is not of a comparison', { kind: 'train' }, 'main'],
  ])('leaves none that %s', async (_, changes, branch) => {
    await compared(MODEL, changes, branch)
    expect(await recorded(branch)).toMatchObject({ outcome: 'appended', leftOut: { runs: [] } })
    expect(await kept()).toEqual([])
  })

  it.each<[string, () => Promise<void>, RegExp]>([
    ['is missing', async () => {}, /missing/],
    ['is another', () => model(Buffer.from(MODEL.toString().replace('52', '26'))), /not the model/],
    [
      'is a link',
      async () => {
        await put(project, { secret: MODEL, '.cd4ml/challenger/training.json': '{}' })
        await symlink(join(project, 'secret'), join(project, '.cd4ml/challenger/model.json'))
      },
      /link/,
    ],
    ['is larger than any', () => model(Buffer.alloc(MOST_SHADOW_BYTES + 1)), /at most/],
  ])(
    'is recorded all the same where its model %s, and says what is left out',
    async (_, handOverModel, why) => {
      const { id } = await compared(MODEL)
      await rm(join(project, '.cd4ml/challenger'), { recursive: true })
      await handOverModel()
      const { outcome, leftOut } = await recorded()
      expect(outcome).toBe('appended')
      expect(leftOut.runs).toEqual([
        { file: '.cd4ml/challenger/model.json', problem: expect.stringMatching(why) },
      ])
      await git(place.server.git, ['cat-file', '-e', `ledger:runs/${id}.json`])
      expect(await kept()).toEqual([])
    },
  )

  describe('in parts', () => {
    const PARTS = ['north', 'south'].map((name) => {
      const bytes = Buffer.from(MODEL.toString().replace('"a"', JSON.stringify(name)))
      return { name, file: partFile(name), bytes, sha256: digest(bytes), series: 1 }
    })
    const { recipe, trainedThrough } = JSON.parse(MODEL.toString())
    const named = PARTS.map(({ bytes: _, ...part }) => part)
    const partition = { ...recipe, partition: 'store' }
    const of = { parts: named, untrained: [] }
    const INDEX = Buffer.from(canonicalJson(newIndex(partition, of, trainedThrough)))
    const handOver = async (change: Record<string, string | Uint8Array> = {}) => {
      await compared(INDEX)
      const files = PARTS.map(({ file, bytes }) => [`.cd4ml/challenger/${file}`, bytes])
      await put(project, { ...Object.fromEntries(files), ...change })
    }

    it('leaves the index and each of its parts, by the SHA-256 that the index names', async () => {
      await handOver()
      expect((await recorded()).leftOut.runs).toEqual([])
      const paths = [INDEX, ...PARTS.map(({ bytes }) => bytes)].map((of) => shadowPath(digest(of)))
      expect(await kept()).toEqual(paths.sort())
    })

    it.each<[string, () => Promise<void>, RegExp]>([
      ['is missing', () => compared(INDEX).then(() => {}), /missing/],
      ['is another', () => handOver({ [`.cd4ml/challenger/${PARTS[1].file}`]: '{}' }), /not the/],
      [
        'is too large with the others',
        () => handOver({ [`.cd4ml/challenger/${PARTS[1].file}`]: Buffer.alloc(MOST_SHADOW_BYTES) }),
        /at most/,
      ],
    ])('leaves none of it where a part %s, and says so', async (_, changed, why) => {
      await changed()
      const { outcome, leftOut } = await recorded()
      expect(outcome).toBe('appended')
      expect(leftOut.runs).toMatchObject([{ problem: expect.stringMatching(why) }])
      expect(await kept()).toEqual([])
    })
  })

  it('keeps no model that this code cannot read', async () => {
    const strange = Buffer.from('{"format":"cd4ml-model/99"}')
    await compared(strange)
    expect((await recorded()).leftOut.runs).toMatchObject([
      { problem: expect.stringMatching(/format/) },
    ])
    expect(await kept()).toEqual([])
  })
})

/** As the job of a retraining hands over. */
async function compared(
  bytes: Uint8Array,
  changes: Partial<RunRecord> = {},
  branch = 'main',
): Promise<RunRecord> {
  await model(bytes)
  const startedAt = changes.startedAt ?? STARTED
  const ours = { id: idAt(startedAt), startedAt, workflow: WORKFLOW, branch, commit: COMMIT }
  const production = { version: 3, model: '9'.repeat(64) }
  return await handOver(project, comparedRun(bytes, production, { ...ours, ...changes }))
}

function model(bytes: Uint8Array): Promise<void> {
  return put(project, { '.cd4ml/challenger/model.json': bytes })
}

function recorded(branch = 'main') {
  return record(appendTo(place.github), {
    own: ownRun(project, branch),
    runs: join(project, '.cd4ml/runs'),
    challenger: join(project, '.cd4ml/challenger'),
    repository: 'https://github.com/shop/demand',
    language: 'en',
  })
}

/** The models in the ledger. */
async function kept(): Promise<string[]> {
  const listed = await git(place.server.git, ['ls-tree', '-r', '--name-only', 'ledger', 'content'])
  return listed.split('\n').filter(Boolean)
}
