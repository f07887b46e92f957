import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Language } from '../../base/language.ts'
import { writeWhole } from '../../base/write-file.ts'
import {
  type AnsweredLine,
  type AnsweredTable,
  answeredTable,
} from '../../ledger/replies/answered.ts'
import { knownSeries } from '../../ledger/replies/known-series.ts'
import type { ReplyLine } from '../../ledger/replies/reply.ts'
import { answerFile } from '../../reporting/reply-answers.ts'
import type { SeriesKey } from '../../sales/totals/daily-totals.ts'
import {
  type DecisionFile,
  type DecisionFilesOptions,
  readDecisionFiles,
} from './decision-files.ts'
import { QUARANTINE } from './inputs.ts'

/**
 * Checks the files in the folder `decisions` of the data by themselves and by the products that have
 * sold; whether there was such an order, the ledger knows. What is refused is written into the
 * quarantine, with why. Sales and models do not depend on it.
 */
export async function validateDecisions(
  options: DecisionFilesOptions & { series?: readonly SeriesKey[] },
): Promise<AnsweredTable[]> {
  const files = await readDecisionFiles(options)
  const sold = options.series?.map(({ productId, storeId }) => ({
    product: productId,
    ...(storeId !== undefined && { store: storeId }),
  }))
  const seriesOf = sold && knownSeries(sold)
  const checked = files.map((file) => checkedFile(file, seriesOf))
  for (const it of checked) await writeQuarantine(options.project, it, options.language)
  return checked
}

function checkedFile(
  { name, read }: DecisionFile,
  seriesOf: ReturnType<typeof knownSeries> | undefined,
): AnsweredTable {
  if (read.outcome === 'refused') return answeredTable(name, read)
  const lines = read.lines.map((line) => checkedLine(line, seriesOf))
  return answeredTable(name, { outcome: 'read', lines })
}

function checkedLine(
  it: ReplyLine,
  seriesOf: ReturnType<typeof knownSeries> | undefined,
): AnsweredLine {
  if (it.outcome !== 'said') return it
  const { line, about, reply } = it
  const series = reply.kind !== 'decision' ? reply.series : reply.of
  const known =
    seriesOf && series.product !== undefined
      ? seriesOf({ ...series, product: series.product })
      : 'known'
  if (known === 'known') return { line, about, outcome: 'taken', id: '' }
  const isStore = known.startsWith('store')
  const column = isStore ? 'store' : 'product'
  const came = (isStore ? series.store : series.product) ?? ''
  return { line, about, outcome: 'refused', problems: [{ rule: known, column, came, about: '' }] }
}

async function writeQuarantine(
  project: string,
  { file, taken }: AnsweredTable,
  language: Language,
): Promise<void> {
  const path = join(project, QUARANTINE, file)
  const refused =
    taken.outcome === 'refused'
      ? taken
      : { ...taken, lines: taken.lines.filter(({ outcome }) => outcome === 'refused') }
  const isEmpty = refused.outcome === 'read' && refused.lines.length === 0
  if (isEmpty) await rm(path, { force: true })
  else await writeWhole(path, answerFile(refused, language))
}
