import type { Static } from 'typebox'
import { unlessMistaken } from '../../base/errors.ts'
import { checker, parseJson } from '../../base/schema.ts'
import { partOf } from '../../base/schema-parts.ts'
import type { Campaign } from '../../evaluation/gate/campaign.ts'
import { Evaluation } from '../../evaluation/gate/evaluation.ts'
import type { Version } from '../../registry/production.ts'

/** What a version's evaluation says that cannot be derived, or decides whether it may be one. */
const Judged = partOf(Evaluation, ['decision', 'campaign', 'challenge', 'shadow'])

/** Of whatever code wrote the evaluation; undefined where it is none. */
export function judgedIn({ files }: Version): Static<typeof Judged> | undefined {
  const file = 'evaluation.json'
  const text = Buffer.from(files.get(file) ?? '').toString()
  return unlessMistaken(() => checkJudged(parseJson(text, file), file))
}

/** The tries that a version was judged as one of. */
export function campaignOf(version: Version): Campaign | undefined {
  const campaign = judgedIn(version)?.campaign
  if (!campaign) return undefined
  const { tries, ledger } = campaign
  return { tries, ...(ledger !== undefined && { ledger }) }
}

const checkJudged = checker(Judged)
