import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { REPOSITORY } from '../project.ts'
import { dataFiles, productIds, salesOf } from '../shop.ts'
import { projectOnGitHub } from './project-on-github.ts'
import { SALES, SHARED } from './sample-projects.ts'

it('shares the fits among jobs, loses one of them, and promotes what a laptop would', async () => {
  const project = await projectOnGitHub({ ...SALES, ...SHARED, ...(await losing(2)) })
  const retrained = await project.schedule('retrain')
  const { train, finish, promote, record } = retrained.jobs
  const all = { train, finish, promote, record }
  expect(new Set(Object.values(all)), retrained.log).toEqual(new Set(['success']))
  // act takes a matrix for failed where one of its jobs is: what they have handed over tells them apart.
  expect(retrained.log).toMatch(/Uploaded \d+ files as shard-1/)
  expect(retrained.log).not.toMatch(/Uploaded \d+ files as shard-2/)
  expect(retrained.log).toMatch(/Uploaded \d+ files as shard-3/)
  // Of one model, all jobs are handed the same sales.
  expect(retrained.log.match(/Uploaded \d+ files as sales-\w+/g)).toEqual([
    'Uploaded 1 files as sales-all',
  ])
  expect(retrained.summary).toMatch(/3 jobs share the fits, .* billed, by estimate/)
  expect(retrained.summary).toMatch(/4 jobs took .* billed\. The estimate was/)
  expect(retrained.summary).toMatch(/Job 2 has handed nothing over in time/)
  const [number] = await project.openPullRequests()
  const { promotion } = await project.pullRequest(number)
  expect(promotion.jobs, promotion.log).toEqual({ verify: 'success' })

  // What is known by then, the next retraining of the same sales does not share.
  const again = await project.schedule('retrain')
  expect(again.jobs, again.log).toMatchObject({ train: 'success', fit: 'skipped' })
  expect(again.summary).toMatch(/all are known from before/)
})

it('answers a push with one verdict, whatever each job has fitted of its store or of all', async () => {
  const project = await projectOnGitHub({ ...CHAIN, ...SHARED })
  const inParts = { 'recipe.yml': `${SHARED['recipe.yml']}partition: store\n` }
  const { experiment } = await project.push('shared', inParts)
  expect(experiment.log.match(/Uploaded \d+ files as sales-\w+/g)?.sort()).toEqual([
    'Uploaded 1 files as sales-1',
    'Uploaded 1 files as sales-2',
    'Uploaded 1 files as sales-all',
  ])
  for (const shard of [1, 2, 3]) {
    expect(experiment.log).toMatch(new RegExp(`Uploaded \\d+ files as shard-${shard}`))
  }
  expect(experiment.jobs, experiment.log).toMatchObject({
    finish: 'success',
    report: 'success',
    all: 'success',
  })
  expect(experiment.summary).toMatch(/better/i)
  // What a branch has fitted, main does not take over: it shares all of it again.
  const { summary } = await project.schedule('retrain')
  expect(summary).toMatch(/3 jobs share the fits/)
})

/** Two stores. */
const CHAIN = dataFiles(
  ['Centro', 'Norte'].flatMap((store, index) =>
    salesOf({ products: productIds(3), frequency: 'week', periods: 110, seed: index + 1 }).map(
      (sale) => ({ ...sale, store }),
    ),
  ),
)

/** The action that fits, in a project where the machine of one job is lost. */
async function losing(shard: number): Promise<Record<string, string>> {
  const file = 'actions/fit/main.ts'
  const main = await readFile(join(REPOSITORY, file), 'utf8')
  const lost = `if (process.env.INPUT_SHARD === '${shard}') process.exit(1)\n`
  return { [file]: main.replace('await run', `${lost}await run`) }
}
