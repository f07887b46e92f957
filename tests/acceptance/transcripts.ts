/** A block of a page that shows what is typed and what is printed. */
export type Transcript = {
  /** Where its lines begin in the page, from 0. */
  start: number
  lines: string[]
  /** Why it cannot be run: `<!-- not run: … -->` above it. */
  notRun?: string
}

/** A command of a transcript, with its continuation lines, and the lines that are shown below it. */
export type Typed = { typed: string[]; shown: string[] }

/** The blocks of a page that are marked as `console`. */
export function transcriptsOf(page: string): Transcript[] {
  const lines = page.split('\n')
  const found: Transcript[] = []
  for (let at = 0; at < lines.length; at++) {
    if (lines[at] !== '```console') continue
    const end = lines.indexOf('```', at)
    const notRun = /^<!-- not run: (.+) -->$/.exec(lines[at - 1] ?? '')?.[1]
    found.push({ start: at + 1, lines: lines.slice(at + 1, end), ...(notRun && { notRun }) })
    at = end
  }
  return found
}

/** What is typed after each `$ `, and what is shown below. */
export function typedIn({ lines }: Transcript): Typed[] {
  const commands: Typed[] = []
  for (let at = 0; at < lines.length; at++) {
    if (!lines[at].startsWith('$ ')) {
      commands.at(-1)?.shown.push(lines[at])
      continue
    }
    const typed = [lines[at]]
    while (typed.at(-1)?.endsWith('\\')) typed.push(lines[++at])
    commands.push({ typed, shown: [] })
  }
  return commands
}

/** `$ npx cd4ml order --day "2026-11-01"` → the arguments behind `cd4ml`. */
export function argumentsOf({ typed }: Typed): string[] {
  const line = typed.map((part) => part.replace(/^\$ |\\$/g, '')).join(' ')
  const words = Array.from(line.matchAll(/(?:[^\s"]|"[^"]*")+/g), ([word]) =>
    word.replaceAll('"', ''),
  )
  if (words[0] !== 'npx' || words[1] !== 'cd4ml') {
    throw new Error(`a transcript types npx cd4ml, but this one ${JSON.stringify(line)}`)
  }
  return words.slice(2)
}

/**
 * What was printed, cut as it was shown: a line `…` stands for any number of lines, and what is shown
 * without one in between has to follow directly. Where nothing has changed, the shown lines come back
 * as they are; numbers and ids may be others for a line to be found again.
 */
export function cutAs(shown: string[], printed: string[]): string[] {
  const parts = partsOf(shown)
  const kept: string[] = []
  let from = 0
  parts.forEach((part, index) => {
    const isFirst = index === 0
    const isLast = index === parts.length - 1
    if (!isFirst && kept.at(-1) !== CUT) kept.push(CUT)
    if (part.length === 0) return
    const begin = isFirst ? 0 : indexOf(part[0], printed, from)
    if (begin === undefined) return
    const last = part.reduce((found, line) => indexOf(line, printed, found) ?? found, begin)
    const end = isLast ? printed.length : last + 1
    kept.push(...printed.slice(begin, end))
    from = end
  })
  return kept.map((line) => shown.find((other) => sameButIds(other, line)) ?? line)
}

const CUT = '…'

function partsOf(shown: string[]): string[][] {
  const parts: string[][] = [[]]
  for (const line of shown) {
    if (line === CUT) parts.push([])
    else parts.at(-1)?.push(line)
  }
  return parts
}

function indexOf(line: string, printed: string[], from: number): number | undefined {
  const key = withoutNumbers(line)
  const exact = printed.indexOf(line, from)
  if (exact >= 0) return exact
  const found = printed.findIndex((other, index) => index >= from && withoutNumbers(other) === key)
  return found < 0 ? undefined : found
}

function withoutNumbers(line: string): string {
  return withoutIds(line)
    .replace(/[+−-]?\d[\d.,:-]*/g, '0')
    .replace(/\s+|[-─]{2,}/g, ' ')
}

function sameButIds(a: string, b: string): boolean {
  return withoutIds(a) === withoutIds(b)
}

function withoutIds(line: string): string {
  return line.replace(/\b(?=[0-9a-f]*\d)[0-9a-f]{7,40}\b/g, 'id')
}
