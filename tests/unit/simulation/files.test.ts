import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ExtractedFile } from '../../../src/simulation/sales-files.ts'
import { SAMPLE_SEED, sampleData } from '../../../src/simulation/sample-data.ts'
import { SAMPLE } from '../../project.ts'

const folder = join(SAMPLE, 'sales')
const { files, simulation } = sampleData(SAMPLE_SEED)

const HEADER = 'id;nome;categoria;preco;custo;data_compra;data_venda;data_vencimento'
const CLEAN =
  /^\d{4};[^;]+;[^;?]+;\d+,\d\d;\d+,\d\d;\d\d\/\d\d\/20\d\d;(\d\d\/\d\d\/20\d\d)?;(\d\d\/\d\d\/20\d\d)?$/

describe('the sample data in the repository', () => {
  it('is exactly what the generator writes', () => {
    expect(readdirSync(folder).sort()).toEqual(files.map(({ name }) => name).sort())
    for (const { name, text } of files) {
      expect(readFileSync(join(folder, name), 'utf8') === text, name).toBe(true)
    }
  })

  it('is 36 months and what was never sold, in less than 11.5 MB', () => {
    expect(files).toHaveLength(37)
    expect([files[0].name, files[35].name, files[36].name]).toEqual([
      '2023-11.csv',
      '2026-10.csv',
      'unsold.csv',
    ])
    const bytes = files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)
    expect(bytes).toBeLessThan(11_500_000)
  })

  it('differs from that of another seed', () => {
    const other = sampleData(SAMPLE_SEED + 1).files
    expect(other[0].text).not.toBe(files[0].text)
  })

  it('has at least 60 products in 8 categories, with and without an expiry date', () => {
    const rows = files
      .flatMap(linesOf)
      .filter(isClean)
      .map((line) => line.split(';'))
    expect(new Set(rows.map(([id]) => id)).size).toBeGreaterThanOrEqual(60)
    expect(new Set(rows.map(([, , category]) => category)).size).toBeGreaterThanOrEqual(8)
    expect(rows.some(([id]) => id === '1042')).toBe(true)
    const expiring = new Set(rows.filter((row) => row[7] !== '').map(([id]) => id))
    const lasting = new Set(rows.filter((row) => row[7] === '').map(([id]) => id))
    expect(expiring.size).toBeGreaterThan(30)
    expect(lasting.size).toBeGreaterThan(15)
    expect([...lasting].filter((id) => expiring.has(id))).toEqual([])
  })

  it('has one row for each unit', () => {
    expect(files.flatMap(linesOf)).toHaveLength(simulation.units.length)
  })
})

describe('a sales file', () => {
  it('has the header of the customer’s system and plain line ends', () => {
    for (const { text } of files) {
      expect(text.startsWith(`${HEADER}\n`)).toBe(true)
      expect(text.endsWith('\n')).toBe(true)
      expect(text.includes('\r')).toBe(false)
    }
  })

  it('holds the sales of its month in the order of their days', () => {
    for (const file of files.slice(0, 36)) {
      const days = trustworthy(file).map((line) => isoOf(line.split(';')[6]))
      expect(days.every((day) => `${day.slice(0, 7)}.csv` === file.name)).toBe(true)
      expect(days).toEqual(days.toSorted())
    }
  })

  it('holds no sale date where the unit was never sold', () => {
    expect(linesOf(files[36]).every((line) => line.split(';')[6] === '')).toBe(true)
  })
})

describe('dirt', () => {
  it('is in 0.3 to 0.8% of all rows and under 1.5% of each file', () => {
    const rows = files.reduce((sum, file) => sum + file.rows, 0)
    const dirty = files.reduce((sum, file) => sum + dirtyRows(file), 0)
    expect(dirty / rows).toBeGreaterThan(0.003)
    expect(dirty / rows).toBeLessThan(0.008)
    for (const file of files) expect(dirtyRows(file) / file.rows, file.name).toBeLessThan(0.015)
  })

  it('is of every kind that extractions are known for', () => {
    const text = files.map((file) => file.text).join('')
    for (const kind of [
      /;0,00;/,
      /;99999,99;/,
      /;\d+\.\d\d;/,
      /^\d{4};;/m,
      /^\d{4};[^;]+;;/m,
      /;\?\?\?;/,
      /;31\/02\/2025;/,
      /;01\/01\/1900;/,
      /;31\/12\/9999$/m,
      /^0;/m,
      /^TESTE;/m,
      /;BISCOITO;/,
    ]) {
      expect(text).toMatch(kind)
    }
    const clean = files
      .flatMap(linesOf)
      .filter(isClean)
      .map((line) => line.split(';'))
    expect(clean.some(([, , , price, cost]) => amountOf(cost) > 20 * amountOf(price))).toBe(true)
    expect(clean.some((row) => row[6] !== '' && isoOf(row[6]) < isoOf(row[5]))).toBe(true)
  })

  it('never makes a cost look higher than the price unless it is off by 100', () => {
    const ratios = files
      .flatMap(linesOf)
      .filter(isClean)
      .map((line) => line.split(';'))
      .filter(([, , , price]) => amountOf(price) > 0)
      .map(([, , , price, cost]) => amountOf(cost) / amountOf(price))
    expect(ratios.filter((ratio) => ratio > 1.1 && ratio < 50)).toEqual([])
  })
})

function linesOf({ text }: ExtractedFile): string[] {
  return text.split('\n').slice(1, -1)
}

function isClean(line: string): boolean {
  return CLEAN.test(line)
}

/** The lines whose dates can be read and are the right way round. */
function trustworthy(file: ExtractedFile): string[] {
  return linesOf(file).filter((line) => {
    const [, , , , , bought, sold] = line.split(';')
    return isClean(line) && !sold.startsWith('31/02') && isoOf(bought) <= isoOf(sold)
  })
}

function dirtyRows({ defects }: ExtractedFile): number {
  return [...defects.values()].reduce((sum, count) => sum + count, 0)
}

function amountOf(text: string): number {
  return Number(text.replace(',', '.'))
}

/** `31/10/2026` → `2026-10-31`. */
function isoOf(date: string): string {
  return date.split('/').reverse().join('-')
}
