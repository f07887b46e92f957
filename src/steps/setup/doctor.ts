import type { Day } from '../../base/day.ts'
import { unlessMistaken } from '../../base/errors.ts'
import type { GitHub } from '../../github/client.ts'
import { readContract } from '../../sales/contract/contract.ts'
import { inputsIn } from '../data/inputs.ts'
import type { Checkup } from './checkup.ts'
import { folderCheckups } from './folder-checkups.ts'
import { githubCheckups } from './github-checkups.ts'

export type DoctorInput = {
  /** Top folder of the repository. */
  project: string
  today: Day
  environment: NodeJS.ProcessEnv
  /** Why GitHub cannot be asked, where it cannot. */
  github: GitHub | { problem: string; remedy: string }
  onProgress?: (done: number, total: number) => void
}

/** What was looked at: in the folder, and on GitHub. */
export type CheckupGroup = { title: string; checkups: Checkup[] }

/** Looks at all that has to be set up for cd4ml to work by itself. Changes nothing. */
export async function doctor(input: DoctorInput): Promise<CheckupGroup[]> {
  const { project, today, environment, github, onProgress } = input
  const { contract } = inputsIn(project, today, { data: 'data' })
  // What is wrong with the contract is said of the sales.
  const read = await unlessMistaken(() => readContract(contract))
  const source = read?.source
  const options = { project, today, environment, source, ...(onProgress && { onProgress }) }
  return [
    { title: 'In this folder', checkups: await folderCheckups(options) },
    { title: 'On GitHub', checkups: await githubCheckups(github, today, read) },
  ]
}
