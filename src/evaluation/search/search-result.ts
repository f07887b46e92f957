import { type Static, Type } from 'typebox'
import { count, isoDay, number, object } from '../../base/schema-parts.ts'

/** A candidate of a recipe, and how the search judged it. */
export const SearchedCandidate = object({
  name: Type.String({ maxLength: 2000 }),
  /** The weighted quantile loss over the origins that it was judged on; absent without any. */
  loss: Type.Optional(number),
  /**
   * How many of the search's origins it was judged on: all; or fewer, where half of its family was
   * better on these; or none, where the budget of the recipe had no time for it.
   */
  origins: count,
  chosen: Type.Boolean(),
  /** Its share of the forecast, where it was chosen. */
  weight: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1 })),
})
export type SearchedCandidate = Static<typeof SearchedCandidate>

/** What a search tried, and on what. */
export const Search = object({
  candidates: Type.Array(SearchedCandidate),
  /** ISO days: the origins that the candidates were judged on. */
  origins: Type.Array(isoDay),
})
export type Search = Static<typeof Search>
