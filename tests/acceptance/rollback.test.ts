import { beforeAll, expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import { cd4ml, mergeProposal, newProject, succeed, succeedJson } from '../project.ts'
import { commitAll, copyOf, put } from '../repository.ts'
import { dataFiles, productIds, recipe, salesOf } from '../shop.ts'

const sales = salesOf({ products: productIds(6), frequency: 'week', periods: 110 })
const MODEL = 'model-registry/production/model.json'

/** Seasonal naive was in production first, the moving average is now. */
let project: string

beforeAll(async () => {
  project = await newProject({ ...dataFiles(sales), ...recipe('seasonal-naive: {}') })
  await succeed(project, ['train'])
  await succeed(project, ['compare'])
  await succeed(project, ['promote', '--baseline'])
  await mergeProposal(project)
  await put(project, recipe('moving-average: { window: [4, 8] }'))
  await commitAll(project, 'Try the moving average')
  await succeed(project, ['pipeline'])
  await mergeProposal(project)
})

it('shows which version was in production when, the newest first', async () => {
  const { periods } = await succeedJson(project, ['history'])
  expect(periods).toMatchObject([
    { version: 2, model: expect.stringMatching(/^moving-average/) },
    { version: 1, model: 'seasonal-naive', until: periods[0].since },
  ])
  expect(periods[0].until).toBeUndefined()
  const [, newest, oldest] = (await succeed(project, ['history'])).split('\n')
  expect(newest).toMatch(/^ *2 .* now .*moving-average/)
  expect(oldest).toMatch(/^ *1 .*seasonal-naive/)
})

it('brings an earlier model back, byte for byte, as a version that verify accepts', async () => {
  const back = await copyOf(project)
  const args = ['rollback', '--to', '1', '--reason', 'Fruit is forecast far too high']
  const { branch, manifest } = await succeedJson(back, args)
  expect(manifest).toMatchObject({ version: 3, restores: { version: 1 }, parent: { version: 2 } })
  expect((await succeedJson(back, ['verify'])).outcome).toBe('verified')
  expect(await git(back, ['diff', '--name-only', 'main', branch])).toMatch(
    /^(model-registry\/production\/.*\n)+$/,
  )
  await mergeProposal(back)
  expect(await git(back, ['rev-parse', `main:${MODEL}`])).toBe(
    await git(project, ['rev-parse', `main^1^1:${MODEL}`]),
  )
  expect(await succeed(back, ['history'])).toMatch(
    /version 1 again: Fruit is forecast far too high/,
  )
  expect((await cd4ml(back, ['forecast', '--all'])).stderr).toMatch(
    /version 3 in production: seasonal-naive/,
  )
})

it('goes back to nothing that never was in production', async () => {
  const { code, stderr } = await cd4ml(project, ['rollback', '--to=7', '--reason=Try'])
  expect(code).toBe(2)
  expect(stderr).toMatch(/version 7 was never in production on main\n.*1, 2/)
})
