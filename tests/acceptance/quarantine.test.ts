import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { cd4ml, newProject, succeedJson } from '../project.ts'
import { put } from '../repository.ts'
import { dataFiles, productIds, recipe, salesOf } from '../shop.ts'

const files = dataFiles(salesOf({ products: productIds(5), frequency: 'week', periods: 60 }))
const FILE = 'data/sales/2024.csv'
const rowsOf = (text: string) => text.split('\n').length - 2

it('sets rows aside that cannot be trusted, with line and reason, and goes on with the others', async () => {
  const bad = ['P1,bakery,2024-02-31,3', 'P1,bakery,2024-02-05,"1.234,56"', ',bakery,2024-02-05,3']
  const project = await newProject({ ...files, ...recipe('moving-average: {}') })
  await put(project, { [FILE]: `${files[FILE]}${bad.join('\n')}\n` })
  const { outcome, totals } = await succeedJson(project, ['validate'])
  expect(outcome).toBe('valid')
  expect(totals.rowsQuarantined).toBe(bad.length)
  expect(totals.rowsAccepted + totals.rowsQuarantined).toBe(totals.rowsRead)
  const sound = Object.entries(files).filter(([path]) => path.endsWith('.csv'))
  expect(totals.rowsAccepted).toBe(sound.reduce((sum, [, text]) => sum + rowsOf(text), 0))

  const aside = await readFile(join(project, '.cd4ml/quarantine/sales/2024.csv'), 'utf8')
  const [, ...lines] = aside.trimEnd().split('\n')
  const firstLine = rowsOf(files[FILE]) + 2
  expect(lines).toHaveLength(bad.length)
  lines.forEach((line, index) => {
    expect(line).toContain(String(firstLine + index))
    expect(line).toContain('bakery')
  })
  expect((await cd4ml(project, ['train'])).code).toBe(0)
})

it('stops at a file that cannot be trusted, and trains on nothing', async () => {
  const project = await newProject({ ...files, ...recipe('moving-average: {}') })
  const garbled = files[FILE].replaceAll(/,\d+$|"\d+"$/gm, ',many')
  for (const text of [garbled, `${files[FILE]}"P1,bakery`, '', files[FILE].replace('day', 'dia')]) {
    await put(project, { [FILE]: text })
    const { code, stdout, stderr } = await cd4ml(project, ['pipeline'])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/sales\/2024\.csv/)
  }
})
