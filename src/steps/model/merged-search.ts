import type { Search } from '../../evaluation/search/search-result.ts'

/**
 * What the searches of all parts tried, in the order of the recipe. The share of a candidate is its
 * mean share of the forecasts of a part; losses of different parts have no mean, and are left out.
 */
export function mergedSearch(searches: Search[]): Search {
  const names = new Set(searches.flatMap(({ candidates }) => candidates.map(({ name }) => name)))
  const candidates = [...names].map((name) => {
    const tried = searches.flatMap((search) =>
      search.candidates.filter((candidate) => candidate.name === name),
    )
    const weight = tried.reduce((sum, it) => sum + (it.weight ?? 0), 0) / searches.length
    return {
      name,
      origins: Math.max(...tried.map(({ origins }) => origins)),
      chosen: weight > 0,
      ...(weight > 0 && { weight: Math.min(1, weight) }),
    }
  })
  const origins = [...new Set(searches.flatMap((search) => search.origins))].sort()
  return { candidates, origins }
}
