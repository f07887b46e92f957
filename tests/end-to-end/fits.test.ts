import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { projectFits } from '../../src/steps/model/with-history.ts'
import { cd4ml, newProject } from '../project.ts'
import { copyOf } from '../repository.ts'
import { dataFiles, productIds, recipe, salesOf } from '../shop.ts'
import { runStep } from './action-steps.ts'

let project: string

beforeAll(async () => {
  const sales = salesOf({ products: productIds(6), frequency: 'week', periods: 90 })
  project = await newProject({
    ...dataFiles(sales),
    ...recipe('moving-average: { window: [4, 8] }'),
  })
})

describe.each([
  ['commands', (folder: string, step: string) => cd4ml(folder, [step])],
  ['actions', (folder: string, step: string) => runStep(folder, step)],
])('the %s', (_, run) => {
  it('hand what train has fitted to compare', async () => {
    const [folder, other] = [await copyOf(project), await copyOf(project)]
    expect(await run(folder, 'train')).toMatchObject({ code: 0 })
    expect(await run(folder, 'compare')).toMatchObject({ code: 0 })
    expect(await run(other, 'train')).toMatchObject({ code: 0 })
    await tripleFits(other)
    expect(await run(other, 'compare')).toMatchObject({ code: 0 })
    // With wrong fits in their place, what they say can only come from there.
    expect(await evaluationIn(other)).not.toEqual(await evaluationIn(folder))
  })

  it('fit nothing when they run again, and come to the same', async () => {
    const folder = await copyOf(project)
    const both = async () => {
      for (const step of ['train', 'compare']) await run(folder, step)
      return [await evaluationIn(folder), (await readdir(join(folder, FITS))).sort()]
    }
    expect(await both()).toEqual(await both())
  })
})

const FITS = '.cd4ml/fits'

async function tripleFits(folder: string): Promise<void> {
  const fits = projectFits(folder)
  for (const key of await readdir(join(folder, FITS))) {
    const fit = await fits.get(key)
    if (!fit) throw new Error(`${key} is no fit`)
    await fits.put(key, { ...fit, mean: fit.mean.map((units) => 3 * units) })
  }
}

async function evaluationIn(folder: string): Promise<unknown> {
  const file = join(folder, '.cd4ml/challenger/comparison.json')
  return JSON.parse(await readFile(file, 'utf8')).evaluation
}
