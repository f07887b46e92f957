import type { Language } from '../base/language.ts'
import type { AnsweredTable } from '../ledger/replies/answered.ts'
import type { ReplyProblem } from '../ledger/replies/reply.ts'
import { table } from './markdown.ts'
import { numbersIn } from './texts/numbers.ts'
import { replyTexts } from './texts/replies.ts'

/** The check of the files of decisions for people: what each holds, and what is refused, with why. */
export function decisionsMarkdown(files: readonly AnsweredTable[], language: Language): string {
  const { checked: say, columns } = replyTexts[language]
  const { amount } = numbersIn[language]
  const rows = files.map(({ file, rows: { read, accepted, blank, quarantined }, taken }) => [
    file,
    ...(taken.outcome === 'refused'
      ? [say.refused, '', '', '']
      : [amount(read), amount(accepted), amount(blank), amount(quarantined)]),
  ])
  const problems = files.flatMap((file) => refusedPlaces(file))
  const shown = problems.slice(0, MOST_SHOWN).map(({ file, line, problem }) => {
    const { expected, remedy } = replyTexts[language].rules[problem.rule](problem.about)
    return [file, String(line), problem.column ?? '', problem.came, expected, remedy]
  })
  const left = problems.length - shown.length
  const { line, field, came, expected, remedy } = columns
  return [
    `# ${say.title}\n`,
    table(say.fileHeaders, rows),
    ...(shown.length > 0
      ? [`${table([say.file, line, field, came, expected, remedy], shown)}`]
      : []),
    ...(left > 0 ? [`${say.more(left)}\n`] : []),
  ].join('\n')
}

/** Everything that is wrong in these files, with its place. */
export function refusedPlaces({
  file,
  taken,
}: AnsweredTable): { file: string; line: number; problem: ReplyProblem }[] {
  if (taken.outcome === 'refused') return [{ file, line: taken.line ?? 1, problem: taken.problem }]
  return taken.lines.flatMap((it) =>
    it.outcome === 'refused'
      ? it.problems.map((problem) => ({ file, line: it.line, problem }))
      : [],
  )
}

const MOST_SHOWN = 50
