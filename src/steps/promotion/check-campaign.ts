import type { Campaign } from '../../evaluation/gate/campaign.ts'
import { failed, passed, type VersionCheck } from '../../registry/check.ts'
import type { Manifest } from '../../registry/manifest.ts'
import { isAncestor } from '../../registry/repository.ts'
import { countTries, tryOf } from '../model/campaign.ts'
import { ledgerCommit, ledgerWhen } from '../model/clone-ledger.ts'

/**
 * Whether a proposed version was judged as the try against its champion that it is at the least: by
 * the ledger that it names, or by the newest one where it names none. One that names an older ledger
 * than there was when its recipe and code came to the base is counted by that.
 */
export async function checkCampaign(
  repo: string,
  proposed: Manifest,
  champion: Manifest | undefined,
  campaign: Campaign | undefined,
): Promise<VersionCheck> {
  const name = 'tries'
  const newest = await ledgerCommit(repo)
  const named = campaign?.ledger ?? newest
  if (named === undefined) return passed(name, 'There is no ledger whose tries could be counted.')
  if (newest === undefined || !(await isAncestor(repo, named, newest))) {
    return failed(
      name,
      `It was judged by the ledger at ${named.slice(0, 12)}, which is not in the branch ledger of this clone: git fetch, or compare and promote again.`,
    )
  }
  const then = await ledgerWhen(repo, newest, proposed.lineage.commit)
  const ledger = then === undefined || (await isAncestor(repo, then, named)) ? named : then
  const counted = await countTries(repo, ledger, await tryOf(repo, proposed), champion)
  const judged = campaign?.tries ?? 0
  if (counted === undefined) return passed(name, 'It is no new try against its champion.')
  return counted <= judged
    ? passed(
        name,
        `It was judged as try ${judged} against its champion, and is try ${counted} by the ledger at ${ledger.slice(0, 12)}.`,
      )
    : failed(
        name,
        `It was judged as try ${judged} against its champion, but is try ${counted} by the ledger at ${ledger.slice(0, 12)}: git fetch, then compare and promote again.`,
      )
}
