/**
 * The positions of cells that run over several lines and may hold parts of other rows.
 *
 * A quotation mark that is not closed swallows rows up to the next one. Where that leaves as many
 * cells as there should be, the cell that it opened begins with the rest of its own row and ends with
 * the beginning of another one, and the cells before and after it are those of different rows: nothing
 * of it is to be believed. What stands between, such as empty lines, tells nothing.
 */
export function cellsOfOtherRows(
  cells: string[],
  withRole: ReadonlySet<number>,
  delimiter: string,
): number[] {
  const last = cells.length - 1
  return [...cells.keys()].filter((position) => {
    const lines = cells[position].split(/\r\n|\n|\r/)
    if (lines.length === 1) return false
    const delimitersIn = (line: string) => line.split(delimiter).length - 1
    const holdsRows =
      delimitersIn(lines[0]) >= last - position && delimitersIn(lines[lines.length - 1]) >= position
    return withRole.has(position) || holdsRows
  })
}
