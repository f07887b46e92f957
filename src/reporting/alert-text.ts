import type { Language } from '../base/language.ts'
import { shortened } from '../base/wording.ts'
import { inlineText, link } from './markdown.ts'
import { alertTexts } from './texts/alert.ts'
import { numbersIn } from './texts/numbers.ts'

type ToldAlert = {
  reason: string | undefined
  /** File of the workflow that should have succeeded, such as `retrain.yml`. */
  workflow: string | undefined
  /** ISO instant; absent where it never did, or nobody asked. */
  lastSuccess: string | undefined
  /** After how many days without success it is overdue; absent where that does not matter. */
  overdueDays: number | undefined
  /** Page of the run that says so. */
  run: string
}

/** The body of the issue that says that something which nobody watches does not work. */
export function alertText(alert: ToldAlert, language: Language): string {
  const say = alertTexts[language]
  const workflow = alert.workflow && inlineText(shortened(alert.workflow, 100))
  const remedies = say.remedies(workflow || say.theWorkflow)
  return [
    `❌ ${whatIsWrong(alert, language)}\n`,
    workflow && `${successLine(workflow, alert.lastSuccess, language)}\n`,
    `${say.staysAsItIs}\n`,
    `### ${say.whatToDo}\n\n${remedies.map((line, index) => `${index + 1}. ${line}\n`).join('')}`,
    `${link(say.theRun, alert.run)}. ${say.updatedInPlace}\n`,
  ]
    .filter(Boolean)
    .join('\n')
}

/** The comment with which the issue is closed. */
export function clearedText({ run }: { run: string }, language: Language): string {
  const say = alertTexts[language]
  return `✅ ${say.worksAgain}: ${link(say.theRunThatWorked, run)}.\n`
}

function whatIsWrong({ reason, overdueDays }: ToldAlert, language: Language): string {
  const say = alertTexts[language]
  if (reason) return `${say.fails} ${inlineText(shortened(reason, 1000))}`
  return overdueDays === undefined ? say.fails : say.overdue(overdueDays)
}

function successLine(
  workflow: string,
  lastSuccess: string | undefined,
  language: Language,
): string {
  const say = alertTexts[language]
  return lastSuccess
    ? say.succeeded(workflow, inlineText(numbersIn[language].day(lastSuccess.slice(0, 10))))
    : say.neverSucceeded(workflow)
}
