import { relative } from 'node:path'
import { readVersion, readWorkingVersion, type Version } from '../../registry/production.ts'
import { isRepository, resolveBase } from '../../registry/repository.ts'
import type { ModelInputs } from '../data/inputs.ts'

export type Champion = {
  /** What is in production; absent where nothing is, or where it is of other sales. */
  production?: Version
  /** Folder of the sales of what is in production, where those are others. */
  championOf?: string
}

/**
 * The version in production on the base branch; without a repository, that of the working folder.
 * A version made of other data is no champion for these.
 */
export async function championFor(
  { project, data }: Pick<ModelInputs, 'project' | 'data'>,
  base?: string,
): Promise<Champion> {
  const version = (await isRepository(project))
    ? await readVersion(project, (await resolveBase(project, base)).commit)
    : await readWorkingVersion(project)
  if (!version) return {}
  const own = version.manifest.lineage.data.path
  return relative(project, data) === own ? { production: version } : { championOf: own }
}
