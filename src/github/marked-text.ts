/**
 * The text with a hidden first line by which it is found again. GitHub does not show the line.
 * Throws where GitHub would refuse the text for its length.
 */
export function markedText(key: string, body: string): string {
  return checkedText(`${marker(key)}\n${body}`)
}

/** Whether the text is one that `markedText` made for this key. */
export function isMarked(key: string, text: string | null | undefined): boolean {
  return text?.replaceAll('\r\n', '\n').startsWith(`${marker(key)}\n`) ?? false
}

/** GitHub may give a text back with other line ends than it got. */
export function sameText(a: string, b: string | null | undefined): boolean {
  return normalised(a) === normalised(b ?? '')
}

/** Throws where GitHub would refuse the text of a comment, an issue or a pull request. */
export function checkedText(text: string): string {
  if (text.length <= MAX_LENGTH) return text
  throw new RangeError(`GitHub takes ${MAX_LENGTH} characters, but the text has ${text.length}`)
}

const MAX_LENGTH = 65_536

function marker(key: string): string {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(key)) throw new TypeError(`${JSON.stringify(key)} is no key`)
  return `<!-- cd4ml:${key} -->`
}

function normalised(text: string): string {
  return text.replaceAll('\r\n', '\n').trim()
}
