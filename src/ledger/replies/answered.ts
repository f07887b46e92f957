import type { ReplyLine, ReplyProblem } from './reply.ts'

/** What became of a line. */
export type AnsweredLine = Pick<ReplyLine, 'line' | 'about'> &
  (
    | { outcome: 'taken' | 'known'; id: string }
    | { outcome: 'repeated'; first: number }
    | { outcome: 'blank' }
    | { outcome: 'refused'; problems: ReplyProblem[] }
  )

/** What became of a table. */
export type TakenIn = { outcome: 'read'; lines: AnsweredLine[] } | RefusedTable

export type RefusedTable = { outcome: 'refused'; problem: ReplyProblem; line: number | undefined }

/** A table, how many of its rows became what, and what each did. */
export type AnsweredTable = {
  file: string
  rows: { read: number; accepted: number; blank: number; quarantined: number }
  taken: TakenIn
}

/** Counts the rows: accepted, blank and quarantined ones are all. */
export function answeredTable(file: string, taken: TakenIn): AnsweredTable {
  const lines = taken.outcome === 'read' ? taken.lines : []
  const count = (outcome: AnsweredLine['outcome']) =>
    lines.filter((line) => line.outcome === outcome).length
  const [blank, quarantined] = [count('blank'), count('refused')]
  const accepted = lines.length - blank - quarantined
  return { file, rows: { read: lines.length, accepted, blank, quarantined }, taken }
}
