import { posix } from 'node:path'
import type { Language } from '../base/language.ts'
import type { AnsweredTable } from '../ledger/replies/answered.ts'
import { type Annotation, MOST_OF_A_LEVEL } from './annotations.ts'
import { refusedPlaces } from './decisions-markdown.ts'
import { replyTexts } from './texts/replies.ts'

/** What is refused in files of decisions, on its lines: it keeps nothing else from going on. */
export function decisionAnnotations(
  files: readonly AnsweredTable[],
  dataFolder: string,
  language: Language,
): Annotation[] {
  const { rules, checked } = replyTexts[language]
  const places = files.flatMap(refusedPlaces)
  const left = places.length - MOST_OF_A_LEVEL
  return places.slice(0, MOST_OF_A_LEVEL).map(({ file, line, problem }, index) => {
    const { rule, column, came, about } = problem
    const { expected, remedy } = rules[rule](about)
    const isLast = index === MOST_OF_A_LEVEL - 1 && left > 0
    const more = isLast ? checked.more(left) : ''
    return {
      level: 'warning',
      title: column ? `${rule}: ${column}` : rule,
      message: [`${came || '–'} → ${expected}.`, remedy, more].filter(Boolean).join(' '),
      file: posix.join(dataFolder, file),
      line,
    }
  })
}
