import { afterAll, beforeAll, expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import { type FakeGitHub, startGitHub } from '../github/server.ts'
import { cd4ml, mergeProposal, newProject, succeed } from '../project.ts'
import { dataFiles, productIds, recipe, salesOf } from '../shop.ts'

let project: string
let server: FakeGitHub

beforeAll(async () => {
  const sales = salesOf({ products: productIds(3), frequency: 'week', periods: 60 })
  project = await newProject({
    ...dataFiles(sales),
    ...recipe('seasonal-naive: {}'),
    '.github/CODEOWNERS': '* @maria\n',
    '.github/workflows/retrain.yml': 'on: { schedule: [{ cron: "0 6 * * 1" }] }\n',
  })
  await succeed(project, ['train'])
  await succeed(project, ['compare'])
  await succeed(project, ['promote', '--baseline'])
  await mergeProposal(project)
  server = await startGitHub()
  await git(project, ['remote', 'add', 'origin', server.git])
  await git(project, ['push', '--quiet', 'origin', 'main'])
})

afterAll(() => server.close())

it('ends with 0 where nothing is to do, and says what it could not ask without a token', async () => {
  const { code, stdout } = await cd4ml(project, ['doctor'], { GITHUB_REPOSITORY: 'shop/demand' })
  expect(stdout).toContain('? access: there is no token to ask about shop/demand')
  expect(stdout).toMatch(/Nothing to do; 9 of 10 set up, 1 not known\.\n$/)
  expect(code).toBe(0)
})

it.each(['GITHUB_TOKEN', 'GH_TOKEN'])(
  'asks GitHub with %s, and ends with 1 where something is to do',
  async (variable) => {
    const { code, stdout, stderr } = await cd4ml(project, ['doctor'], {
      GITHUB_REPOSITORY: 'shop/demand',
      GITHUB_API_URL: server.url,
      [variable]: server.ownerToken,
    })
    expect([code, stderr]).toEqual([1, ''])
    expect(stdout).toContain('✗ required checks: not required to pass: ci, experiment, promotion')
    expect(stdout).toContain('https://github.com/shop/demand/settings/rules')
    expect(stdout).not.toContain(server.ownerToken)
    expect(server.unknown()).toEqual([])
  },
)

it('says where it looked in vain for the repository on GitHub', async () => {
  const { stdout } = await cd4ml(project, ['doctor'], { GITHUB_TOKEN: server.ownerToken })
  expect(stdout).toContain('? access: it is not known which repository this is on GitHub')
})
