import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { canonicalJson } from '../../base/canonical-json.ts'
import { UserError } from '../../base/errors.ts'
import { checker, parseJson } from '../../base/schema.ts'
import { object } from '../../base/schema-parts.ts'
import { readBack, writeWhole } from '../../base/write-file.ts'
import { Evaluation } from '../../evaluation/gate/evaluation.ts'
import { Lineage, Parent } from '../../registry/manifest.ts'
import { PendingComparison } from '../../registry/pending.ts'

/** `comparison.json`: who was compared, so that a promotion can tell whether it still holds. */
const ComparisonRecord = object({
  format: Type.Literal('cd4ml-comparison/1'),
  /** SHA-256 of the challenger's `model.json`. */
  challenger: Type.String(),
  champion: Type.Optional(Parent),
  /** Absent where some of what it follows from is not committed, or there is no repository. */
  lineage: Type.Optional(Lineage),
  evaluation: Evaluation,
  /** Of the version that waited then to follow the champion; absent where none did. */
  pending: Type.Optional(PendingComparison),
})
export type ComparisonRecord = Static<typeof ComparisonRecord>

/** Writes `comparison.json` into the folder of the challenger. */
export async function writeComparison(out: string, record: ComparisonRecord): Promise<void> {
  const text = canonicalJson(record)
  readBack('comparison.json', () => recordFrom(text, 'comparison.json'))
  await writeWhole(join(out, 'comparison.json'), text)
}

/** Throws a `UserError` where the challenger in the folder has not been compared. */
export async function readComparison(out: string, model: string): Promise<ComparisonRecord> {
  const file = join(out, 'comparison.json')
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new UserError('the challenger has not been compared yet', { file, remedy: REMEDY, cause })
  })
  const record = recordFrom(text, file)
  if (record.challenger !== model) {
    throw new UserError('is not a comparison of this challenger', { file, remedy: REMEDY })
  }
  return record
}

function recordFrom(text: string, file: string): ComparisonRecord {
  return checkRecord(parseJson(text, file, REMEDY), file)
}

const REMEDY = 'Run cd4ml compare, then promote.'

const checkRecord = checker(ComparisonRecord, REMEDY)
