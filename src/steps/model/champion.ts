import { relative } from 'node:path'
import { readVersion, readWorkingVersion, type Version } from '../../registry/production.ts'
import { isRepository, resolveBase } from '../../registry/repository.ts'
import type { ModelInputs } from '../data/inputs.ts'

/** What a challenger has to beat: the version in production, where it is of the same sales. */
export type Champion =
  | { state: 'in production'; version: Version }
  | { state: 'of other sales'; folder: string }
  | { state: 'none' }

/** Looks on the base branch; without a repository, in the working folder. */
export async function championFor(
  { project, data }: Pick<ModelInputs, 'project' | 'data'>,
  base?: string,
): Promise<Champion> {
  const version = (await isRepository(project))
    ? await readVersion(project, (await resolveBase(project, base)).commit)
    : await readWorkingVersion(project)
  if (!version) return { state: 'none' }
  const folder = version.manifest.lineage.data.path
  return relative(project, data) === folder
    ? { state: 'in production', version }
    : { state: 'of other sales', folder }
}
