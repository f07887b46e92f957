import { type OpenQuestion, optionText, type Setting } from '../sales/guess/open-question.ts'
import type { InitInput } from '../steps/setup/init.ts'
import { ask, type Question, type Terminal } from './ask.ts'

/** What somebody has said about columns, numbers and dates. */
export type GivenAnswers = Pick<InitInput, 'columns' | 'unset' | 'decimal' | 'dates' | 'weeks'>

/**
 * Asks what only the owner of the sales can say; one answer, by its number, for each question. Every
 * question must have answers.
 */
export async function answersTo(questions: OpenQuestion[], terminal: Terminal): Promise<Setting[]> {
  const given = await ask(questions.map(asked), terminal)
  return questions.map(({ answers }, index) => answers[Number(given[index]) - 1].setting)
}

/** The settings with one more. */
export function withSetting(settings: GivenAnswers, setting: Setting): GivenAnswers {
  const { columns, unset } = settings
  if (setting.option === 'column') {
    return { ...settings, columns: new Map(columns).set(setting.role, setting.header) }
  }
  if (setting.option === 'unset') return { ...settings, unset: new Set(unset).add(setting.role) }
  if (setting.option === 'decimal') return { ...settings, decimal: setting.sign }
  if (setting.option === 'dates') return { ...settings, dates: setting.order }
  return { ...settings, weeks: setting.dated }
}

function asked({ question, why, answers }: OpenQuestion): Question {
  const choices = answers.map(({ meaning, setting }, index) => {
    return `  ${index + 1}  ${meaning} (${optionText(setting)})\n`
  })
  return {
    text: `${question}\n  ${why}\n${choices.join('')}1 to ${answers.length}?`,
    problem: (answer) =>
      answers[Number(answer) - 1] === undefined
        ? `Answer with a number from 1 to ${answers.length}.`
        : undefined,
  }
}
