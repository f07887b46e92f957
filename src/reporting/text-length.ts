/**
 * Most characters of a comment or of the body of an issue or a pull request. GitHub takes 65,536;
 * the rest is for what marks a text as ours.
 */
export const MOST_CHARACTERS = 65_000

/** Most bytes of the summary of a step. GitHub takes 1 MiB and shows nothing of a longer one. */
export const MOST_SUMMARY_BYTES = 1_000_000

/**
 * The text with as many rows of its long parts as there is room for. `parts` says how many rows each
 * has; `render` is asked for fewer, the first part down to none before the second is touched.
 */
export function fittedText<Part extends string>(
  parts: Record<Part, number>,
  render: (most: Record<Part, number>) => string,
  fits: (text: string) => boolean = (text) => text.length <= MOST_CHARACTERS,
): string {
  let most = parts
  let text = render(most)
  for (const part of Object.keys(parts) as Part[]) {
    while (most[part] > 0 && !fits(text)) {
      most = { ...most, [part]: most[part] >> 1 }
      text = render(most)
    }
  }
  return text
}

/** As `fittedText`, for the summary of a step. */
export function fittedSummary<Part extends string>(
  parts: Record<Part, number>,
  render: (most: Record<Part, number>) => string,
): string {
  return fittedText(parts, render, (text) => Buffer.byteLength(text) <= MOST_SUMMARY_BYTES)
}
