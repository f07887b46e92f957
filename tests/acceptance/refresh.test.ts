import { cp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import { cd4ml, mergeProposal, newProject, succeed, succeedJson } from '../project.ts'
import { commitAll, copyOf, put, temporaryFolder } from '../repository.ts'
import { dataFiles, OPENING, productIds, recipe, salesOf } from '../shop.ts'

const WEEKS = 70
const AFTER = 8
const OWN = recipe('ridge: { penalty: 10 }')
const all = salesOf({ products: productIds(12), frequency: 'week', periods: WEEKS + AFTER + 2 })

/**
 * What the shop has sold until a week: from the break on 15% less every week, so that a level which
 * follows what was sold is always behind.
 */
function until(week: number): Record<string, string> {
  const known = all.filter(({ day }) => day < OPENING + 7 * week)
  return dataFiles(
    known.map((sale) => {
      const since = Math.max(0, (sale.day - OPENING) / 7 - WEEKS)
      return { ...sale, units: Math.round(sale.units * 0.85 ** since) }
    }),
  )
}

let inProduction: string

beforeAll(async () => {
  inProduction = await newProject({ ...until(WEEKS), ...OWN })
  await succeed(inProduction, ['pipeline'])
  await merge(inProduction)
})

describe('a model whose shop sells less every week', () => {
  it('is refreshed by a pull request that says so and can be verified, and then left alone', async () => {
    const project = await copyOf(inProduction)
    await put(project, until(WEEKS + AFTER))
    await commitAll(project, 'Add the sales of two months')
    const { promotion, evaluation } = await succeedJson(project, ['pipeline'])
    expect([promotion.outcome, evaluation.challenge.kind]).toEqual(['proposed', 'refresh'])
    const text = await readFile(join(project, '.cd4ml/challenger/pull-request.md'), 'utf8')
    expect(text).toMatch(/^A refresh: the recipe in production, .*Production breaks the limit/m)

    await put(project, until(WEEKS + AFTER + 1))
    await commitAll(project, 'Add the sales of a week, while it waits')
    expect((await cd4ml(project, ['pipeline'])).stderr).toMatch(/version 2, which waits/)
    expect(await succeed(project, ['verify'])).toMatch(/^promotion\/demand \(.*\): verified$/m)
    await merge(project)

    const same = await succeedJson(project, ['pipeline'])
    expect(same.evaluation.decision.doubts).toEqual([{ doubt: 'the champion itself' }])
    await put(project, until(WEEKS + AFTER + 2))
    await commitAll(project, 'Add the sales of another week')
    const later = await succeedJson(project, ['pipeline'])
    expect(later.evaluation.challenge.kind).toBe('refresh')
    expect(later.evaluation.decision.decision).toBe('keep')
  })

  it('is refreshed no less after a campaign of recipes against it, nor by other code', async () => {
    const project = await copyOf(inProduction)
    for (const window of [1, 2]) {
      await put(project, recipe(`moving-average: { window: ${window} }`))
      await commitAll(project, 'Try a recipe')
      await succeed(project, ['pipeline'])
    }
    await recordRuns(project)
    await put(project, { ...OWN, ...until(WEEKS + AFTER) })
    await commitAll(project, 'Go back to the recipe, and add the sales of two months')
    const own = await succeedJson(project, ['pipeline'])
    expect([own.promotion.outcome, own.evaluation.campaign]).toEqual(['proposed', undefined])

    await put(project, { 'src/note.ts': '// Nothing else.\n' })
    await commitAll(project, 'Change the code')
    const other = await succeedJson(project, ['pipeline'])
    expect(other.evaluation).toMatchObject({
      challenge: { kind: 'refresh' },
      campaign: { tries: 3 },
    })
    expect(other.promotion.outcome).toBe('proposed')
    expect(await succeed(project, ['verify'])).toMatch(/: verified$/m)
  })
})

async function merge(project: string): Promise<void> {
  await mergeProposal(project)
  await git(project, ['branch', '--delete', 'promotion/demand'])
}

/** Moves the runs of this machine to the branch of records. */
async function recordRuns(project: string): Promise<void> {
  const folder = await temporaryFolder()
  await cp(join(project, '.cd4ml/runs'), join(folder, 'runs'), { recursive: true })
  await rm(join(project, '.cd4ml/runs'), { recursive: true })
  const env = { GIT_INDEX_FILE: join(await temporaryFolder(), 'index') }
  await git(project, [`--work-tree=${folder}`, 'add', '--all'], { env })
  const tree = (await git(project, ['write-tree'], { env })).trim()
  const commit = (await git(project, ['commit-tree', tree, '-m', 'Record'])).trim()
  await git(project, ['update-ref', 'refs/heads/ledger', commit])
}
