import { join, resolve } from 'node:path'
import { UserError } from '../src/base/errors.ts'
import { todayIn } from '../src/base/project-settings.ts'
import type { DailyTotals } from '../src/sales/totals/daily-totals.ts'
import { validate } from '../src/steps/data/validate.ts'

const project = resolve(import.meta.dirname, '..')

/** The sample data that the template ships. */
export function readSample(): Promise<DailyTotals> {
  return readSales(join(project, 'data'), join(project, 'data'))
}

/** The sales of a folder, as the product reads them by the contract in another. */
export async function readSales(dataFolder: string, contractFolder: string): Promise<DailyTotals> {
  const result = await validate({
    dataFolder,
    contractFile: join(contractFolder, 'datapackage.json'),
    today: await todayIn(project),
    cacheFolder: join(project, '.cd4ml', 'cache'),
  })
  if (result.outcome === 'valid') return result.totals
  throw new UserError(`the sales in ${dataFolder} must be valid, but "cd4ml validate" refuses them`)
}
