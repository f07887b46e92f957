import { mkdtemp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dayFromIso } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import { parseJson } from '../../base/schema.ts'
import { writeWhole } from '../../base/write-file.ts'
import { readPolicy } from '../../evaluation/gate/policy.ts'
import { fitStore } from '../../evaluation/search/fit-store.ts'
import { trainAsOf } from '../../evaluation/search/search.ts'
import { readOrdering } from '../../ordering/buying-terms.ts'
import { newChallenger } from '../../registry/challenger.ts'
import { type Version, versionBytes } from '../../registry/production.ts'
import { checkReproductionRecord, type Reproduction } from '../../registry/reproduction.ts'
import { inputsIn, readInputs, type ValidInputs } from '../data/inputs.ts'
import type { SalesInParts } from '../data/sales-in-parts.ts'
import { championFor } from './champion.ts'
import { type JudgeInput, judgeChallenger, judgeParts, salesRows } from './judge-challenger.ts'
import { makeVersion, toolchainOf, type VersionInput } from './make-version.ts'
import { makeChallenger } from './train.ts'
import { withHistories } from './with-history.ts'

export type ReproduceInput = {
  /** A folder with all that a version was made from, at its paths, and the champion in production. */
  project: string
  /** File of a `Reproduction`. */
  record: string
  /** Folder for the files of the version. */
  out: string
}

/**
 * Makes a version again, as on the day on which it was made: trains, compares with the champion that
 * stands in the folder, and writes every file of the version. The same input gives the same bytes.
 */
export async function reproduce({ project, record, out }: ReproduceInput): Promise<void> {
  const reproduction = checkReproductionRecord(
    parseJson(await readFile(record, 'utf8'), record),
    record,
  )
  const { lineage, asOf } = reproduction
  const inputs = await readInputs(
    inputsIn(project, dayOf(lineage.trainedOn), {
      data: lineage.data.path,
      contract: lineage.contract.path,
      recipe: lineage.recipe.path,
      asOf: asOf === undefined ? undefined : dayOf(asOf),
    }),
  )
  if (inputs.outcome === 'invalid') {
    throw new UserError(`the sales are not valid on ${lineage.trainedOn}`, {
      file: lineage.data.path,
    })
  }
  const version = await madeOf(inputs, reproduction)
  for (const [name, bytes] of versionBytes(version)) await writeWhole(join(out, name), bytes)
}

async function madeOf(
  inputs: ValidInputs,
  { lineage, campaign, shadow }: Reproduction,
): Promise<Version> {
  const { project, plan, report } = inputs
  const champion = await championFor(inputs)
  const judging = {
    plan,
    policy: await readPolicy(join(project, lineage.policy.path)),
    ordering: await readOrdering(project),
    rows: salesRows(report),
    ...(champion.state === 'in production' && { production: champion.version }),
    ...(campaign && { campaign }),
    ...(shadow && { shadow }),
  }
  const made = await (inputs.parts
    ? partsOf(inputs, inputs.parts, judging)
    : wholeOf(inputs, judging))
  const packageJson = await readFile(join(project, 'package.json'), 'utf8')
  const toolchain = toolchainOf(packageJson, process.versions.node)
  // What was read from other machines is what the contract says now, whatever the record claims.
  const { remote: _, ...objects } = lineage
  const source = { ...objects, ...(inputs.remote && { remote: inputs.remote }) }
  return await makeVersion({ ...made, lineage: source, toolchain })
}

type Judging = Omit<JudgeInput, 'challenger' | 'totals' | 'history' | 'histories'>
type Made = Pick<VersionInput, 'challenger' | 'comparison'>

/**
 * One history for both: what training has fitted, comparing need not fit again. No store: a proof
 * believes no fit that it has not made.
 */
function wholeOf(inputs: ValidInputs, judging: Judging): Promise<Made> {
  const { recipe, fingerprint } = inputs
  return withHistories(inputs, (histories) =>
    histories.whole(async ({ totals, history }) => {
      const { model, search } = await trainAsOf(history, recipe)
      const challenger = newChallenger(model, { fingerprint, search })
      const judged = await judgeChallenger({ ...judging, challenger, totals, history, histories })
      return { challenger: { kind: 'whole', ...challenger }, comparison: judged.record }
    }),
  )
}

/** Of parts, whose histories are opened one after the other: a store that begins empty, for this alone. */
async function partsOf(inputs: ValidInputs, sales: SalesInParts, judging: Judging): Promise<Made> {
  const folder = await mkdtemp(join(inputs.project, '.cd4ml', 'made-'))
  return await withHistories(
    inputs,
    async (histories) => {
      const challenger = await makeChallenger(inputs, histories, folder)
      if (challenger.kind === 'whole') throw new Error('parts were trained as one')
      const comparison = await judgeParts({ ...judging, challenger, sales, histories })
      return { challenger, comparison }
    },
    { store: fitStore(join(folder, 'fits')) },
  )
}

/** The schema of the record lets nothing but days through. */
function dayOf(iso: string): number {
  const day = dayFromIso(iso)
  if (day === undefined) throw new Error(`${iso} is no day`)
  return day
}
