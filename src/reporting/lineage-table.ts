import { shortened } from '../base/wording.ts'
import type { ModelOrigin } from '../registry/manifest.ts'
import type { Table } from './evaluation-table.ts'

/** What a version was made from, as git object ids that anybody can look up. */
export function lineageTable({
  lineage,
  trainedThrough,
  asOf,
  seed,
  toolchain,
}: ModelOrigin): Table {
  const { commit, trainedOn, code, lockfile, data, contract, recipe, policy, ordering } = lineage
  const tracked = {
    Code: code,
    'Lock file': lockfile,
    Data: data,
    Contract: contract,
    Recipe: recipe,
    Policy: policy,
    ...(ordering && { 'Terms of ordering': ordering }),
  }
  return {
    headers: ['What', 'Where', 'Id or value'],
    rows: [
      ['Commit', 'git', commit],
      ...Object.entries(tracked).map(([what, { path, object }]) => [
        what,
        shortened(path, 120),
        object,
      ]),
      ['Trained on', '', trainedOn],
      ['Trained through', '', trainedThrough],
      ...(asOf ? [['As of', '', asOf]] : []),
      ['Seed', '', String(seed)],
      ['Toolchain', '', `Node ${toolchain.node}, cd4ml ${toolchain.cd4ml}`],
    ],
  }
}
