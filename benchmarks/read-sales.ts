import { join, resolve } from 'node:path'
import { UserError } from '../src/errors.ts'
import { todayIn } from '../src/project-settings.ts'
import type { DailyTotals } from '../src/sales/daily-totals.ts'
import { validate } from '../src/steps/validate.ts'

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
