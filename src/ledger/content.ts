import { UserError, unlessMistaken } from '../base/errors.ts'
import { digestOf, packed, unpacked } from '../base/packed-text.ts'

/**
 * A file that is named by what it says: whatever says the same is the same file, and is not written
 * again. The name is of the text and not of its packing, which differs between releases of zlib.
 */
export type ContentFile = { path: string; bytes: Uint8Array }

/** The text as a file of the ledger; `ending` is that of the text, such as `csv`. */
export function contentFile(text: string, ending: ContentEnding): ContentFile {
  return { path: contentPath(digestOf(text), ending), bytes: packed(text) }
}

/** Of a text: a table of forecasts, of orders, a page, or a model. */
type ContentEnding = 'ndjson' | 'csv' | 'md' | 'json'

/** A `path` as `contentFile` makes it. */
export const CONTENT_PATH = '^content/[0-9a-f]{2}/[0-9a-f]{64}\\.(ndjson|csv|md|json)\\.gz$'

/** Where the text of this SHA-256 stands, if it is there. */
export function contentPath(digest: string, ending: ContentEnding): string {
  return `${placeOf(digest)}.${ending}.gz`
}

/**
 * The text of such a file, of at most so many bytes. Throws a `UserError` where it is not what its name
 * says.
 */
export function contentText(path: string, bytes: Uint8Array, most = MOST_BYTES): string {
  const text = unpacked(bytes, path, most)
  if (!path.startsWith(`${placeOf(digestOf(text))}.`)) {
    throw new UserError('does not hold what its name is the digest of', { file: path })
  }
  return text.toString()
}

/** Whether it can stay: it says what its name promises. */
export function isWhole(path: string, bytes: Uint8Array): boolean {
  return unlessMistaken(() => contentText(path, bytes)) !== undefined
}

/** Folders by the first two digits: what a commit writes anew of folders stays small. */
function placeOf(digest: string): string {
  return `content/${digest.slice(0, 2)}/${digest}`
}

/** Forecasts of 100,000 series at all levels take a third. */
const MOST_BYTES = 400 * 1024 ** 2
