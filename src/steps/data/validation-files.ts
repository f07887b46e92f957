import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalJson } from '../../base/canonical-json.ts'
import { readBack, writeWhole } from '../../base/write-file.ts'
import { renderValidationMarkdown } from '../../reporting/validation-markdown.ts'
import { reportFrom, type ValidationReport } from '../../sales/checks/validation-report.ts'

/** Writes `report.md` and `report.json` into the folder, and returns what is in them. */
export async function writeValidation(
  folder: string,
  report: ValidationReport,
): Promise<{ markdown: string; json: string }> {
  const markdown = renderValidationMarkdown(report)
  const json = canonicalJson(report)
  readBack('report.json', () => reportFrom(json, 'report.json'))
  await writeWhole(join(folder, 'report.md'), markdown)
  await writeWhole(join(folder, 'report.json'), json)
  return { markdown, json }
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
