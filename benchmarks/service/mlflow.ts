import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { isoFromDay } from '../../src/base/day.ts'
import { saleDays } from '../../src/sales/totals/daily-totals.ts'
import { readSample } from '../read-sales.ts'
import { type Served, served } from './process.ts'

/**
 * `mlflow models serve` with two workers, which writes nothing down, in a virtual environment that
 * is made once. The model is a seasonal naive one of the same sales (`mlflow-model.py`).
 */
export async function mlflowServer(folder: string): Promise<Served> {
  const bin = join(await environment(), 'bin')
  const [sales, model] = [join(folder, 'sales.json'), join(folder, 'mlflow-model')]
  await writeFile(sales, JSON.stringify(await dailyUnits()))
  const script = join(import.meta.dirname, 'mlflow-model.py')
  await run(join(bin, 'python'), [script, sales, model], { env: { ...process.env, ...QUIET } })
  const port = await freePort()
  const address = ['--host', '127.0.0.1', '--port', String(port), '--workers', '2']
  return await served(
    [join(bin, 'mlflow'), 'models', 'serve', '-m', model, '--env-manager', 'local', ...address],
    { cwd: folder, env: { ...QUIET, PATH: `${bin}:${process.env.PATH}` } },
    startedTwice(`http://127.0.0.1:${port}`),
  )
}

const run = promisify(execFile)
const VERSION = '3.17.2'
const QUIET = { MLFLOW_DISABLE_TELEMETRY: 'true', PYTHONWARNINGS: 'ignore' }

async function environment(): Promise<string> {
  const cache = resolve(import.meta.dirname, '../../node_modules/.cache')
  const folder = join(cache, `mlflow-${VERSION}`)
  if (existsSync(join(folder, 'bin', 'mlflow'))) return folder
  console.log(`installing mlflow ${VERSION} into ${folder}, once`)
  await run('python3', ['-m', 'venv', folder])
  await run(join(folder, 'bin', 'pip'), ['install', '--quiet', `mlflow==${VERSION}`])
  return folder
}

/** By product, units sold on each day from the first one on. */
async function dailyUnits(): Promise<{ first: string; units: Record<string, number[]> }> {
  const { series, seriesIndex, day, sold, ...totals } = await readSample()
  const days = saleDays({ series, seriesIndex, day, sold, ...totals })
  const [first, last] = [days[0], days[days.length - 1]]
  const units = series.map(() => Array.from({ length: last - first + 1 }, () => 0))
  for (let entry = 0; entry < day.length; entry++) {
    const since = day[entry] - first
    if (since >= 0 && day[entry] <= last) units[seriesIndex[entry]][since] = sold[entry]
  }
  const byProduct = Object.fromEntries(
    series.map(({ productId }, index) => [productId, units[index]]),
  )
  return { first: isoFromDay(first), units: byProduct }
}

/** mlflow does not say which port it was given. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  const address = server.address()
  await new Promise((closed) => server.close(closed))
  return typeof address === 'object' && address ? address.port : 0
}

/** Each of its two workers says once that it has started. */
function startedTwice(url: string): (line: string) => string | undefined {
  let workers = 0
  return (line) => {
    if (line.includes('Application startup complete')) workers++
    return workers === 2 ? url : undefined
  }
}
