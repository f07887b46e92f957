import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { git } from '../../src/base/git.ts'
import type { Policy } from '../../src/evaluation/gate/policy.ts'
import { openHistory } from '../../src/evaluation/search/history.ts'
import { readOrdering } from '../../src/ordering/buying-terms.ts'
import { readChallenger } from '../../src/registry/challenger.ts'
import type { Lineage } from '../../src/registry/manifest.ts'
import { readVersion } from '../../src/registry/production.ts'
import { noPlan } from '../../src/sales/plan/plan.ts'
import { writeComparison } from '../../src/steps/model/comparison-record.ts'
import { judgeChallenger } from '../../src/steps/model/judge-challenger.ts'
import { train } from '../../src/steps/model/train.ts'
import { historiesOf } from '../../src/steps/model/with-history.ts'
import { promote } from '../../src/steps/promotion/promote.ts'
import { commitAll, copyOf, put, temporaryFolder } from '../repository.ts'
import { totalsOf } from '../unit/demand/totals.ts'
import { barePolicy } from '../unit/evaluation/examples.ts'
import { recipeOf, shopSales } from '../unit/evaluation/shop.ts'
import { lineageOf, newProject } from './registry-fixture.ts'

const POLICY: Policy = { ...barePolicy, origins: 3, minimumOrigins: 2 }

/** A project with a branch `work`, on which a challenger was trained and compared. */
let project: string

beforeAll(async () => {
  project = await newProject()
  await git(project, ['switch', '--quiet', '--create', 'work'])
  await put(project, { 'recipe.yml': 'on a branch' })
  await commitAll(project, 'Try')
  await makeChallenger(project, { trained: await lineageOf(project) })
})

test('what was trained on a branch is promoted after its squash merge, on the commit that main has', async () => {
  const repo = await copyOf(project)
  await git(repo, ['switch', '--quiet', 'main'])
  await put(repo, { 'notes.txt': 'Meanwhile.' })
  await commitAll(repo, 'Meanwhile')
  expect(await proposed(repo)).toMatchObject({
    outcome: 'refused',
    reasons: [expect.stringContaining('not in main: merge your branch first')],
    until: 'it is merged',
  })

  await git(repo, ['merge', '--quiet', '--squash', 'work'])
  const squashed = await commitAll(repo, 'Try (#7)')
  const result = await proposed(repo)
  expect(result).toMatchObject({ outcome: 'proposed', manifest: { lineage: { commit: squashed } } })
  const card = (await readVersion(repo, 'promotion/demand'))?.files.get('README.md')
  expect(Buffer.from(card!).toString()).toContain(squashed)
})

test('reviewers read the pull request in the language of the project, and the card as it can be proven', async () => {
  const repo = await copyOf(project)
  await git(repo, ['switch', '--quiet', 'main'])
  await git(repo, ['merge', '--quiet', 'work'])
  await put(repo, { 'project.yml': 'language: pt-BR\n' })
  const result = await proposed(repo)
  if (result.outcome !== 'proposed') throw new Error(JSON.stringify(result))
  expect(result.text.title).toMatch(/^Promover a versão 1: /)
  expect(result.text.body).toContain('### Contra a linha de base sazonal ingênua')
  expect(result.text.body).not.toContain('Seasonal naive')
  const card = (await readVersion(repo, 'promotion/demand'))?.files.get('README.md')
  expect(Buffer.from(card!).toString()).toContain('## Intended use')
})

test('what was compared with other code, or by another policy, than can be recorded is not promoted', async () => {
  const repo = await copyOf(project)
  const lineage = await lineageOf(repo)
  const other = { ...lineage, code: { path: 'src', object: 'f'.repeat(40) } }
  await makeChallenger(repo, { trained: lineage, compared: other })
  expect(await proposed(repo)).toMatchObject({
    outcome: 'refused',
    reasons: [expect.stringMatching(/compared with another code than it was trained with/)],
  })
  await makeChallenger(repo, { trained: lineage, compared: undefined })
  expect(await proposed(repo)).toMatchObject({
    outcome: 'refused',
    reasons: [expect.stringMatching(/without --policy and --ordering/)],
  })
})

const FINGERPRINT = { data: 'd', contract: 'c', recipe: 'r' }

type Lineages = { trained: Lineage; compared?: Lineage | undefined }

async function makeChallenger(repo: string, lineages: Lineages): Promise<void> {
  const { trained } = lineages
  const compared = 'compared' in lineages ? lineages.compared : trained
  const { policy: _, ordering: __, ...lineage } = trained
  const out = join(repo, '.cd4ml/challenger')
  const totals = totalsOf(shopSales(24))
  const history = openHistory(totals)
  const recipe = recipeOf({ families: { 'moving-average': {} } })
  const inputs = {
    project: repo,
    data: join(repo, 'data'),
    totals,
    plan: noPlan,
    recipe,
    fingerprint: FINGERPRINT,
  }
  const histories = historiesOf({ totals, plan: noPlan, history })
  await train({ inputs: { ...inputs, lineage }, histories, out })
  const { record: comparison } = await judgeChallenger({
    challenger: await readChallenger(out),
    totals,
    history,
    histories,
    policy: POLICY,
    ordering: await readOrdering(await temporaryFolder()),
  })
  await writeComparison(out, { ...comparison, ...(compared && { lineage: compared }) })
}

function proposed(repo: string) {
  return promote({ repo, out: join(repo, '.cd4ml/challenger'), baseline: true })
}
