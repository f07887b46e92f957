import { readFileSync } from 'node:fs'

/** One small change of the code, and what the tests made of it. */
export type Mutant = {
  file: string
  line: number
  column: number
  /** The whole line, or its first one, without its indentation. */
  text: string
  /** What was changed and into what, on one line: `a < b → a <= b`. */
  change: string
  fate: 'killed' | 'survived' | 'not run'
}

/**
 * The mutants of a report of Stryker's. Left out are those that no test could notice: what does not
 * even start, and the wording of sentences, which the golden files of the reports hold.
 */
export function readReport(file: string): Mutant[] {
  const { files }: Report = JSON.parse(readFileSync(file, 'utf8'))
  return Object.entries(files).flatMap(([name, { source, mutants }]) => {
    const lines = source.split('\n')
    return mutants.flatMap(({ status, mutatorName, location, replacement }) => {
      const original = textAt(lines, location)
      if (mutatorName === 'StringLiteral' && isWording(original)) return []
      const fate = fates[status]
      if (fate === undefined) return []
      const { line, column } = location.start
      const change = `${oneLine(original)} → ${oneLine(replacement ?? '')}`
      return [{ file: name, line, column, text: lines[line - 1].trim(), change, fate }]
    })
  })
}

type Report = { files: Record<string, { source: string; mutants: ReportedMutant[] }> }
type ReportedMutant = {
  status: string
  mutatorName: string
  location: Location
  replacement?: string
}
type Location = Record<'start' | 'end', { line: number; column: number }>

/** A loop that never ends is noticed. What is not here was no change that runs. */
const fates: Record<string, Mutant['fate']> = {
  Killed: 'killed',
  Timeout: 'killed',
  Survived: 'survived',
  NoCoverage: 'not run',
}

function textAt(lines: string[], { start, end }: Location): string {
  const within = lines.slice(start.line - 1, end.line)
  within[within.length - 1] = within[within.length - 1].slice(0, end.column - 1)
  within[0] = within[0].slice(start.column - 1)
  return within.join('\n')
}

/** Words of a language, as no key, path or format has them. */
function isWording(literal: string): boolean {
  return /\p{L}+[,:;]? \p{L}+/u.test(literal.replaceAll(/\$\{[^}]*\}/g, 'x'))
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}
