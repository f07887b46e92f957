import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { SAMPLE_DATA } from '../src/registry/sample.ts'
import { newProject, REPOSITORY, SAMPLE } from './project.ts'
import { commitAll } from './repository.ts'

/** A fresh copy of the template, but with a recipe that takes a moment, and orders once a week. */
export async function quickTemplate(): Promise<string> {
  const project = await newProject({
    'recipe.yml': `frequency: week
horizon: 4
holidays: BR
search: { origins: 4 }
families: { exponential-smoothing: {} }
`,
    'ordering.yml': 'defaults: { leadTime: 2, reviewPeriod: 7, pack: 6 }\n',
  })
  for (const name of ['datapackage.json', 'sales']) {
    await cp(join(SAMPLE, name), join(project, 'data', name), { recursive: true })
  }
  await cp(join(REPOSITORY, SAMPLE_DATA), join(project, SAMPLE_DATA))
  await commitAll(project, 'Begin with the template')
  return project
}
