import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Day } from '../../base/day.ts'
import { quoted, UserError } from '../../base/errors.ts'
import { percent } from '../../base/wording.ts'
import type { Finding } from '../checks/validation-report.ts'
import { badRows, fileFindings } from '../checks/verdict.ts'
import type { Contract } from '../contract/contract.ts'
import type { Resource } from '../contract/resource.ts'
import { checkDataFile } from '../reading/file-reader.ts'
import type { TableReading } from '../reading/table-reading.ts'

/**
 * Reads files of an answer as any file of the resource is read. Throws a `UserError` where they would
 * be refused, so that a column that has become something else never stands beside what was right.
 * Returns the number of rows that are quarantined.
 */
export async function checkAnswer(options: {
  paths: readonly string[]
  contract: Contract
  resource: Resource
  today: Day
  scratchFolder: string
  onProgress: (done: number, total: number) => void
}): Promise<number> {
  const { paths, contract, resource, today, scratchFolder, onProgress } = options
  const files = await Promise.all(
    paths.map(async (path) => {
      const { size: bytes } = await stat(path)
      return { name: basename(path), path, resource, bytes, identity: path }
    }),
  )
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  let done = 0
  const readings: TableReading[] = []
  for (const file of files) {
    const quarantinePath = join(scratchFolder, 'quarantined')
    const reading = await checkDataFile({
      file,
      contract,
      today,
      quarantinePath,
      onProgress: (bytes) => {
        done += bytes
        onProgress(done, total)
      },
    })
    readings.push(reading)
  }
  const rows = readings.map((reading) => badRows(reading, FOREVER))
  const read = rows.reduce((sum, of) => sum + of.read, 0)
  const bad = rows.reduce((sum, of) => sum + of.bad, 0)
  // Of few rows, a single one is a large share.
  const most = Math.max(contract.maxQuarantinedShare * read, Math.min(FEW_ROWS, read / 2))
  const isWhole = readings.every(({ refusal }) => refusal === undefined)
  if (isWhole && bad <= most) return bad
  const findings = readings.flatMap((reading) =>
    fileFindings({ name: 'the answer', reading }, contract, FOREVER),
  )
  throw new UserError(
    `${bad} of ${read} rows cannot be trusted (${percent(bad / Math.max(1, read))}): ${reasons(findings)}`,
    {
      key: 'the answer to cd4ml.source',
      remedy:
        'Nothing was changed. Has a column become something else? Cast it in the query, or correct the contract.',
    },
  )
}

const FOREVER = Number.POSITIVE_INFINITY
const FEW_ROWS = 10

/** Which rules were broken where, the most frequent first. */
function reasons(findings: Finding[]): string {
  const broken = findings.filter(
    ({ level, rule }) => level !== 'warning' && rule !== 'too-many-bad-rows',
  )
  const alike = Map.groupBy(broken, ({ rule, column }) => `${rule}${column ? ` (${column})` : ''}`)
  const counted = [...alike].map(([name, of]) => ({
    name,
    count: of.reduce((sum, { count }) => sum + count, 0),
    example: of[0].examples[0]?.value ?? '',
  }))
  counted.sort((a, b) => b.count - a.count)
  return counted
    .slice(0, 3)
    .map(({ name, count, example }) => `${name}, ${count} times, such as ${quoted(example)}`)
    .join('; ')
}
