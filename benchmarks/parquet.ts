import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { validate } from '../src/steps/data/validate.ts'
import { writeSalesHistory } from './sales-history.ts'

const PYTHON = process.env.PYTHON ?? 'python3'
const HOW_TO_INSTALL = `To write Parquet: python3 -m venv peer && peer/bin/pip install pyarrow,
then PYTHON=peer/bin/python npm run benchmark parquet`

const ROWS = 1_000_000
const ROUNDS = 3
const today = 21_000

/**
 * What reading Parquet costs against CSV of the same rows, in CPU time on one core, by the contract of
 * the sample. pyarrow writes the file, as it does by itself; it is looked for in the Python that PYTHON
 * names.
 */
export async function run(): Promise<void> {
  if (spawnSync(PYTHON, ['-c', 'import pyarrow']).status !== 0) return console.log(HOW_TO_INSTALL)
  const folder = mkdtempSync(join(tmpdir(), 'cd4ml-benchmark-'))
  try {
    const [csv] = await writeSalesHistory(folder, { rows: ROWS, files: 1 })
    const parquet = join(folder, 'sales.parquet')
    execFileSync(PYTHON, [join(import.meta.dirname, 'parquet-writer.py'), csv, parquet])
    const files = [
      { what: 'CSV', path: csv, contract: contractFor(folder, 'csv', 'sales/*.csv') },
      { what: 'Parquet', path: parquet, contract: contractFor(folder, 'parquet', 'sales.parquet') },
    ]
    const best = files.map(() => Number.POSITIVE_INFINITY)
    for (let round = 0; round < ROUNDS; round++) {
      for (const [index, { contract }] of files.entries()) {
        best[index] = Math.min(best[index], await cpuSeconds(folder, contract))
      }
    }
    console.table(
      files.map(({ what, path }, index) => ({
        what,
        megabytes: Math.round(statSync(path).size / 1e6),
        'CPU seconds': best[index].toFixed(2),
        'against CSV': (best[index] / best[0]).toFixed(2),
      })),
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function contractFor(folder: string, name: string, path: string): string {
  const sample = join(import.meta.dirname, '../data/datapackage.json')
  const contract = JSON.parse(readFileSync(sample, 'utf8'))
  const { dialect, encoding, ...resource } = contract.resources[0]
  const text = name === 'csv' ? { dialect, encoding } : {}
  contract.resources = [{ ...resource, ...text, path }]
  delete contract.cd4ml.files
  const file = join(folder, `${name}.json`)
  writeFileSync(file, JSON.stringify(contract))
  return file
}

async function cpuSeconds(dataFolder: string, contractFile: string): Promise<number> {
  const start = process.cpuUsage()
  const { report } = await validate({ dataFolder, contractFile, today, cores: 1 })
  const { user, system } = process.cpuUsage(start)
  if (report.totals.rowsAccepted !== ROWS) {
    throw new Error(
      `${report.totals.rowsAccepted} rows were read: ${JSON.stringify(report.findings)}`,
    )
  }
  return (user + system) / 1e6
}
