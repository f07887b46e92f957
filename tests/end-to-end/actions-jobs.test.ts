import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { cd4ml, newProject } from '../project.ts'
import { copyOf, put } from '../repository.ts'
import { dataFiles, productIds, recipe, salesOf } from '../shop.ts'
import { runStep } from './action-steps.ts'

const started = '2026-10-31T06:23:00Z'

it('hand fits from job to job, and say before and after what that comes to', async () => {
  const sales = salesOf({ products: productIds(4), frequency: 'week', periods: 60 })
  const text = recipe('moving-average: { window: [4, 8] }')['recipe.yml']
  const first = await newProject({
    ...dataFiles(sales),
    'recipe.yml': `${text}jobs: { above: 0, most: 2 }\n`,
  })
  const planned = await runStep(first, 'plan', { with: { started } })
  expect(planned).toMatchObject({
    code: 0,
    outputs: {
      outcome: 'planned',
      shards: '[{"shard":1,"sales":"all"},{"shard":2,"sales":"all"}]',
      sales: '["all"]',
    },
  })
  expect(planned.summary).toMatch(/^## Fits and jobs\n\n2 jobs share the fits, .* billed/)

  const last = await copyOf(first)
  await cp(join(first, '.cd4ml/jobs'), join(last, '.cd4ml/jobs'), { recursive: true })
  const fitted = await runStep(first, 'fit', { with: { shard: '1', started } })
  expect(fitted).toMatchObject({ code: 0, outputs: { fits: expect.stringMatching(/^[1-9]/) } })
  await cp(join(first, '.cd4ml/shard'), join(last, '.cd4ml'), { recursive: true })
  expect(await runStep(last, 'train')).toMatchObject({ code: 0 })

  const tallied = await runStep(last, 'tally', { with: { started } })
  expect(tallied).toMatchObject({ code: 0 })
  expect(Number(tallied.outputs['billed-minutes'])).toBeGreaterThanOrEqual(3)
  expect(tallied.summary).toContain('3 jobs took')
  expect(tallied.summary).toContain('Job 2 has handed nothing over in time')

  // What a lost job has left, or anybody else, is no record: it is left out.
  await put(last, { '.cd4ml/jobs/job-1.json': '{"format":"cd4ml-job/1","shard":2}' })
  const { summary } = await runStep(last, 'tally', { with: { started } })
  expect(summary).toContain('Jobs 1, 2 have handed nothing over')
})

it('share nothing where one job is enough, and where the sales are none', async () => {
  const sales = salesOf({ products: productIds(4), frequency: 'week', periods: 30 })
  const project = await newProject({ ...dataFiles(sales), ...recipe('moving-average: {}') })
  const planned = await runStep(project, 'plan', { with: { started } })
  expect(planned.outputs).toMatchObject({ outcome: 'planned', shards: '[]' })
  expect(planned.summary).toContain('This job makes all fits')
  expect((await cd4ml(project, ['plan'])).stdout).toMatch(/^This job makes all fits/)

  const [file] = Object.keys(dataFiles(sales))
  const broken = (await readFile(join(project, file), 'utf8')).replace('product', 'x')
  await put(project, { [file]: broken })
  const invalid = await runStep(project, 'plan', { with: { started } })
  expect(invalid).toMatchObject({ code: 1, outputs: { outcome: 'invalid', shards: '[]' } })
})

it('ask for the moment at which their job started', async () => {
  const project = await newProject({})
  const { code, log } = await runStep(project, 'tally', { with: { started: 'yesterday' } })
  expect(code).toBe(1)
  expect(log).toContain('input started must be a moment such as 2026-10-31T06:23:00Z')
})
