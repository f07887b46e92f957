import { languageNames } from '../base/language.ts'
import { counted, integer } from '../base/wording.ts'
import type { Change } from '../registry/edited-tree.ts'
import { alignedColumns, terminalText } from '../reporting/aligned-columns.ts'
import type { ValidationReport } from '../sales/checks/validation-report.ts'
import { type DoubtfulRows, doubtfulRowsText } from '../sales/guess/doubtful-rows.ts'
import type { ContractGuess } from '../sales/guess/guess-contract.ts'
import { type OpenQuestion, optionText } from '../sales/guess/open-question.ts'
import type { InitReport } from '../steps/setup/init.ts'

/** The report as plain text for a terminal: what was guessed, what came of it, what comes next. */
export function initText(result: InitReport): string {
  const { guess } = result
  const open = questionsText(guess.questions)
  const doubtful = doubtfulText(guess.doubtful) + remarksText(guess.remarks)
  if (result.outcome === 'open') {
    return [
      guessText(guess),
      doubtful,
      open,
      '\nNothing was changed: add the options and call init again.\n',
    ].join('')
  }
  const { report } = result
  const parts = [guessText(guess), `\n${unitsText(report)}${findingsText(report)}`, doubtful]
  if (result.outcome === 'invalid') {
    parts.push(
      '\nThe sales are not valid by it, so nothing was changed. Correct the files, or say with --column what a column means.\n',
      open,
    )
    return parts.join('')
  }
  const { frequency, horizon, holidays, language, changes } = result
  parts.push(`\nForecasts are made by ${frequency}, ${counted(horizon, frequency)} ahead`)
  parts.push(
    holidays === undefined
      ? '. The files do not tell the country: the holidays stay those of the template, unless you say --holidays REGION.\n'
      : `, with the holidays of ${holidays}.\n`,
  )
  parts.push(`Pull requests, orders and reports are written in ${languageNames[language]}.\n`)
  parts.push(`\n${changesText(changes)}`, open)
  parts.push(
    result.outcome === 'planned'
      ? `\nNothing was changed: leave out --dry-run${hasOwners(changes) ? '' : ', and say with --owners who reviews,'} to do it.\n`
      : `${open === '' ? '' : LATER}\n${NEXT}`,
  )
  return parts.join('')
}

const LATER = `
It was left out. Write the answer into cd4ml.columns of data/datapackage.json, or undo this and call init again with the option.
`

const NEXT = `All of it is staged. Look at data/datapackage.json, recipe.yml (holidays, families) and ordering.yml (lead times, packs), then:

  git commit -m "Start with our own sales"
  npm run pipeline
  git push
  npx cd4ml doctor

To undo it before the commit: git reset --hard
`

/** A dry run needs none. */
function hasOwners(changes: Change[]): boolean {
  return changes.some(({ path }) => path.endsWith('CODEOWNERS'))
}

const MOST_FINDINGS = 10

function guessText({ layout, rows, columns }: ContractGuess): string {
  const { encoding, delimiter, headerRow, kinds } = layout
  const titles = headerRow === 1 ? '' : `, their names in line ${headerRow}`
  return [
    `Guessed from ${counted(rows, 'row')}: ${kinds ? 'Parquet' : `${encoding}, columns separated by ${JSON.stringify(delimiter)}${titles}`}.\n\n`,
    alignedColumns({
      headers: ['Column', 'Means', 'Written as', 'Such as'],
      rows: columns.map((column) => [
        column.name,
        column.role ?? '(not used)',
        notation(column),
        column.example === undefined ? '(empty)' : JSON.stringify(column.example),
      ]),
    }),
  ].join('')
}

/** What was read, in the numbers by which an owner sees whether it is right. */
function unitsText({ totals }: ValidationReport): string {
  const { rowsRead, rowsAccepted, rowsQuarantined, unitsSold, unitsReturned, products } = totals
  const { firstSaleDay: first, lastSaleDay: last } = totals
  const days = first === undefined ? '' : `, ${first} to ${last}`
  const returned = unitsReturned > 0 ? ` (${integer(unitsReturned)} returned)` : ''
  return [
    `By this contract, ${counted(rowsRead, 'row')}: ${integer(rowsAccepted)} accepted, ${integer(rowsQuarantined)} quarantined.\n`,
    `${counted(unitsSold, 'unit')} sold${returned} of ${counted(products, 'product')}${days}.\n`,
  ].join('')
}

function questionsText(questions: OpenQuestion[]): string {
  if (questions.length === 0) return ''
  const blocks = questions.map(({ question, why, changesUnits, answers }) =>
    [
      `\n${terminalText(question, 200)}${changesUnits ? '' : ' (it can wait)'}\n`,
      `  ${terminalText(why, 400)}\n`,
      ...answers.map(
        ({ meaning, setting }) =>
          `  ${terminalText(optionText(setting), 200)}  ${terminalText(meaning, 120)}\n`,
      ),
    ].join(''),
  )
  return `\nThe files leave open:\n${blocks.join('')}`
}

function doubtfulText(doubtful: DoubtfulRows[]): string {
  return doubtful
    .map((rows) => {
      const [sentence, ...settings] = doubtfulRowsText(rows)
      const lines = settings.map((setting) => `  ${terminalText(setting, 1000)}\n`)
      return `\n${terminalText(sentence, 400)}\n${lines.join('')}`
    })
    .join('')
}

function remarksText(remarks: string[]): string {
  return remarks.map((remark) => `\n${terminalText(remark, 400)}\n`).join('')
}

function notation({ role, reading }: ContractGuess['columns'][number]): string {
  if (role === 'product' || role === 'store' || reading.type === 'string') return 'text'
  if (reading.type !== 'number') {
    return reading.format === 'default' ? reading.type : reading.format
  }
  const { decimalChar, groupChar = '', isWhole } = reading
  if (isWhole && decimalChar === '.' && groupChar === '') return 'number (1234)'
  return `number (1${groupChar}234${decimalChar}5)`
}

function findingsText({ findings }: ValidationReport): string {
  const lines = findings.slice(0, MOST_FINDINGS).map((finding) => {
    const { rule, file, column, count, examples } = finding
    const [example] = examples
    const line = example?.row === undefined ? example?.line : `row ${example.row}`
    const place = [file, line].filter((part) => part !== undefined).join(':')
    const value = JSON.stringify(example?.value ?? '')
    const subject = column ?? (file === undefined ? 'all files' : undefined)
    const where = [place, subject === undefined ? '' : `${subject}, such as ${value}`]
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
