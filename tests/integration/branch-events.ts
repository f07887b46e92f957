import { git, gitBytes } from '../../src/base/git.ts'
import type { RecordedEvent } from '../../src/ledger/events/event.ts'
import { readEvents } from '../../src/ledger/events/event-files.ts'

/** The events in the files of the branch of the ledger; throws where anything is left out. */
export async function branchEvents(repository: string): Promise<RecordedEvent[]> {
  const files = {
    names: async (folder: string) => {
      const listed = await git(repository, ['ls-tree', '--name-only', 'ledger', `${folder}/`])
      const paths = listed.split('\n').filter(Boolean)
      return paths.map((path) => path.slice(folder.length + 1))
    },
    read: (path: string) => gitBytes(repository, ['cat-file', 'blob', `ledger:${path}`]),
  }
  const { events, leftOut } = await readEvents(files)
  if (leftOut.length > 0) throw new Error(JSON.stringify(leftOut))
  return events
}
