import { exponent } from './exponent.ts'
import { inProject } from './project.ts'
import { type Ran, runCommand } from './run-command.ts'
import { type StoresSize, storesRecipe, storesSize, writeStores } from './worlds/grocery-stores.ts'

/**
 * What reading a chain in parts takes as its stores become more, all of them in one project: the
 * chain of `parts` with two stores, with five and with ten. `validate` reads the files, `plan` finds
 * them read, adds them up once more, parts them and shares the work. The exit code is 1 where memory
 * of one of them grows faster than the stores to the power of 0.3: no job holds all sales.
 *
 * `--items 300 --days 700` measures smaller stores.
 */
export async function run(argv: string[]): Promise<void> {
  const size = storesSize(argv)
  const grown: Grown[] = []
  for (const stores of STORES) {
    const measured = await inStores({ ...size, stores })
    console.log(JSON.stringify(measured))
    grown.push(measured)
  }
  console.table(grown.map(row))
  const stores = grown.map((it) => it.stores)
  for (const step of ['validate', 'plan'] as const) {
    const megabytes = grown.map((it) => it[step].megabytes)
    const power = exponent(stores, megabytes)
    const holds = power <= MOST_EXPONENT
    console.log(
      `memory of ${step} grows as the number of stores to the power of ${power.toFixed(2)}, at most ${MOST_EXPONENT} wanted: ${holds}`,
    )
    if (!holds) process.exitCode = 1
  }
}

const STORES = [2, 5, 10]
const MOST_EXPONENT = 0.3

type Used = Pick<Ran, 'cpuSeconds' | 'megabytes'>
type Grown = { stores: number; rows: number; validate: Used; plan: Used }

function inStores(size: StoresSize): Promise<Grown> {
  const { stores } = size
  return inProject(
    (dataFolder) => writeStores(dataFolder, size),
    async (folder, rows) => ({
      stores,
      rows,
      validate: used(await runCommand(folder, ['validate', '--quiet'])),
      plan: used(await runCommand(folder, ['plan', '--jobs', `${stores}`])),
    }),
    { 'recipe.yml': storesRecipe('store') },
  )
}

function used({ cpuSeconds, megabytes }: Ran): Used {
  return { cpuSeconds, megabytes }
}

function row({ stores, rows, validate, plan }: Grown) {
  return {
    stores,
    rows,
    'validate (CPU s)': validate.cpuSeconds.toFixed(1),
    'validate (MB)': Math.round(validate.megabytes),
    'plan (CPU s)': plan.cpuSeconds.toFixed(1),
    'plan (MB)': Math.round(plan.megabytes),
  }
}
