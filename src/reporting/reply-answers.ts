import { csvText } from '../base/csv-text.ts'
import type { Language } from '../base/language.ts'
import { visibleText } from '../base/wording.ts'
import type { AnsweredLine, TakenIn } from '../ledger/replies/answered.ts'
import type { ReplyProblem } from '../ledger/replies/reply.ts'
import { styleIn } from './csv-style.ts'
import { replyTexts } from './texts/replies.ts'

/**
 * What became of a table, line by line: taken or known with the event, blank, or refused with the
 * field, what came, what was expected and what to do, one row for each thing that is wrong. In the
 * notation of the language, as `csvText` writes it.
 */
export function answerFile(taken: TakenIn, language: Language): string {
  const { columns: say, outcomes } = replyTexts[language]
  const header = [
    ...[say.line, say.outcome, say.event, say.product, say.store],
    ...[say.field, say.came, say.expected, say.remedy],
  ]
  const rows =
    taken.outcome === 'refused'
      ? [[taken.line ?? 1, outcomes.refused, '', '', '', ...problemCells(taken.problem, language)]]
      : taken.lines.flatMap((line) => rowsOf(line, language))
  return csvText([header, ...rows], styleIn(language))
}

function rowsOf(answered: AnsweredLine, language: Language): (string | number)[][] {
  const { outcomes, repeated } = replyTexts[language]
  const { line, about } = answered
  const series = [about.product ?? '', about.store ?? '']
  switch (answered.outcome) {
    case 'taken':
    case 'known':
      return [[line, outcomes[answered.outcome], answered.id, ...series, '', '', '', '']]
    case 'blank':
      return [[line, outcomes.blank, about.event ?? '', ...series, '', '', '', '']]
    case 'repeated': {
      const why = repeated(answered.first)
      return [[line, outcomes.known, about.event ?? '', ...series, '', '', why, '']]
    }
    case 'refused':
      return answered.problems.map((problem) => [
        ...[line, outcomes.refused, about.event ?? '', ...series],
        ...problemCells(problem, language),
      ])
  }
}

function problemCells({ rule, column = '', came, about }: ReplyProblem, language: Language) {
  const { expected, remedy } = replyTexts[language].rules[rule](about)
  return [visibleText(column), visibleText(came), visibleText(expected), remedy]
}
