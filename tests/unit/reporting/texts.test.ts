import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { numbersIn } from '../../../src/reporting/texts/numbers.ts'

const folder = resolve(import.meta.dirname, '../../../src/reporting/texts')
const files = globSync('*.ts', { cwd: folder }).sort()

/** What is written alike in both languages. */
const SAME_IN_BOTH = new Set([
  'WAPE',
  'MASE',
  'RMSSE',
  'Total',
  'total',
  'Branch',
  'Commit',
  'Volume',
])

describe.each(files)('the texts in %s', async (file) => {
  const parts = Object.entries(await import(join(folder, file))).flatMap(([name, part]) =>
    isInEveryLanguage(part) ? [{ name, ...part }] : [],
  )

  it('are in both languages', () => {
    // Numbers are functions of the language, each written once.
    expect(parts.length > 0 || file === 'numbers.ts').toBe(true)
  })

  it.each(parts)('have in Portuguese all that they have in English: $name', (part) => {
    expect(shapeOf(part['pt-BR'])).toEqual(shapeOf(part.en))
  })

  it.each(parts)('are not left in English where the reader chose Portuguese: $name', (part) => {
    const portuguese = textsIn(part['pt-BR'])
    const left = [...textsIn(part.en)].filter(
      ([path, text]) =>
        portuguese.get(path) === text && /\p{L}{2}/u.test(text) && !SAME_IN_BOTH.has(text),
    )
    expect(left).toEqual([])
  })
})

it('writes numbers and days as they are read in Brazil', () => {
  const { integer, percent, signedPercent, units, day } = numbersIn['pt-BR']
  expect(integer(541_909)).toBe('541.909')
  expect(integer(1234)).toBe('1.234')
  expect(percent(0.1234)).toBe('12,3%')
  expect(signedPercent(0.052)).toBe('+5,2%')
  expect([units(312.4), units(0.26), units(9.96)]).toEqual(['312', '0,3', '10'])
  expect(day('2026-11-02')).toBe('02/11/2026')
})

const reporting = resolve(folder, '..')

it.each(
  ['../workflow/summaries.ts', ...globSync('*.ts', { cwd: reporting })].flatMap((file) => {
    const code = readFileSync(join(reporting, file), 'utf8')
    return code.includes('base/language.ts') ? [[file, code] as const] : []
  }),
)('%s holds no words of its own, which one language alone would have', (_, code) => {
  const said = wordsIn(code)
  expect(said).toEqual([])
})

it('finds words that stand in a report', () => {
  const code = "say('The run', `$" + '{made(1)} of $' + "{all} failed`, 'no metric')"
  expect(wordsIn(code)).toEqual(['The run', '… of … failed'])
})

/** Capitals, or words among which something is put or punctuated: keys of the code have neither. */
const words = /^\P{L}*\p{Lu}\p{Ll}|\p{Ll}{2}[,.:;]? \p{L}.*[…,.:;]|… \p{Ll}{2}/u

type InEveryLanguage = { en: unknown; 'pt-BR': unknown }

function isInEveryLanguage(part: unknown): part is InEveryLanguage {
  return typeof part === 'object' && part !== null && 'en' in part && 'pt-BR' in part
}

/** Which keys there are, and what kind of text each holds. */
function shapeOf(texts: unknown): unknown {
  if (Array.isArray(texts)) return texts.map(shapeOf)
  if (typeof texts !== 'object' || texts === null) return typeof texts
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, shapeOf(text)]))
}

/** Every text that is a plain one, by its path. */
function textsIn(texts: unknown, path = ''): Map<string, string> {
  if (typeof texts === 'string') return new Map([[path, texts]])
  if (typeof texts !== 'object' || texts === null) return new Map()
  return new Map(
    Object.entries(texts).flatMap(([key, text]) => [...textsIn(text, `${path}/${key}`)]),
  )
}

/** What a file says in words, but for names. */
function wordsIn(code: string): string[] {
  return literalsOf(code).filter((one) => words.test(one) && one !== 'Node …, cd4ml …')
}

/** The texts in a file's quotes, with an ellipsis for what is put into them. */
function literalsOf(code: string): string[] {
  const bare = code
    .replace(/^import [\s\S]*? from .*$/gm, '')
    .replace(/\/\*[\s\S]*?\*\/|^ *\/\/.*$/gm, '')
    .replace(/\$\{(?:[^{}`]|\{[^{}`]*\})*\}/g, '…')
    .replaceAll('\\n', ' ')
  return Array.from(bare.matchAll(/'([^'\n]*)'|"([^"\n]*)"|`([^`]*)`/g), ([, ...one]) =>
    one.join(''),
  )
}
