import { dayFromIso } from '../../../src/base/day.ts'
import { openDatabase } from '../../../src/ledger/sql/database.ts'
import { sqlEventLog } from '../../../src/ledger/sql/sql-event-log.ts'
import { accessPlugin } from '../../../src/service/access/access-plugin.ts'
import { folderSource } from '../../../src/service/engine/folder-source.ts'
import { openEngine } from '../../../src/service/engine/open-engine.ts'
import { buildServer } from '../../../src/service/server.ts'

/**
 * The API of a project's folder with its real parts, by a clock that the test sets, and without the
 * pages and what runs in the background. Whoever has it closes `app`, `engine` and `log`, in that order.
 */
export async function serviceParts({
  project,
  ledger,
  now,
}: {
  project: string
  /** As `--ledger`; a path in it is one in the project. */
  ledger: string
  now: () => Date
}) {
  const database = await openDatabase(ledger, project)
  const log = sqlEventLog(database, now)
  const today = async () => dayFromIso(now().toISOString().slice(0, 10))!
  const engine = await openEngine({
    source: folderSource(project, today),
    log: { info() {}, warn() {} },
  })
  const { settings } = engine
  const app = await buildServer({
    engine,
    log,
    settings,
    versions: async () => undefined,
    now,
    release: '0.1.0',
    access: accessPlugin({ database, now, settings }),
  })
  return { database, log, engine, app }
}
