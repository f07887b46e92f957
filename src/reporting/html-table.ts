import { attributes, type Html, html, type Part } from './html.ts'

type Column = { text: string; isNumber?: boolean }

/** A table whose first cell of a row names it; it scrolls by itself where it is too wide. */
export function htmlTable(
  label: string,
  columns: readonly Column[],
  rows: readonly (readonly Part[])[],
): Html {
  const head = columns.map(
    ({ text, isNumber }) =>
      html`<th scope="col"${attributes({ class: isNumber && 'n' })}>${text}</th>`,
  )
  const body = rows.map(
    ([first, ...cells]) =>
      html`<tr><th scope="row">${first}</th>${cells.map((cell, i) => html`<td${attributes({ class: columns[i + 1]?.isNumber && 'n' })}>${cell}</td>`)}</tr>
`,
  )
  return html`<div class="wide" tabindex="0" role="region" aria-label="${label}">
<table><thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody></table>
</div>`
}

/** Numbers in the columns of these texts, after one that names the row. */
export function withNumbers(first: string, ...numbers: string[]): Column[] {
  return [{ text: first }, ...numbers.map((text) => ({ text, isNumber: true }))]
}
