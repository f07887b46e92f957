import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { cd4mlProcess, newProject } from '../project.ts'
import { copyOf, temporaryFolder } from '../repository.ts'
import { dataFiles, productIds, recipe, salesOf } from '../shop.ts'

it('gives the same model and forecasts to colleagues in Tokyo and Los Angeles', async () => {
  const sales = salesOf({ products: productIds(6), frequency: 'day', periods: 400 })
  const families =
    'moving-average: { window: 28 }, exponential-smoothing: {}, ridge: { penalty: [1, 10] }'
  const here = await newProject({
    ...dataFiles(sales),
    ...recipe(families, { frequency: 'day', horizon: 14 }),
  })
  const there = await copyOf(here)
  const [tokyo, losAngeles] = await Promise.all([
    work(here, { TZ: 'Asia/Tokyo', LANG: 'ja_JP.UTF-8' }),
    work(there, {
      TZ: 'America/Los_Angeles',
      LC_ALL: 'tr_TR.UTF-8',
      HOME: await temporaryFolder(),
    }),
  ])
  expect(tokyo.forecast.split('\n')).toHaveLength(1 + 6 * 14 + 1)
  expect(losAngeles).toEqual(tokyo)
})

async function work(project: string, env: Record<string, string>) {
  const train = await cd4mlProcess(project, ['train'], env)
  const forecast = await cd4mlProcess(project, ['forecast', '--all'], env)
  const file = (name: string) => readFile(join(project, '.cd4ml', 'challenger', name), 'utf8')
  return {
    said: train.stdout,
    forecast: forecast.stdout,
    model: await file('model.json'),
    training: await file('training.json'),
  }
}
