import type { Frequency } from '../demand/calendar.ts'
import type { Change } from '../registry/edited-tree.ts'
import type { ContractGuess } from '../sales/guess-contract.ts'
import { alignedColumns, terminalText } from './aligned-columns.ts'
import { counted, integer } from './format.ts'
import type { ValidationReport } from './validation-report.ts'

/** What became of a fresh copy of the template. */
export type InitReport = {
  guess: ContractGuess
  /** What the guessed contract makes of the sales files. */
  report: ValidationReport
} & (
  | { outcome: 'planned' | 'initialised'; frequency: Frequency; horizon: number; changes: Change[] }
  /** The sales are not valid by the contract; nothing was changed. */
  | { outcome: 'invalid' }
)

/** The report as plain text for a terminal: what was guessed, what came of it, what comes next. */
export function initText(result: InitReport): string {
  const { guess, report } = result
  const { rowsRead, rowsAccepted, rowsQuarantined } = report.totals
  const rows = `${counted(rowsRead, 'row')}: ${integer(rowsAccepted)} accepted, ${integer(rowsQuarantined)} quarantined.`
  const parts = [guessText(guess), `\nBy this contract, ${rows}\n${findingsText(report)}`]
  if (result.outcome === 'invalid') {
    parts.push(
      '\nThe sales are not valid by it, so nothing was changed. Correct the files, or say with --column what a column means.\n',
    )
    return parts.join('')
  }
  const { frequency, horizon, changes } = result
  parts.push(`\nForecasts are made by ${frequency}, ${counted(horizon, frequency)} ahead.\n`)
  parts.push(`\n${changesText(changes)}`)
  parts.push(
    result.outcome === 'planned'
      ? '\nNothing was changed: leave out --dry-run to do it.\n'
      : `\n${NEXT}`,
  )
  return parts.join('')
}

const NEXT = `All of it is staged. Look at data/datapackage.json recipe.yml (holidays, families) and ordering.yml (lead times, packs), then:

  git commit -m "Start with our own sales"
  npm run pipeline
  git push
  npx cd4ml doctor

To undo it before the commit: git reset --hard
`

const MOST_FINDINGS = 10

function guessText({ encoding, delimiter, rows, columns }: ContractGuess): string {
  const doubts = columns.flatMap(({ name, otherFormat }) =>
    otherFormat === undefined
      ? []
      : [
          `${terminalText(name)} could also be written as ${otherFormat}: no day in it tells. If so, change the format in data/datapackage.json.\n`,
        ],
  )
  return [
    `Guessed from ${counted(rows, 'row')}: ${encoding}, columns separated by ${JSON.stringify(delimiter)}.\n\n`,
    alignedColumns({
      headers: ['Column', 'Means', 'Written as', 'Such as'],
      rows: columns.map((column) => [
        column.name,
        column.role ?? '(not used)',
        notation(column),
        column.example === undefined ? '(empty)' : JSON.stringify(column.example),
      ]),
    }),
    doubts.length > 0 ? `\n${doubts.join('')}` : '',
  ].join('')
}

function notation({ role, reading }: ContractGuess['columns'][number]): string {
  if (role === 'product' || role === 'store' || reading.type === 'string') return 'text'
  if (reading.type !== 'number') return reading.format
  const { decimalChar, groupChar = '' } = reading
  return `number (1${groupChar}234${decimalChar}5)`
}

function findingsText({ findings }: ValidationReport): string {
  const lines = findings.slice(0, MOST_FINDINGS).map((finding) => {
    const { rule, file, column, count, examples } = finding
    const [example] = examples
    const place = [file, example?.line].filter((part) => part !== undefined).join(':')
    const value = JSON.stringify(example?.value ?? '')
    const where = [place, column === undefined ? '' : `${column}, such as ${value}`]
    const what = [`${rule} (${integer(count)})`, ...where].filter((part) => part !== '').join(' ')
    return `  ${terminalText(`${what}: ${finding.explanation}`, 300)}\n`
  })
  const more = findings.length - MOST_FINDINGS
  return lines.join('') + (more > 0 ? `  and ${counted(more, 'kind')} more\n` : '')
}

function changesText(changes: Change[]): string {
  const lines = new Map<string, number>()
  for (const change of changes) {
    const line = changeLine(change)
    lines.set(line, (lines.get(line) ?? 0) + 1)
  }
  return [...lines]
    .map(([line, count]) => `  ${line}${count > 1 ? ` (${counted(count, 'file')})` : ''}\n`)
    .join('')
}

/** Files that move or go with their folder make one line. */
function changeLine(change: Change): string {
  if (change.change === 'moved') {
    return `moved    ${folderOf(change.from)} to ${folderOf(change.path)}`
  }
  const path = change.change === 'removed' ? folderOf(change.path) : change.path
  return `${change.change.padEnd(8)} ${terminalText(path, 200)}`
}

function folderOf(path: string): string {
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  return folder === '' ? path : folder
}
