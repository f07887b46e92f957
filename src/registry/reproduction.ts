import { type Static, Type } from 'typebox'
import { checker } from '../base/schema.ts'
import { isoDay, object } from '../base/schema-parts.ts'
import { Campaign } from '../evaluation/gate/campaign.ts'
import { TriedShadow } from '../evaluation/gate/tried-shadow.ts'
import { Lineage } from './manifest.ts'

/**
 * What the making of a version followed from and no file in its lineage says. It is handed to the
 * recorded code, which makes the version again from it and from the files that are laid out.
 */
const Reproduction = object({
  format: Type.Literal('cd4ml-reproduction/1'),
  lineage: Lineage,
  /** ISO day given as --as-of at training, where one was. */
  asOf: Type.Optional(isoDay),
  /** The tries against the champion that the challenger was one of, where it counted as one. */
  campaign: Type.Optional(Campaign),
  /** What was tried beside the champion, where that was told. */
  shadow: Type.Optional(TriedShadow),
})
export type Reproduction = Static<typeof Reproduction>

/** Returns the record, typed; throws a `UserError` where it is not one. */
export const checkReproductionRecord = checker(Reproduction)
