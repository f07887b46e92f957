import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { dayFromIso } from '../src/base/day.ts'
import { type GivenAnswers, withSetting } from '../src/commands/open-questions.ts'
import { readContract } from '../src/sales/contract/contract.ts'
import { guessContract } from '../src/sales/guess/guess-contract.ts'
import { optionText } from '../src/sales/guess/open-question.ts'
import { listSalesFiles } from '../src/steps/data/list-sales-files.ts'
import { validate } from '../src/steps/data/validate.ts'
import { exported, LAYOUTS } from '../tests/unit/sales/export-layouts.ts'

/**
 * Whether frictionless-py reads our contracts, and finds the same rows wrong, by what both check:
 * types, constraints and the number of cells. On the sample, and on an export of each system with
 * cells spoilt in one row of thirty. It is not as strict with signs that part thousands (4.39 is 439),
 * and knows no names of months in Portuguese: the sample and one system differ by that. frictionless is looked for in the Python that PYTHON names.
 */
export async function run(): Promise<void> {
  if (spawnSync(PYTHON, ['-c', 'import frictionless']).status !== 0) {
    return console.log(HOW_TO_INSTALL)
  }
  const folder = mkdtempSync(join(tmpdir(), 'cd4ml-benchmark-'))
  try {
    const cases = [await sample(folder)]
    for (const [index, layout] of LAYOUTS.entries()) {
      cases.push(await spoilt(layout, join(folder, String(index))))
    }
    const packages = cases.map(({ folder }) => join(folder, 'datapackage.json'))
    const output = execFileSync(
      PYTHON,
      [join(import.meta.dirname, 'frictionless-peer.py'), ...packages],
      {
        maxBuffer: 1024 ** 3,
      },
    )
    const theirs = JSON.parse(output.toString()) as Found[]
    let alike = 0
    for (const [index, { name, folder }] of cases.entries()) {
      const { rows, missed, more, other } = await compared(folder, theirs[index])
      const isAlike = missed + more + other.length === 0
      if (isAlike) alike++
      const rest = isAlike ? '' : `: ${missed} only theirs, ${more} only ours ${other.join(' ')}`
      console.log(`${isAlike ? 'same' : 'DIFFERENT'}  ${name}, ${rows} rows${rest}`.slice(0, 300))
    }
    console.log(`${alike} of ${cases.length} alike`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const PYTHON = process.env.PYTHON ?? 'python3'
const HOW_TO_INSTALL = `To compare with frictionless: python3 -m venv peer && peer/bin/pip install frictionless,
then PYTHON=peer/bin/python npm run benchmark frictionless`

type Case = { name: string; folder: string }
type Found = { [path: string]: { rows: number[]; other: string[] } }

const today = dayFromIso('2026-12-31') ?? 0

async function sample(parent: string): Promise<Case> {
  const folder = join(parent, 'sample')
  cpSync(join(import.meta.dirname, '..', 'data'), folder, { recursive: true })
  await listSalesFiles(join(folder, 'datapackage.json'), folder)
  return { name: 'the sample', folder }
}

async function spoilt(layout: (typeof LAYOUTS)[number], folder: string): Promise<Case> {
  mkdirSync(folder)
  const path = join(folder, 'sales.csv')
  writeFileSync(path, exported(layout))
  const files = [{ name: 'sales.csv', path }]
  const settings: GivenAnswers = { columns: new Map(), unset: new Set() }
  const options = { name: 'sales', paths: ['sales.csv'], today }
  const { questions } = await guessContract(files, { ...options, ...settings })
  const settled = questions.flatMap(({ answers }) =>
    answers
      .map(({ setting }) => setting)
      .filter((setting) => layout.settledBy?.includes(optionText(setting))),
  )
  const guess = await guessContract(files, { ...options, ...settled.reduce(withSetting, settings) })
  const { delimiter = ',', encoding = 'utf8', titles = [] } = layout
  const typed = guess.columns.flatMap(({ role }, index) =>
    role === 'saleDate' || role === 'quantity' || role === 'price' ? [index] : [],
  )
  const lines = readFileSync(path, encoding).split('\r\n')
  const changed = lines.map((line, index) => {
    if (index <= titles.length || index % 30 !== 0 || line.includes('"') || line === '') return line
    const cells = line.split(delimiter)
    const turn = (index / 30) % (typed.length + 1)
    if (turn === typed.length) return `${line}${delimiter}more`
    cells[typed[turn]] = 'spoilt'
    return cells.join(delimiter)
  })
  writeFileSync(path, changed.join('\r\n'), encoding)
  const { cd4ml } = guess.dataPackage
  const contract = { ...guess.dataPackage, cd4ml: { ...cd4ml, maxQuarantinedShare: 1 } }
  writeFileSync(join(folder, 'datapackage.json'), JSON.stringify(contract))
  return { name: layout.system, folder }
}

/** What frictionless has no words for: what dates and amounts say together, and what is a product. */
const BOTH =
  /\b(ragged-row|date-unreadable|number-unreadable|type-wrong|constraint|required-missing)\b/

async function compared(folder: string, theirs: Found) {
  const quarantineFolder = join(folder, 'quarantine')
  const contractFile = join(folder, 'datapackage.json')
  const { report } = await validate({ dataFolder: folder, contractFile, today, quarantineFolder })
  const { delimiter } = (await readContract(contractFile)).resources[0].dialect
  let [missed, more] = [0, 0]
  for (const { file, rowsQuarantined } of report.files) {
    const rows = rowsQuarantined === 0 ? [] : quarantined(join(quarantineFolder, file), delimiter)
    const ours = new Set(
      rows.filter(([reasons]) => BOTH.test(reasons)).map(([, line]) => Number(line)),
    )
    const found = new Set(theirs[file].rows)
    for (const line of found) if (!ours.has(line)) missed++
    for (const line of ours) if (!found.has(line)) more++
  }
  const other = Object.values(theirs).flatMap((file) => file.other)
  return { rows: report.totals.rowsRead, missed, more, other }
}

function quarantined(file: string, delimiter: string): string[][] {
  return parse(readFileSync(file), { delimiter, relax_column_count: true, from_line: 2, bom: true })
}
