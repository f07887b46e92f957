import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { writeWhole } from '../src/base/write-file.ts'
import { SAMPLE_SEED, sampleData } from '../src/simulation/sample-data.ts'
import { recordShippedData } from './shipped-data.ts'

type Options = { seed: number; out: string }

const OUT = join('data', 'sales')

const command = new Command('generate-data')
  .description('Simulate three years of a supermarket chain and write its sales files.')
  .option('--seed <number>', 'another seed, another history', wholeNumber, SAMPLE_SEED)
  .option('--out <folder>', 'where to write the files', OUT)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()

const { seed, out } = command.opts<Options>()
const { files } = sampleData(seed)
for (const { name, text } of files) await writeWhole(join(out, name), text)
if (out === OUT) await recordShippedData('.')

const rows = files.reduce((sum, file) => sum + file.rows, 0)
const bytes = files.reduce((sum, file) => sum + Buffer.byteLength(file.text), 0)
console.log(`${files.length} files, ${rows} rows, ${(bytes / 1e6).toFixed(1)} MB in ${out}`)

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}
