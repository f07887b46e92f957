import { posix } from 'node:path'
import { UserError } from '../base/errors.ts'
import { GitError, git } from '../base/git.ts'
import type { Recipe } from '../forecasting/recipe.ts'
import { contractFrom } from '../sales/contract/contract.ts'
import { isLike } from '../sales/sources/data-files.ts'
import type { Lineage, Manifest } from './manifest.ts'
import { readObjects } from './objects.ts'

/** Lines of files, as git counts them: one that was corrected is one removed and one added. */
export type ChangedLines = { files: number; added: number; removed: number }

/** Of the sales, and of the plan where it has changed. */
export type DataChange = ChangedLines & { plan?: ChangedLines }

/** A version of the model, and the recipe in its artifact. */
export type VersionMade = { manifest: Manifest; recipe: Recipe }

/** The version in production, and how the data has changed since; absent where git cannot say. */
export type Replaced = VersionMade & { data?: DataChange }

/**
 * How the sales and the plan of one lineage differ from those of another. Undefined where git cannot
 * say: a clone that lacks the older ones, or files that it takes for binary.
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
    const counts = lines.map((line): Counts => {
      const [added, removed, ...path] = line.split('\t')
      return { added: Number(added), removed: Number(removed), path: path.join('\t') }
    })
    if (counts.some(({ added }) => Number.isNaN(added))) return undefined
    const isPlan = await planPaths(repo, [from, to])
    const plan = counts.filter(({ path }) => isPlan(path))
    const sales = changedLines(counts.filter(({ path }) => !isPlan(path)))
    return { ...sales, ...(plan.length > 0 && { plan: changedLines(plan) }) }
  } catch (error) {
    if (error instanceof GitError) return undefined
    throw error
  }
}

type Counts = { added: number; removed: number; path: string }

function changedLines(counts: Counts[]): ChangedLines {
  return {
    files: counts.length,
    added: counts.reduce((sum, { added }) => sum + added, 0),
    removed: counts.reduce((sum, { removed }) => sum + removed, 0),
  }
}

/** Whether a file of the data folder is of the plan by one of the contracts, as far as they can be read. */
async function planPaths(repo: string, lineages: Lineage[]): Promise<(path: string) => boolean> {
  const names = lineages.map(({ contract }) => contract.object)
  const patterns = (await readObjects(repo, names)).flatMap((content) => {
    if (content === undefined) return []
    try {
      return contractFrom(content.toString(), CONTRACT).plan?.resource.paths ?? []
    } catch (error) {
      if (error instanceof UserError) return []
      throw error
    }
  })
  return (path) =>
    patterns.some((pattern) => {
      const plain = posix.normalize(pattern)
      return (
        posix.dirname(path) === posix.dirname(plain) &&
        isLike(posix.basename(path), posix.basename(plain))
      )
    })
}

const CONTRACT = 'datapackage.json'
