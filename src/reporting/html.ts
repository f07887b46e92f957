import { remembered } from '../base/remembered.ts'

/** Text that is HTML already. Only `html` and `attributes` make it. */
export class Html {
  readonly #text: string

  constructor(key: typeof made, text: string) {
    if (key !== made) throw new TypeError('HTML is made by html`…` alone')
    this.#text = text
  }

  toString(): string {
    return this.#text
  }
}

/** What may stand in a template: `false` and `undefined` are nothing, a list is its parts in turn. */
export type Part = Html | string | number | false | undefined | readonly Part[]

/**
 * A fragment of a page. Everything in it that is not a fragment itself is escaped. Attributes stand
 * in double quotes, and an address (`href`, `src`, `action`) comes in whole and leads to this server,
 * or beside this page: a template that does otherwise throws, whatever it is given.
 *
 * @example
 * html`<li class="row"><a href="${productPath(row)}">${row.name}</a></li>`
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const places = remembered(placesOf, strings, () => placesIn(strings))
  let text = strings[0]
  for (const [index, part] of parts.entries()) {
    text += written(part, places[index]) + strings[index + 1]
  }
  return new Html(made, text)
}

/** Attributes of a tag: those that are false or undefined are left out, `true` has no value. */
export function attributes(values: Record<string, string | number | boolean | undefined>): Html {
  const text = Object.entries(values).map(([name, value]) => {
    if (!/^[a-z-]+$/.test(name) || name.startsWith('on') || addresses.has(name)) {
      throw new TypeError(`${JSON.stringify(name)} is no attribute that comes from a value`)
    }
    if (value === undefined || value === false) return ''
    return value === true ? ` ${name}` : ` ${name}="${escaped(String(value))}"`
  })
  return new Html(made, text.join(''))
}

/** As text of a page or value of an attribute in quotes; what no page may hold is shown as `�`. */
function escaped(text: string): string {
  return text.replace(UNSAFE, (char) => entities[char] ?? '\uFFFD')
}

const UNSAFE = /[&<>"']|(?![\t\n\r])\p{Cc}|\p{Cs}/gu
const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const made = Symbol('made by html')
type Place = 'text' | 'tag' | 'value' | 'address'
const placesOf = new WeakMap<TemplateStringsArray, Place[]>()
const addresses = new Set(['href', 'src', 'action', 'formaction'])

function written(part: Part, place: Place): string {
  if (part === undefined || part === false) return ''
  if (place === 'address') return escaped(ownAddress(part))
  if (part instanceof Html) {
    if (place === 'value') throw new TypeError('a fragment cannot be the value of an attribute')
    return part.toString()
  }
  if (place === 'tag') throw new TypeError('attributes come from attributes({ … })')
  if (typeof part === 'string') return escaped(part)
  if (typeof part === 'number') return String(part)
  return part.map((one) => written(one, place)).join('')
}

/** An address on this server: a path, a query, a place on the page, or what stands beside it (`./`). */
function ownAddress(part: Part): string {
  if (typeof part === 'string' && /^(?:\/(?![/\\])|[?#]|\.\.?\/)[^\s\\]*$/.test(part)) return part
  throw new TypeError(`${JSON.stringify(part)} is no address on this server`)
}

/** What each part of a template stands in. */
function placesIn(strings: readonly string[]): Place[] {
  if (/<(?:script(?! src="\0" defer><\/script>)|style)\b|<!--/i.test(strings.join('\0'))) {
    throw new TypeError('a page has no scripts but those of files of ours, no styles and comments')
  }
  const places: Place[] = []
  let place: 'text' | 'tag' | 'value' = 'text'
  let read = ''
  for (const [index, text] of strings.entries()) {
    for (const char of text) {
      read += char
      if (place === 'text' && /<[a-z/!]$/i.test(read)) place = 'tag'
      else if (place === 'value' && char === '"') place = 'tag'
      else if (place === 'tag' && char === '>') place = 'text'
      else if (place === 'tag' && /=[^"]$|'$/.test(read)) throw unquoted(read)
      else if (place === 'tag' && char === '"') place = 'value'
    }
    if (index === strings.length - 1) break
    places.push(placeAt(place, read))
  }
  if (place !== 'text') throw unquoted(read)
  return places
}

function placeAt(place: 'text' | 'tag' | 'value', read: string): Place {
  if (/<$/.test(read) || (place === 'tag' && !/[\w"]$/.test(read))) throw unquoted(read)
  if (place !== 'value') return place
  const [, name, begun] = /([\w-]+)="([^"]*)$/.exec(read) ?? []
  if (name === undefined || name.startsWith('on') || name === 'style') throw unquoted(read)
  if (!addresses.has(name)) return 'value'
  if (begun !== '') throw new TypeError(`the value of ${name} comes in whole`)
  return 'address'
}

function unquoted(read: string): TypeError {
  return new TypeError(`attributes stand in double quotes: ${read.slice(-60)}`)
}
