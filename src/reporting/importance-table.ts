import { percent } from '../base/wording.ts'
import { families } from '../forecasting/families/families.ts'
import type { FamilyName } from '../forecasting/families/family.ts'
import type { Model } from '../forecasting/model.ts'
import type { Table } from './evaluation-table.ts'

/**
 * What the members of a model look at, one column a member that can tell, its share of 1 in each
 * cell: the features that weigh most in the whole forecast first. No rows where no member can tell.
 */
export function importanceTable({ members }: Model): Table {
  const told = members.flatMap(({ family, weight, parameters }) => {
    const shares = families[family].importance?.(parameters) ?? {}
    return Object.keys(shares).length > 0 ? [{ family, weight, shares }] : []
  })
  const total = (feature: string) =>
    told.reduce((sum, { weight, shares }) => sum + weight * (shares[feature] ?? 0), 0)
  const features = new Set(told.flatMap(({ shares }) => Object.keys(shares)))
  const ordered = [...features].sort((a, b) => total(b) - total(a) || (a < b ? -1 : 1))
  return {
    headers: ['Feature', ...told.map(({ family }) => `${family}: share of the ${unitOf(family)}`)],
    rows: ordered
      .slice(0, MOST_FEATURES)
      .map((feature) => [
        feature,
        ...told.map(({ shares }) => (feature in shares ? percent(shares[feature]) : '')),
      ]),
  }
}

/** What the shares are of: what splits gain in loss, or how far a feature moves the forecast. */
export function unitOf(family: FamilyName): string {
  return family === 'boosted-trees' ? 'gain' : 'effect'
}

const MOST_FEATURES = 12
