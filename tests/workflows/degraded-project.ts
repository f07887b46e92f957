import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { seededRandom } from '../../src/base/random.ts'
import { POLICY } from '../../src/registry/manifest.ts'
import {
  mondayAfter,
  morningAfter,
  publishAfter,
} from '../integration/monitoring/monitored-shop.ts'
import { REPOSITORY } from '../project.ts'
import { commitAll, put } from '../repository.ts'
import { dataFiles, productIds, recipe, type Sale } from '../shop.ts'
import { type ProjectOnGitHub, projectOnGitHub } from './project-on-github.ts'
import { BETTER } from './sample-projects.ts'

/** So many weeks the version in production has learnt from, and so many it has been there. */
const LEARNT = 104
const LIVED = 6

/** Weeks of a year in which there is a fair: again in the fifth and sixth week of production. */
const FAIR = [4, 5]

const SALES = productIds(12).flatMap(salesOf)

/**
 * A product that sells the same, but for a little chance, for twenty weeks, and then much more or much
 * less: a few weeks tell what it sells now, and two years do not. What it sells at the fair, a year
 * ago tells, and no moving average.
 */
function salesOf(product: string, index: number): Sale[] {
  const random = seededRandom(index)
  return Array.from({ length: LEARNT + LIVED }, (_, week) => {
    const level = Math.floor((week + 4 * index) / 20) % 2 === 0 ? 150 : 25
    const expected = FAIR.includes(week % 52) ? 120 : level
    const units = Math.round(expected * (0.9 + 0.2 * random()))
    return { product, category: ['bakery', 'dairy'][index % 2], day: mondayAfter(week), units }
  })
}

/** The sales of the week that shows it: the sixth since the promotion. */
export const WEEK_THAT_SHOWS_IT = salesAfter(LIVED)

/**
 * A long moving average has been in production for some weeks; forecasts were published at the start
 * of each, and the sales of all but the last have come. It is worse than it promised: seasonal naive
 * knows of the fair. The recipe on main is better, by what sold before.
 */
export async function degradedProject(): Promise<ProjectOnGitHub> {
  const policy = await readFile(join(REPOSITORY, POLICY), 'utf8')
  const files = {
    ...salesAfter(0),
    'ordering.yml': 'defaults: { leadTime: 2, reviewPeriod: 7 }\n',
    'project.yml': 'timeZone: UTC\nlanguage: en\n',
    [POLICY]: policy.replace(/wreckYears: .*/, 'wreckYears: 25'),
    ...BETTER,
  }
  return await projectOnGitHub(files, {
    baseline: recipe('moving-average: { window: 80 }'),
    promotedAt: morningAfter(LEARNT),
    lived: live,
  })
}

async function live(project: string): Promise<void> {
  for (let week = 0; week < LIVED; week++) {
    await put(project, salesAfter(week))
    await commitAll(project, 'Add sales', morningAfter(LEARNT + week))
    await publishAfter(project, LEARNT + week)
  }
}

function salesAfter(weeks: number): Record<string, string> {
  return dataFiles(SALES.filter(({ day }) => day < mondayAfter(LEARNT + weeks)))
}
