import { shortened, visibleText } from '../base/wording.ts'

/** One set of values of a chart, as long as its labels, in the colour `#rrggbb`. */
export type Plotted = { kind: 'bar' | 'line'; colour: string; values: number[] }

/**
 * A chart that GitHub draws from text, as a Markdown block: no image to host. Labels are plain
 * text of any kind; values are finite and not negative.
 */
export function mermaidChart(chart: {
  title: string
  axis: string
  labels: string[]
  horizontal?: boolean
  plotted: Plotted[]
}): string {
  const { title, axis, labels, horizontal, plotted } = chart
  const top = Math.max(...plotted.flatMap(({ values }) => values))
  return `\`\`\`mermaid
---
config:
  themeVariables:
    xyChart:
      plotColorPalette: '${plotted.map(({ colour }) => colour).join(', ')}'
---
xychart-beta${horizontal ? ' horizontal' : ''}
  title ${quoted(title)}
  x-axis [${labels.map(quoted).join(', ')}]
  y-axis ${quoted(axis)} 0 --> ${decimal(top > 0 ? top * 1.1 : 1)}
${plotted.map(({ kind, values }) => `  ${kind} [${values.map(decimal).join(', ')}]`).join('\n')}
\`\`\`
`
}

/**
 * The text with only what no Markdown, Mermaid or GitHub syntax is made of; never empty. A doubled
 * percent sign begins a comment in Mermaid, even within quotes.
 */
export function plainLabel(text: string, length = 30): string {
  const plain = visibleText(text)
    .replace(/[^\p{L}\p{M}\p{N} .,()%&+/=-]/gu, ' ')
    .replace(/\bGH-(?=\d)/gi, 'GH ')
    .replace(/([-%])\1+/g, '$1')
    .replace(/ +/g, ' ')
    .trim()
  return plain === '' ? '-' : shortened(plain, length)
}

function quoted(text: string): string {
  return `"${plainLabel(text, 60)}"`
}

function decimal(value: number): string {
  return String(Number(value.toFixed(4)))
}
