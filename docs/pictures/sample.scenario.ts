import { existsSync, globSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { SAMPLE, SAMPLE_ORDERING } from '../../tests/project.ts'
import { type ProjectOnGitHub, projectOnGitHub } from '../../tests/workflows/project-on-github.ts'

/** Of the sample: `cd4ml init` moves it along with the sales. */
const RECIPE = [SAMPLE, dirname(SAMPLE)]
  .map((folder) => join(folder, 'recipe.yml'))
  .find((file) => existsSync(file))!

/** What a data scientist tries, one branch each, before the recipe that ships. */
const TRIED = {
  'try-moving-average': 'moving-average: { window: [4, 8, 13] }',
  'try-exponential-smoothing': 'exponential-smoothing: {}',
}

/** As of a chain that has made them its own: the sample itself is not recorded, and not released. */
const CONTRACT = 'data/datapackage.json'

it('writes what GitHub shows of the sample sales on the way of a recipe into production', async () => {
  const shipped = await readFile(RECIPE, 'utf8')
  const naive = { 'recipe.yml': withFamily(shipped, 'seasonal-naive: {}') }
  const project = await projectOnGitHub({ ...(await sampleData()), ...naive }, { baseline: naive })
  for (const [branch, family] of Object.entries(TRIED)) {
    await project.push(branch, { 'recipe.yml': withFamily(shipped, family) })
  }
  const { experiment } = await project.push('better-recipe', { 'recipe.yml': shipped })
  expect(experiment.result, experiment.log).toBe('success')
  await save('summary', experiment.summary.slice(experiment.summary.indexOf('## Trained')))

  const { retrain } = await project.merge(await project.open('better-recipe', 'Try all families'))
  expect(retrain.result, retrain.log).toBe('success')
  const [promotion] = await project.openPullRequests()
  await save('pull-request', await pageOf(project, promotion))

  const { release } = await project.merge(promotion)
  expect(release.result, release.log).toBe('success')
  await save('leaderboard', (await project.read('ledger', 'README.md'))!)
})

async function sampleData(): Promise<Record<string, string>> {
  const names = ['datapackage.json', ...globSync('sales/*.csv', { cwd: SAMPLE })]
  const texts = names.map(async (name) => {
    return [`data/${name}`, await readFile(join(SAMPLE, name), 'utf8')] as const
  })
  const ordering = { 'ordering.yml': await readFile(SAMPLE_ORDERING, 'utf8') }
  const data = Object.fromEntries(await Promise.all(texts))
  const own = { [CONTRACT]: data[CONTRACT].replace('"sample": true,', '') }
  return { ...ordering, ...data, ...own }
}

function withFamily(recipe: string, family: string): string {
  return `${recipe.slice(0, recipe.indexOf('families:'))}families:\n  ${family}\n`
}

async function pageOf({ maria }: ProjectOnGitHub, number: number): Promise<string> {
  const { api, owner, repo } = maria
  const { data } = await api.rest.pulls.get({ owner, repo, pull_number: number })
  return `# ${data.title} #${number}\n\n${data.body}`
}

async function save(name: string, text: string): Promise<void> {
  await writeFile(join(import.meta.dirname, `${name}.md`), text)
}
