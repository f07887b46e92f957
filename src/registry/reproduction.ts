import { checker } from '../base/schema.ts'
import { isoDay, object, objectId } from '../base/schema-parts.ts'
import type { Campaign } from '../evaluation/gate/campaign.ts'
import { type Lineage, lineageSchema } from './manifest.ts'

/**
 * What the making of a version followed from and no file in its lineage says. It is handed to the
 * recorded code, which makes the version again from it and from the files that are laid out.
 */
export type Reproduction = {
  format: 'cd4ml-reproduction/1'
  lineage: Lineage
  /** ISO day given as --as-of at training, where one was. */
  asOf?: string
  /** The tries against the champion that the challenger was one of, where it counted as one. */
  campaign?: Campaign
}

/** Returns the record, typed; throws a `UserError` where it is not one. */
export const checkReproductionRecord = checker<Reproduction>(
  object(
    { format: { const: 'cd4ml-reproduction/1' }, lineage: lineageSchema },
    {
      asOf: isoDay,
      campaign: object({ tries: { type: 'integer', minimum: 1 } }, { ledger: objectId }),
    },
  ),
)
