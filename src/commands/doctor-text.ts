import { counted } from '../base/wording.ts'
import { terminalText } from '../reporting/aligned-columns.ts'
import type { Checkup } from '../steps/setup/checkup.ts'
import type { CheckupGroup } from '../steps/setup/doctor.ts'

/** All checkups as plain text for a terminal, and what is left to do in the last line. */
export function doctorText(groups: CheckupGroup[]): string {
  const parts = groups.map(
    ({ title, checkups }) => `${terminalText(title)}\n\n${checkups.map(checkupText).join('')}\n`,
  )
  return parts.join('') + lastLine(groups.flatMap(({ checkups }) => checkups))
}

const MARKS = { passed: '✓', 'to do': '✗', unknown: '?' }
const LONGEST = 500

function checkupText(checkup: Checkup): string {
  const { name, state, detail } = checkup
  const head = `  ${MARKS[state]} ${terminalText(`${name}: ${detail}`, LONGEST)}\n`
  if (state === 'passed') return head
  const { remedy, url } = checkup
  const lines = [remedy, ...(url === undefined ? [] : [url])]
  return head + lines.map((line) => `      ${terminalText(line, LONGEST)}\n`).join('')
}

function lastLine(checkups: Checkup[]): string {
  const count = (wanted: Checkup['state']) =>
    checkups.filter(({ state }) => state === wanted).length
  const unknown = count('unknown') === 0 ? '' : `, ${count('unknown')} not known`
  const left = count('to do') === 0 ? 'Nothing to do' : `${counted(count('to do'), 'thing')} to do`
  return `${left}; ${count('passed')} of ${checkups.length} set up${unknown}.\n`
}
