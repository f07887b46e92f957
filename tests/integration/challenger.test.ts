import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { UserError } from '../../src/base/errors.ts'
import type { Policy } from '../../src/evaluation/gate/policy.ts'
import { openHistory } from '../../src/evaluation/search/history.ts'
import { type Fingerprint, readChallenger, writeChallenger } from '../../src/registry/challenger.ts'
import { noPlan } from '../../src/sales/plan/plan.ts'
import { compare } from '../../src/steps/model/compare.ts'
import { readComparison, writeComparison } from '../../src/steps/model/comparison-record.ts'
import { train } from '../../src/steps/model/train.ts'
import { historiesOf } from '../../src/steps/model/with-history.ts'
import { put, temporaryFolder } from '../repository.ts'
import { totalsOf } from '../unit/demand/totals.ts'
import { barePolicy } from '../unit/evaluation/examples.ts'
import { recipeOf, shopSales } from '../unit/evaluation/shop.ts'

const totals = totalsOf(shopSales(24))
const history = openHistory(totals)
const recipe = recipeOf({ families: { 'moving-average': {} } })
const fingerprint: Fingerprint = { data: 'd1', contract: 'c1', recipe: 'r1' }
const policy: Policy = { ...barePolicy, origins: 3, minimumOrigins: 2 }

const project = await temporaryFolder()
await put(project, { 'policy.yml': JSON.stringify(policy) })

const inputs = { project, data: join(project, 'data'), totals, plan: noPlan, recipe, fingerprint }
const histories = historiesOf({ totals, plan: noPlan, history })
const comparing = { inputs, histories, policy: join(project, 'policy.yml') }

describe('the folder of a challenger', () => {
  let out: string
  let files: Map<string, string>

  beforeAll(async () => {
    out = await temporaryFolder()
    await train({ inputs, histories, out })
    await compare({ ...comparing, out })
    const names = ['model.json', 'training.json', 'comparison.json']
    const texts = await Promise.all(names.map((name) => readFile(join(out, name), 'utf8')))
    files = new Map(names.map((name, i) => [name, texts[i]]))
  })

  async function folderWith(changes: Record<string, string>): Promise<string> {
    const folder = await temporaryFolder()
    for (const [name, text] of Object.entries({ ...Object.fromEntries(files), ...changes })) {
      await writeFile(join(folder, name), text)
    }
    return folder
  }

  const textOf = (name: string) => files.get(name)!
  const readAll = async (folder: string) =>
    await readComparison(folder, (await readChallenger(folder)).training.model)

  it('gives back what was trained and compared', async () => {
    const { evaluation } = await readAll(await folderWith({}))
    expect(evaluation.challenger.model).toBe('moving-average (window 8)')
    expect(evaluation.origins).toHaveLength(3)
  })

  it('with a model of another training is refused: train again', async () => {
    const other = await temporaryFolder()
    await train({ inputs: { ...inputs, recipe: recipeOf() }, histories, out: other })
    const folder = await folderWith({
      'model.json': await readFile(join(other, 'model.json'), 'utf8'),
    })
    await expect(readChallenger(folder)).rejects.toThrow(/Run cd4ml train again/)
  })

  it('with a comparison of another model is refused: compare again', async () => {
    const folder = await folderWith({})
    await train({ inputs: { ...inputs, recipe: recipeOf({ horizon: 2 }) }, histories, out: folder })
    await expect(readAll(folder)).rejects.toThrow(/Run cd4ml compare/)
  })

  it('trained on other data is not compared', async () => {
    const folder = await folderWith({})
    const changed = { ...inputs, fingerprint: { ...fingerprint, data: 'd2' } }
    const compared = compare({ ...comparing, inputs: changed, out: folder })
    await expect(compared).rejects.toThrow(/trained with another data.*cd4ml train again/s)
  })

  it.each(['model.json', 'training.json', 'comparison.json'])(
    'is refused wherever %s is cut off or empty, not read in part',
    async (name) => {
      const text = textOf(name)
      for (let end = 0; end < text.length - 2; end += Math.ceil(text.length / 12)) {
        const folder = await folderWith({ [name]: text.slice(0, end) })
        await expect(readAll(folder)).rejects.toThrow(UserError)
      }
    },
  )

  it.each([
    ['training.json', 'a list of candidates without names', /"name": "[^"]*"/, '"nom": "x"'],
    ['training.json', 'a loss in words', /"loss": [\d.]+/, '"loss": "low"'],
    ['training.json', 'a lineage of nothing', /"search"/, '"lineage": {}, "search"'],
    ['training.json', 'a prototype', /"fingerprint": \{/, '"fingerprint": {"__proto__": {"x": 1},'],
    ['comparison.json', 'another verdict', /"not distinguishable"|"better"|"worse"/, '"best"'],
    ['comparison.json', 'no metrics', /"metrics": \{/, '"numbers": {'],
    ['comparison.json', 'an infinite metric', /"wape": [\d.]+/, '"wape": 1e999'],
  ])('is refused where %s holds %s', async (name, _what, from, to) => {
    const text = textOf(name)
    expect(text).toMatch(from)
    await expect(readAll(await folderWith({ [name]: text.replace(from, to) }))).rejects.toThrow(
      UserError,
    )
  })

  it('is not written over by a model or a comparison that could not be read again', async () => {
    const folder = await folderWith({})
    const { model, training } = await readChallenger(folder)
    const [member] = model.members
    const halved = { ...model, members: [{ ...member, weight: 0.5 }] }
    await expect(writeChallenger(folder, halved, training)).rejects.toThrow(
      /model\.json was made, but could not be read again: .*weights that add up to 1/s,
    )
    const comparison = await readComparison(folder, training.model)
    const { evaluation } = comparison
    const broken = { ...evaluation, rows: -1 }
    await expect(writeComparison(folder, { ...comparison, evaluation: broken })).rejects.toThrow(
      /comparison\.json was made, but could not be read again: .*rows/s,
    )
    for (const [name, text] of files) {
      expect(await readFile(join(folder, name), 'utf8'), name).toBe(text)
    }
  })

  it('is asked for where it is missing', async () => {
    const empty = await temporaryFolder()
    await expect(readChallenger(empty)).rejects.toThrow(/Run cd4ml train/)
    await train({ inputs, histories, out: empty })
    await expect(readAll(empty)).rejects.toThrow(/Run cd4ml compare/)
  })
})
