import { GitError, git } from '../base/git.ts'
import type { Recipe } from '../forecasting/recipe.ts'
import type { Lineage, Manifest } from './manifest.ts'

/** Lines of sales files, as git counts them: one that was corrected is one removed and one added. */
export type DataChange = { files: number; added: number; removed: number }

/** A version of the model, and the recipe in its artifact. */
export type VersionMade = { manifest: Manifest; recipe: Recipe }

/** The version in production, and how the sales have changed since; absent where git cannot say. */
export type Replaced = VersionMade & { data?: DataChange }

/**
 * How the sales of one lineage differ from those of another. Undefined where git cannot say: a
 * clone that lacks the older ones, or files that it takes for binary.
 */
export async function dataChange(
  repo: string,
  from: Lineage,
  to: Lineage,
): Promise<DataChange | undefined> {
  const trees = [from.data.object, to.data.object]
  const options = ['--numstat', '-z', '--no-renames', '--no-ext-diff', '--no-textconv']
  try {
    const output = await git(repo, ['diff', ...options, ...trees, '--', '.', ':(exclude)decisions'])
    const lines = output.split('\0').filter((line) => line !== '' && !line.endsWith('.json'))
    const counts = lines.map((line) => line.split('\t').slice(0, 2).map(Number))
    if (counts.flat().some(Number.isNaN)) return undefined
    const sum = (column: number) => counts.reduce((total, count) => total + count[column], 0)
    return { files: lines.length, added: sum(0), removed: sum(1) }
  } catch (error) {
    if (error instanceof GitError) return undefined
    throw error
  }
}
