/** What `action.yml` says about an action. */
export type Metadata = {
  name: string
  description: string
  inputs?: Record<string, { description: string; default?: string; required?: boolean }>
  outputs?: Record<string, { description: string }>
}

/**
 * The README of an action with its tables as `action.yml` has them: everything from the heading
 * `## Inputs` on is replaced, what people wrote above it stays.
 */
export function withTables(readme: string, { inputs = {}, outputs = {} }: Metadata): string {
  const at = readme.indexOf(INPUTS)
  const written = (at < 0 ? readme : readme.slice(0, at)).trimEnd()
  return [
    written,
    INPUTS,
    NOTE,
    markdownTable(
      ['Input', 'What', 'Default'],
      Object.entries(inputs).map(([name, input]) => [
        `\`${name}\``,
        input.description,
        input.required ? 'required' : input.default ? `\`${input.default}\`` : '',
      ]),
    ),
    '## Outputs',
    markdownTable(
      ['Output', 'What'],
      Object.entries(outputs).map(([name, { description }]) => [`\`${name}\``, description]),
    ),
  ]
    .map((part) => `${part.trimEnd()}\n`)
    .join('\n')
}

const INPUTS = '## Inputs'
const NOTE =
  '<!-- From action.yml: node bin/run.js scripts/action-tables.ts writes what follows. -->'

/** Cells are Markdown of our own: descriptions name things in backticks. */
function markdownTable(headers: string[], rows: string[][]): string {
  const lines = [headers, headers.map(() => '---'), ...rows]
  return lines.map((cells) => `| ${cells.map((cell) => cell.trim()).join(' | ')} |`).join('\n')
}
