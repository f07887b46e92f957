import { expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import { cd4ml, mergeProposal, newProject, succeed, succeedJson } from '../project.ts'
import { commitAll, put, temporaryFolder } from '../repository.ts'
import { dataFiles, productIds, recipe, salesOf } from '../shop.ts'

it('makes the template yours with one command: your sales are forecast, and your first version is 1', async () => {
  const project = await templateWithSample()
  const outside = await temporaryFolder()
  const own = salesOf({ products: productIds(3), frequency: 'day', periods: 300, seed: 7 })
  const files = Object.entries(dataFiles(own)).filter(([path]) => path.endsWith('.csv'))
  await put(outside, Object.fromEntries(files.map(([path, text]) => [path, renamed(text)])))
  const [csv] = files.map(([path]) => `${outside}/${path}`)

  const said = await succeed(project, ['init', '--sales', csv, '--owners', '@maria'])
  expect(said).toContain('Forecasts are made by day, 14 days ahead')
  await commitAll(project, 'Start with our own sales')
  await put(project, recipe('seasonal-naive: {}'))
  await commitAll(project, 'Try the least of recipes first')
  await succeed(project, ['train'])
  await succeed(project, ['compare'])
  const { manifest } = await succeedJson(project, ['promote', '--baseline'])
  expect(manifest).toMatchObject({ version: 1 })
  expect(manifest.parent).toBe(undefined)
  expect(await succeedJson(project, ['verify'])).toMatchObject({ outcome: 'verified' })
  await mergeProposal(project)

  expect(
    await succeed(project, ['forecast', '--product', 'own P1', '--month', '2024-12']),
  ).toContain('own P1')
  const again = await cd4ml(project, ['init', '--sales', csv, '--owners', '@maria'])
  expect(again).toMatchObject({ code: 2, stdout: '' })
  expect(again.stderr).toContain('no fresh copy of the template')
})

/** With a model of the sample in production. */
async function templateWithSample(): Promise<string> {
  const sales = salesOf({ products: productIds(4), frequency: 'week', periods: 70 })
  const { 'data/datapackage.json': contract, ...csv } = dataFiles(sales)
  const sample = JSON.parse(contract)
  sample.cd4ml.sample = true
  const project = await newProject({
    ...csv,
    ...recipe('seasonal-naive: {}', { horizon: 10 }),
    'data/datapackage.json': JSON.stringify(sample),
    '.github/CODEOWNERS': '* @your-org/platform\n',
    'ordering.yml': 'defaults: { pack: 6 }\n',
    'README.md': '# cd4ml\n',
    'project.yml': 'timeZone: Europe/Lisbon\n',
  })
  await succeed(project, ['train'])
  await succeed(project, ['compare'])
  await succeed(project, ['promote', '--baseline'])
  await mergeProposal(project)
  expect(await git(project, ['ls-files', 'model-registry/production'])).not.toBe('')
  return project
}

function renamed(csv: string): string {
  return csv.replaceAll('"P', '"own P')
}
