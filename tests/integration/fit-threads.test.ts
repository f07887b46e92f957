import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../src/base/canonical-json.ts'
import { UserError } from '../../src/base/errors.ts'
import { backtestRecipe, scoredRows } from '../../src/evaluation/backtest.ts'
import { fitPool } from '../../src/evaluation/search/fit-pool.ts'
import { openHistory } from '../../src/evaluation/search/history.ts'
import { trainAsOf } from '../../src/evaluation/search/search.ts'
import { fitContext } from '../../src/forecasting/model.ts'
import { candidates } from '../../src/forecasting/recipe.ts'
import { totalsOf } from '../unit/demand/totals.ts'
import { recipeOf, shopSales } from '../unit/evaluation/shop.ts'

const totals = totalsOf(shopSales(30))
// Daily, so that a fit is worth a thread.
const recipe = recipeOf({
  frequency: 'day',
  horizon: 14,
  search: { origins: 3, step: 14 },
  families: { 'moving-average': {}, ridge: { penalty: [1, 10, 100] } },
})

describe('threads that fit', () => {
  it('change no byte of model, search and backtest, however many they are', async () => {
    const here = await trainedOn(1)
    expect(await trainedOn(2)).toBe(here)
    expect(await trainedOn(8)).toBe(here)
  })

  it('fail one fit with its own mistake, place and remedy, and go on with the others', async () => {
    const pool = fitPool(1)
    try {
      const wrong = taskOf('XX').then((task) => pool.run(task))
      const right = taskOf('BR').then((task) => pool.run(task))
      const mistake = await wrong.catch((error: unknown) => error)
      expect(mistake).toBeInstanceOf(UserError)
      expect(mistake).toMatchObject({ place: { key: 'holidays' }, remedy: expect.any(String) })
      expect(mistake).toEqual(
        await fitPool(0)
          .run(await taskOf('XX'))
          .catch((error) => error),
      )
      expect((await right).mean).toHaveLength(6 * 14)
    } finally {
      await pool.close()
    }
  })

  it('fail what they have not done when they are ended, and start nothing after', async () => {
    const pool = fitPool(2)
    const fits = await Promise.all([taskOf('BR'), taskOf('BR'), taskOf('BR')])
    const ended = Promise.allSettled(fits.map((fit) => pool.run(fit)))
    await Promise.resolve()
    await pool.close()
    expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    await expect(pool.run(fits[0])).rejects.toThrow('closed')
  })

  it('rest where they have nothing to do, and are there again for the next fit', async () => {
    const pool = fitPool(1)
    try {
      const task = await taskOf('BR')
      const { mean } = await pool.run(task)
      await pool.rest()
      const again = pool.run(task)
      // Of one that is at work it ends nothing.
      await pool.rest()
      expect((await again).mean).toEqual(mean)
    } finally {
      await pool.close()
    }
  })

  it('that die are reported, and what waits for them does not wait for ever', async () => {
    const dying = `import { isMainThread, parentPort } from 'node:worker_threads'
      if (!isMainThread) parentPort.once('message', () => process.exit(7))`
    const child = training(['--import', `data:text/javascript,${encodeURIComponent(dying)}`])
    const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
    expect(code).toBe(1)
    expect(errors).toContain('a thread ended too early, with exit code 7')
  })

  it('keep no process alive: it ends when told to, and by itself when nothing is left', async () => {
    const unclosed = training([])
    expect(await once(unclosed, 'close')).toEqual([0, null])
    const interrupted = training([])
    await once(interrupted.stdout, 'data')
    interrupted.kill('SIGINT')
    expect(await once(interrupted, 'close')).toEqual([null, 'SIGINT'])
  })
})

async function trainedOn(cores: number): Promise<string> {
  const history = openHistory(totals, { cores })
  try {
    const rows = scoredRows(history, recipe, { origins: 3, step: 14 })
    const [trained, backtest] = await Promise.all([
      trainAsOf(history, recipe),
      backtestRecipe(history, recipe, rows),
    ])
    const forecasts = backtest.forecasts.map((it) => [[...it.mean], [...it.quantiles]])
    return canonicalJson({ ...trained, chosen: backtest.chosen, forecasts })
  } finally {
    await history.close()
  }
}

async function taskOf(holidays: string) {
  const own = recipeOf({ ...recipe, holidays, families: { ridge: {} } })
  const panel = openHistory(totals).panel(own)
  return { panelKey: 'all', panel, candidate: candidates(own)[0], context: fitContext(own) }
}

/** A process that trains with two threads, says so first, and closes nothing. */
function training(args: string[]) {
  const file = (path: string) => JSON.stringify(new URL(path, import.meta.url).href)
  const code = `
    const { openHistory } = await import(${file('../../src/evaluation/search/history.ts')})
    const { trainAsOf } = await import(${file('../../src/evaluation/search/search.ts')})
    const { totalsOf } = await import(${file('../unit/demand/totals.ts')})
    const { shopSales } = await import(${file('../unit/evaluation/shop.ts')})
    const history = openHistory(totalsOf(shopSales(30)), { cores: 2 })
    console.log('training')
    await trainAsOf(history, ${JSON.stringify(recipe)})
  `
  return spawn(process.execPath, [...args, '--eval', code])
}
