import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalJson } from '../../base/canonical-json.ts'
import type { Language } from '../../base/language.ts'
import { readBack, writeWhole } from '../../base/write-file.ts'
import { renderValidationMarkdown } from '../../reporting/validation-markdown.ts'
import { reportFrom, type ValidationReport } from '../../sales/checks/validation-report.ts'

/** Writes `report.md` and `report.json` into the folder, and returns what is in the latter. */
export async function writeValidation(
  folder: string,
  report: ValidationReport,
  language: Language,
): Promise<string> {
  const json = canonicalJson(report)
  readBack('report.json', () => reportFrom(json, 'report.json'))
  await writeWhole(join(folder, 'report.md'), renderValidationMarkdown(report, language))
  await writeWhole(join(folder, 'report.json'), json)
  return json
}

/**
 * Reads `report.json`; undefined where nothing has been validated. Throws a `UserError` where the
 * file is not a report.
 */
export async function readValidation(folder: string): Promise<ValidationReport | undefined> {
  const file = join(folder, 'report.json')
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return text === undefined ? undefined : reportFrom(text, file)
}
