import type { Language } from '../base/language.ts'
import { shortened } from '../base/wording.ts'
import type { ModelOrigin } from '../registry/manifest.ts'
import { shownUrl } from '../sales/contract/remote-path.ts'
import type { Table } from './evaluation-table.ts'
import { numbersIn } from './texts/numbers.ts'
import { promotionTexts } from './texts/promotion.ts'

/** What a version was made from, as git object ids that anybody can look up. */
export function lineageTable(origin: ModelOrigin, language: Language): Table {
  const { madeFrom: say, lineageHeaders } = promotionTexts[language]
  const { day } = numbersIn[language]
  const { lineage, trainedThrough, asOf, seed, toolchain } = origin
  const {
    commit,
    trainedOn,
    code,
    lockfile,
    data,
    contract,
    recipe,
    policy,
    ordering,
    remote = [],
  } = lineage
  const tracked = {
    [say.code]: code,
    [say.lockfile]: lockfile,
    [say.data]: data,
    [say.contract]: contract,
    [say.recipe]: recipe,
    [say.policy]: policy,
    ...(ordering && { [say.ordering]: ordering }),
  }
  return {
    headers: lineageHeaders,
    rows: [
      [say.commit, 'git', commit],
      ...Object.entries(tracked).map(([what, { path, object }]) => [
        what,
        shortened(path, 120),
        object,
      ]),
      ...remote.map(({ url, hash }) => [say.remote, shortened(shownUrl(url), 120), hash]),
      [say.trainedOn, '', day(trainedOn)],
      [say.trainedThrough, '', day(trainedThrough)],
      ...(asOf ? [[say.asOf, '', day(asOf)]] : []),
      [say.seed, '', String(seed)],
      [say.toolchain, '', `Node ${toolchain.node}, cd4ml ${toolchain.cd4ml}`],
    ],
  }
}
