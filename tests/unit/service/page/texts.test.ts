import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { attentionReasons } from '../../../../src/ordering/attention.ts'
import { pageTexts } from '../../../../src/service/page/texts.ts'
import { REPOSITORY } from '../../../project.ts'

it.each([
  ['en', 'docs/buying.md'],
  ['pt-BR', 'docs/buying.pt-BR.md'],
] as const)(
  'what a buyer reads on the page in %s, %s explains in the same words',
  (language, file) => {
    const page = readFileSync(join(REPOSITORY, file), 'utf8')
    const say = pageTexts[language]
    for (const reason of attentionReasons) expect(page).toContain(`\n| ${say.attention[reason]} | `)
    const named = [
      say.change,
      say.notNow,
      say.today,
      say.products,
      say.theRest,
      say.ask,
      say.correct,
    ]
    for (const text of [...named, say.spreadsheet, say.otherLanguage, say.accept('').trim()]) {
      expect(page).toContain(`**${text}**`)
    }
  },
)
