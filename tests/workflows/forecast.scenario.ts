import { expect, it } from 'vitest'
import { projectOnGitHub } from './project-on-github.ts'
import { NAIVE, promotedProjectOnGitHub, SALES } from './sample-projects.ts'

it('leaves the last forecasts in place, marked with their age, until newer ones can be made', async () => {
  const project = await promotedProjectOnGitHub()
  const made = await project.schedule('forecast')
  expect(made.result, made.log).toBe('success')
  const published = await project.list('ledger', 'forecasts')
  const forecasts = await project.read('ledger', 'forecasts.csv')
  expect(forecasts).toMatch(/^product_id,/)

  const [[path, sales]] = Object.entries(SALES)
  const { forecast } = await project.push('main', { [path]: sales.replace('product', 'x') })
  expect(forecast.result).toBe('failure')
  expect(await project.list('ledger', 'forecasts')).toEqual(expect.arrayContaining(published))
  expect(await project.read('ledger', 'forecasts.csv')).toBe(forecasts)
  expect(await project.read('ledger', 'README.md')).toMatch(
    /⚠️ \*\*These forecasts were 0 days old when newer ones could not be made\.\*\*/,
  )
  expect(await project.openIssues()).toContain('Forecasting fails')

  const mended = await project.push('main', { [path]: sales })
  expect(mended.forecast.result, mended.forecast.log).toBe('success')
  expect(await project.read('ledger', 'README.md')).not.toContain('⚠️')
  expect(await project.openIssues()).toEqual([])
})

it('complains where no retraining has succeeded for long, until one does', async () => {
  const project = await projectOnGitHub({ ...SALES, ...NAIVE }, { daysWithoutRetraining: 15 })
  const forecast = await project.schedule('forecast')
  expect(forecast.result, forecast.log).toBe('success')
  expect(await project.openIssues()).toEqual(['Retraining is overdue'])
  const { overdue } = await project.push('main', { 'docs/note.md': 'Nothing new.\n' })
  expect(overdue.result, overdue.log).toBe('success')
  expect(await project.openIssues()).toEqual(['Retraining is overdue'])

  expect((await project.schedule('retrain')).result).toBe('success')
  await project.schedule('forecast')
  expect(await project.openIssues()).toEqual([])
})
