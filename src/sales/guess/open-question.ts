import type { WeekLabel } from '../contract/contract-schema.ts'
import type { Role } from '../contract/roles.ts'
import type { DateStyle } from './guess-dates.ts'
import type { DecimalChar } from './guess-numbers.ts'

/** What the sales files leave open, and what settles it. */
export type OpenQuestion = {
  question: string
  /** What the files show, and why that does not tell. */
  why: string
  /** Whether an answer changes which units are counted, of what, where or when. */
  changesUnits: boolean
  /** None where only another file helps; `why` then says what to do. */
  answers: { meaning: string; setting: Setting }[]
}

/** An option of `cd4ml init` with its value. */
export type Setting =
  | { option: 'column'; role: Role; header: string }
  | { option: 'unset'; role: Role }
  | { option: 'decimal'; sign: DecimalChar }
  | { option: 'dates'; order: DateStyle }
  | { option: 'weeks'; dated: WeekLabel }

/** As it is typed in a shell: `--column quantity="Qtde Vendida"`. */
export function optionText(setting: Setting): string {
  if (setting.option === 'column') return `--column ${setting.role}=${shellWord(setting.header)}`
  if (setting.option === 'unset') return `--unset ${setting.role}`
  if (setting.option === 'decimal') return `--decimal ${setting.sign}`
  if (setting.option === 'dates') return `--dates ${setting.order}`
  return `--weeks ${setting.dated === 'first day' ? 'first' : 'last'}`
}

function shellWord(text: string): string {
  if (/^[\p{L}\p{N}_.,%/:+-]+$/u.test(text)) return text
  return /["$`\\!]/.test(text) ? `'${text.replaceAll("'", "'\\''")}'` : `"${text}"`
}
