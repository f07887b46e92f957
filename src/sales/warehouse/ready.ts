import { checkDuckdb } from './ask-duckdb.ts'
import { checkPostgres } from './ask-postgres.ts'
import { checkProgram } from './ask-program.ts'
import type { WarehouseQuestion } from './question.ts'
import type { Source } from './source.ts'

/** Where a source would be asked from. */
export type AskingFrom = Pick<WarehouseQuestion, 'folder' | 'project' | 'environment'>

/**
 * Whom a source asks, in a few words, once all that it needs here is there. Asks nobody. Throws a
 * `UserError` where a query or a program is missing, or what it names cannot be right.
 */
export async function readyToAsk({ engine }: Source, from: AskingFrom): Promise<string> {
  switch (engine.kind) {
    case 'postgresql':
      return await checkPostgres(engine, from)
    case 'duckdb':
      return await checkDuckdb(engine, from)
    case 'program':
      return await checkProgram(engine, from)
  }
}
