import { posix } from 'node:path'
import { integer } from '../base/wording.ts'
import type { Finding } from '../sales/checks/validation-report.ts'
import type { Level } from '../sales/contract/rules.ts'

/** A remark that GitHub shows on a line of a file, or on the run. All of it is plain text. */
export type Annotation = {
  level: 'error' | 'warning' | 'notice'
  title: string
  message: string
  /** Relative to the repository. */
  file?: string
  /** From 1. */
  line?: number
}

/** Most annotations of a level that GitHub shows of a step. */
export const MOST_OF_A_LEVEL = 10

/**
 * What validation found, on the lines where it was found: the first ten of each level, each kind of
 * finding in turn. The last of them says how many more there are, and where. `dataFolder` is the
 * folder of the sales, relative to the repository.
 */
export function findingAnnotations(findings: Finding[], dataFolder: string): Annotation[] {
  return (['file', 'row', 'warning'] as const).flatMap((level) => {
    const found = findings.filter((finding) => finding.level === level)
    const shown = inTurn(found).slice(0, MOST_OF_A_LEVEL)
    const left = found.reduce((sum, { count }) => sum + count, 0) - shown.length
    return shown.map((place, index) =>
      annotation(place, dataFolder, index === shown.length - 1 ? rest(left) : ''),
    )
  })
}

type Place = { finding: Finding; example: Finding['examples'][number] | undefined }

/** The first place of each finding, then the second of each: no kind hides another. */
function inTurn(findings: Finding[]): Place[] {
  const longest = Math.max(1, ...findings.map(({ examples }) => examples.length))
  return Array.from({ length: longest }, (_, turn) =>
    findings.flatMap((finding) => {
      const example = finding.examples[turn]
      return example || turn === 0 ? [{ finding, example }] : []
    }),
  ).flat()
}

function annotation({ finding, example }: Place, dataFolder: string, rest: string): Annotation {
  const { rule, level, file, column, explanation, remedy } = finding
  // GitHub shows lines of text alone.
  const row = example?.row === undefined ? '' : ` in row ${example.row}`
  const value = example && (example.value || (column ? '(empty)' : ''))
  return {
    level: levels[level],
    title: column ? `${rule}: ${column}` : rule,
    message: [value ? `Found${row}: ${value}.` : '', explanation, remedy, rest]
      .filter(Boolean)
      .join(' '),
    ...(file !== undefined && { file: posix.join(dataFolder, file) }),
    ...(example?.line !== undefined && { line: example.line }),
  }
}

const levels: Record<Level, Annotation['level']> = {
  file: 'error',
  row: 'warning',
  warning: 'notice',
}

function rest(count: number): string {
  return count > 0 ? `${integer(count)} more like these: see the summary of this run.` : ''
}
