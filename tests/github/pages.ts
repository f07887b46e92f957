import type { Call } from './routing.ts'

/** One page of a list with the `Link` header to the others; at most 100 entries, 30 by default. */
export function page<T>({ state, url, query }: Call, all: readonly T[]): Page<T> {
  const size = Math.min(positive(query.get('per_page'), 30), 100)
  const number = positive(query.get('page'), 1)
  const last = Math.max(Math.ceil(all.length / size), 1)
  const items = all.slice((number - 1) * size, number * size)
  const links = [
    ...(number > 1 ? [link('prev', number - 1), link('first', 1)] : []),
    ...(number < last ? [link('next', number + 1), link('last', last)] : []),
  ]
  return { items, total: all.length, headers: links.length ? { link: links.join(', ') } : {} }

  // GitHub's links go by the repository's id, so that they outlive its renaming.
  function link(rel: string, to: number): string {
    const target = new URL(url)
    const rest = target.pathname.replace(/^\/(repos\/[^/]+\/[^/]+|repositories\/\d+)/, '')
    target.pathname = `/repositories/${state.id}${rest}`
    target.searchParams.set('page', String(to))
    return `<${target}>; rel="${rel}"`
  }
}

type Page<T> = { items: T[]; total: number; headers: Record<string, string> }

function positive(text: string | null, otherwise: number): number {
  const value = Number(text)
  return Number.isInteger(value) && value > 0 ? value : otherwise
}
