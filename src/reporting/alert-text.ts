import { counted, shortened } from '../base/wording.ts'
import { inlineText, link } from './markdown.ts'

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
export function alertText({ reason, workflow, lastSuccess, overdueDays, run }: ToldAlert): string {
  return [
    `❌ ${whatIsWrong(reason, overdueDays)}\n`,
    workflow && `${successLine(workflow, lastSuccess)}\n`,
    'Production and its forecasts stay as they are until this is mended.\n',
    `### What to do\n\n${remedies(workflow)}`,
    `${link('The run that says so', run)}. This issue is updated in place, and closed when it works again.\n`,
  ]
    .filter(Boolean)
    .join('\n')
}

/** The comment with which the issue is closed. */
export function clearedText({ run }: { run: string }): string {
  return `✅ It works again: ${link('the run', run)}.\n`
}

function whatIsWrong(reason: string | undefined, overdueDays: number | undefined): string {
  if (reason) return `**It fails.** ${inlineText(shortened(reason, 1000))}`
  return overdueDays === undefined
    ? '**It fails.**'
    : `**It is overdue:** without success for more than ${counted(overdueDays, 'day')}.`
}

function successLine(workflow: string, lastSuccess: string | undefined): string {
  return lastSuccess
    ? `${inlineText(shortened(workflow, 100))} last succeeded on ${inlineText(lastSuccess.slice(0, 10))}.`
    : `${inlineText(shortened(workflow, 100))} has never succeeded.`
}

function remedies(workflow: string | undefined): string {
  const which = workflow ? inlineText(shortened(workflow, 100)) : 'the workflow'
  return [
    '1. Open the run: the summary of the job that failed says what was expected, what came, and the remedy.',
    `2. Mend that, then start ${which} by hand under Actions, Run workflow.`,
    '3. Where there is no recent run at all, GitHub has switched the workflow off: enable it under Actions. It does so in public repositories without activity for 60 days.',
  ]
    .map((line) => `${line}\n`)
    .join('')
}
