import { createInterface } from 'node:readline'
import { openDatabase } from '../../../src/ledger/sql/database.ts'
import { sqlEventLog } from '../../../src/ledger/sql/sql-event-log.ts'
import { forecastEvent } from './recorded.ts'

// Appends an event for each key that it is told, as a request, and says the event's id once it is
// recorded. Killed by a test.

const log = sqlEventLog(await openDatabase(process.argv[2]))
for await (const key of createInterface(process.stdin)) {
  const event = forecastEvent({ product: key })
  const request = { owner: 'test', key, digest: key, answer: () => event.id }
  void log.append({ events: [event], request }).then((outcome) => {
    const id = outcome.outcome === 'repeated' ? outcome.answer : event.id
    process.stdout.write(`${key} ${id}\n`)
  })
}
