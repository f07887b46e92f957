import type { Language } from '../../base/language.ts'
import { html } from '../../reporting/html.ts'
import { layout } from '../page/layout.ts'
import { STYLE } from '../page/page-files.ts'
import { loginTexts } from './texts.ts'

export type LoginProblem = keyof (typeof loginTexts)['en']['problems']

/** The page that lets somebody in: with a button where a link has brought the code. */
export function loginPage({
  language,
  here,
  code,
  to,
  formToken,
  problem,
  hasProvider,
}: {
  language: Language
  /** Where the page is, so that it can be read in the other language. */
  here: string
  code?: string
  /** Where the person wanted to go. */
  to: string
  formToken: string
  problem?: LoginProblem
  /** Whether people of the chain have an account elsewhere that lets them in. */
  hasProvider: boolean
}): string {
  const say = loginTexts[language]
  const entry =
    code === undefined
      ? html`<p><label>${say.code}<br><input name="code" required autocomplete="off"></label></p>`
      : html`<p>${say.withCode}</p><input type="hidden" name="code" value="${code}">`
  const elsewhere = `/login/account?to=${encodeURIComponent(to)}`
  return layout(
    {
      language,
      here,
      decides: false,
      formToken: '',
      embedded: false,
      style: STYLE,
      moment: String,
    },
    {
      title: say.title,
      isPublic: true,
      warnings: problem === undefined ? [] : [say.problems[problem]],
      main: html`${hasProvider && code === undefined && html`<p><a href="${elsewhere}">${say.withAccount}</a></p>`}
<form method="post" action="/login">
<input type="hidden" name="formToken" value="${formToken}">
<input type="hidden" name="to" value="${to}">
${code === undefined && html`<p>${say.withoutCode}</p>`}
${entry}
<p><button>${say.logIn}</button></p>
</form>`,
    },
  )
}
