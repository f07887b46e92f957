import { attributes, type Html, html, type Part } from './html.ts'

type Column = { text: string; isNumber?: boolean }

/** A table whose first cell of a row names it; it scrolls by itself where it is too wide. */
export function htmlTable(
  label: string,
  columns: readonly Column[],
  rows: readonly (readonly Part[])[],
): Html {
  const [, ...others] = columns
  // Said once, where it holds for all but the first: ten thousand tables are shorter by a third.
  const isAllNumbers = others.length > 0 && others.every(({ isNumber }) => isNumber)
  const aligned = (column: Column | undefined) =>
    attributes({ class: !isAllNumbers && column?.isNumber && 'n' })
  const head = columns.map((column) => html`<th scope="col"${aligned(column)}>${column.text}</th>`)
  const body = rows.map(
    ([first, ...cells]) =>
      html`<tr><th scope="row">${first}</th>${cells.map((cell, i) => html`<td${aligned(others[i])}>${cell}</td>`)}</tr>
`,
  )
  return html`<div class="wide" tabindex="0" role="region" aria-label="${label}">
<table${attributes({ class: isAllNumbers && 'numbers' })}><thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody></table>
</div>`
}

/** Numbers in the columns of these texts, after one that names the row. */
export function withNumbers(first: string, ...numbers: string[]): Column[] {
  return [{ text: first }, ...numberColumns(...numbers)]
}

export function numberColumns(...texts: string[]): Column[] {
  return texts.map((text) => ({ text, isNumber: true }))
}
