import { expect } from 'vitest'

/** Nothing outside of code blocks that GitHub would act on, nor anything that hides or reverses. */
export function expectHarmless(body: string): void {
  const prose = withoutCode(body)
  expect(prose).not.toMatch(/@\w/)
  expect(prose).not.toMatch(/(?<![&\w])#\d/)
  expect(prose).not.toMatch(/\bGH-\d/i)
  expect(prose.replaceAll(/\]\(https:\/\/github\.com\/shop\/demand[\w./%-]*\)/g, '')).not.toMatch(
    /https?:\/\/|www\.|(?<!\\)\]\(/,
  )
  expect(prose).not.toMatch(/<(?!\/?(details|summary)>)/)
  expect(prose).not.toMatch(/:\w*[a-z]\w*:/i)
  expect(prose).not.toMatch(/^\s*(~~~|\[[^\]]*\]:)/m)
  // With either of these a text could forge, or never close, the comment that marks it as ours.
  expect(body).not.toContain('<!--')
  expect(body).not.toMatch(/[^\n\P{Cc}]|\p{Cf}|\p{Cs}/u)
  expect(body.length).toBeLessThanOrEqual(65_000)
}

/** What a text is built of: tables, headings, code blocks, HTML, lists. No content may add any. */
export function shapeOf(body: string) {
  const prose = withoutCode(body)
  return {
    rows: prose.match(/^\|.*$/gm)?.map((row) => row.split('|').length),
    headings: prose.match(/^#+ .*$/gm),
    code: body.match(/^```.*$/gm),
    html: prose.match(/<[^>\n]*>/g),
    quotes: prose.match(/^>.*$/gm),
    items: prose.match(/^ *([-*+]|\d+[.)]) /gm),
  }
}

function withoutCode(body: string): string {
  return body.replace(/^```[\s\S]*?^```$/gm, '')
}
