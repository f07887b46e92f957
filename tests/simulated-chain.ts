import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { SAMPLE_DATA } from '../src/registry/sample.ts'
import { liveOn, type SimulatedShift, type SimulatedWeek } from '../src/steps/simulation/live-on.ts'
import { newProject, REPOSITORY, SAMPLE } from './project.ts'
import { commitAll, temporaryFolder } from './repository.ts'

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

/**
 * So many weeks of a chain of twenty products that lives through the real steps, or fewer where all
 * that is asked about is over, and the folder of its project. A week costs a second or two of CPU, so
 * that a busy machine needs `LIVING_TIMEOUT`.
 */
export async function lived(
  weeks: number,
  {
    unforeseen = [],
    isOver = () => false,
  }: { unforeseen?: SimulatedShift[]; isOver?: (weeks: SimulatedWeek[]) => boolean } = {},
): Promise<{ folder: string; weeks: SimulatedWeek[] }> {
  const project = await quickTemplate()
  const folder = join(await temporaryFolder(), 'chain')
  const chain = liveOn({ project, folder, weeks, products: 20, buyer: 'follows', unforeseen })
  const known: SimulatedWeek[] = []
  for await (const week of chain) {
    known.push(week)
    if (isOver(known)) break
  }
  return { folder, weeks: known }
}

/** In milliseconds, for a test of a year. */
export const LIVING_TIMEOUT = 1_800_000

export function levelOf({ health: { standing } }: SimulatedWeek): string {
  return standing.outcome === 'judged' ? standing.level : standing.outcome
}
