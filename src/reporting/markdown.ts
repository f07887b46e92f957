import { visibleText } from '../base/wording.ts'

/** What a table holds: plain text, or Markdown that was made of it already. */
export type TableCell = string | { markdown: string }

/**
 * A GitHub table. Headers and cells of plain text are escaped here and nowhere else. Columns of
 * numbers are aligned to the right.
 */
export function table(headers: string[], rows: TableCell[][]): string {
  const rule = headers.map((_, column) => (isNumeric(rows, column) ? '---:' : '---'))
  const lines = [headers.map(escapeCell), rule, ...rows.map((row) => row.map(escapeCell))]
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`
}

/** The content of a table cell; an empty one stays empty. */
export function escapeCell(cell: TableCell): string {
  return typeof cell === 'string' ? inlineText(cell).trim() : cell.markdown
}

/** A link that shows this text. The address comes from `links.ts`, which encodes what it is made of. */
export function link(text: string, url: string): string {
  return `[${inlineText(text)}](${url})`
}

/** A part that is folded up until somebody opens it. The summary is plain text of our own. */
export function details(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n</details>\n`
}

/**
 * Any text as Markdown that shows exactly this text within a line: no markup, HTML, link, image or
 * mention comes of it, and characters that cannot be seen (or that turn the writing direction
 * around) are named. GitHub looks for mentions and addresses after Markdown's own escapes are
 * gone, so those are broken by a zero-width space.
 */
export function inlineText(text: string): string {
  return visibleText(text)
    .replace(/[&<>|\\`]/g, (char) => `&#${char.charCodeAt(0)};`)
    .replace(/[*~[\]$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\$&')
    .replace(/@|(?<!&)#|:(?=\/\/|[\w+-]*[a-z][\w+-]*:)/gi, `$&${gap}`)
    .replace(/\bwww(?=\.|$)|\bGH-(?=\d)/gi, `$&${gap}`)
}

const gap = '&#8203;'

function isNumeric(rows: TableCell[][], column: number): boolean {
  return rows.length > 0 && rows.every((row) => isNumber(row[column]))
}

function isNumber(cell: TableCell): boolean {
  return typeof cell === 'string' && /^[-+−]?[\d.,\s]*\d[\s%×]*$|^[–-]?$/.test(cell)
}
