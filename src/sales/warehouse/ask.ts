import { askDuckdb } from './ask-duckdb.ts'
import { askPostgres } from './ask-postgres.ts'
import { askProgram } from './ask-program.ts'
import type { Ask } from './question.ts'
import type { Source } from './source.ts'

export function askOf({ engine, resource }: Source): Ask {
  switch (engine.kind) {
    case 'postgresql':
      return askPostgres(engine)
    case 'duckdb':
      return askDuckdb(engine)
    case 'program':
      return askProgram(engine, resource.fields)
  }
}
