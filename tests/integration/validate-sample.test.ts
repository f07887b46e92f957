import { join } from 'node:path'
import { expect, test } from 'vitest'
import { validate } from '../../src/steps/data/validate.ts'
import { SAMPLE } from '../project.ts'
import { day } from './validate-fixture.ts'

test('the sample data that ships is valid, also years from now, and its dirt is found', async () => {
  const dataFolder = SAMPLE
  const contractFile = join(dataFolder, 'datapackage.json')
  const { outcome, report } = await validate({ dataFolder, contractFile, today: day('2040-01-01') })
  expect(outcome).toBe('valid')
  const { rowsRead, rowsAccepted, rowsQuarantined } = report.totals
  expect(rowsAccepted + rowsQuarantined).toBe(rowsRead)
  expect(rowsQuarantined / rowsRead).toBeGreaterThan(0.002)
  expect(rowsQuarantined / rowsRead).toBeLessThan(0.01)
  expect(new Set(report.findings.map(({ rule }) => rule))).toEqual(
    new Set([
      'category-missing',
      'category-spelling',
      'category-unknown',
      'constraint',
      'cost-above-price',
      'date-unreadable',
      'name-missing',
      'number-unreadable',
      'price-not-positive',
      'sentinel',
      'sold-before-purchase',
    ]),
  )
})
