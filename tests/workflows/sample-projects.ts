import { git } from '../../src/base/git.ts'
import { mergeProposal, succeed } from '../project.ts'
import { dataFiles, productIds, recipe, salesOf } from '../shop.ts'
import { type ProjectOnGitHub, projectOnGitHub } from './project-on-github.ts'

/** Six products in 110 weeks: enough for a verdict, and trained in a second. */
export const SALES = dataFiles(
  salesOf({ products: productIds(6), frequency: 'week', periods: 110 }),
)

/** What is in production in each project. */
export const NAIVE = recipe('seasonal-naive: {}')

/** What beats it. */
export const BETTER = recipe('moving-average: { window: [4, 8] }')

/** The same, whose fits three jobs share, however quick they are. */
export const SHARED = {
  'recipe.yml': `${BETTER['recipe.yml']}jobs: { above: 0, most: 3 }\n`,
}

/** Seasonal naive in production, and a recipe that trains it again. */
export async function newProjectOnGitHub(): Promise<ProjectOnGitHub> {
  return await projectOnGitHub({ ...SALES, ...NAIVE })
}

/** The moving average has replaced seasonal naive in production, as version 2. */
export async function promotedProjectOnGitHub(): Promise<ProjectOnGitHub> {
  const project = await projectOnGitHub({ ...SALES, ...BETTER })
  const { clone } = project
  await succeed(clone, ['pipeline'])
  await mergeProposal(clone)
  await git(clone, ['push', '--quiet', 'origin', 'main'])
  await git(clone, ['branch', '--quiet', '-D', 'promotion/demand'])
  return project
}
