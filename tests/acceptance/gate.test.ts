import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import type { Decision } from '../../src/evaluation/gate/evaluation.ts'
import type { VersionCheck } from '../../src/registry/check.ts'
import { digest } from '../../src/registry/manifest.ts'
import { cd4ml, mergeProposal, newProject, REPOSITORY, succeed, succeedJson } from '../project.ts'
import { commitAll, copyOf, put } from '../repository.ts'
import { dataFiles, OPENING, productIds, recipe, type Sale, salesOf } from '../shop.ts'

const GOOD = 'moving-average: { window: [4, 8] }'
const WORSE = 'moving-average: { window: 1 }'
const sales = salesOf({ products: productIds(12), frequency: 'week', periods: 110 })

/** The good recipe is proposed as the first version. */
let proposed: string
/** It has been merged. */
let inProduction: string

beforeAll(async () => {
  proposed = await newProject({ ...dataFiles(sales), ...recipe(GOOD) })
  const { evaluation, promotion } = await succeedJson(proposed, ['pipeline'])
  expect([evaluation.decision.verdict, promotion.outcome]).toEqual(['better', 'proposed'])
  inProduction = await copyOf(proposed)
  await mergeProposal(inProduction)
  await git(inProduction, ['branch', '--delete', 'promotion/demand'])
})

describe('a challenger', () => {
  it('that is worse than production is refused', async () => {
    const project = await copyOf(inProduction)
    const decision = await decisionOn(project, recipe(WORSE))
    expect(decision).toMatchObject({ decision: 'keep', verdict: 'worse' })
    expect(decision.doubts).toEqual([{ doubt: 'surely higher' }])
    await expectNotPromoted(project, /higher by more than chance explains/)
  })

  it('that is the model in production is not distinguishable from it', async () => {
    const project = await copyOf(inProduction)
    const decision = await decisionOn(project, recipe(GOOD))
    expect(decision).toMatchObject({ decision: 'keep', verdict: 'not distinguishable' })
    expect(decision.doubts).toEqual([{ doubt: 'the champion itself' }])
    await expectNotPromoted(project, /is the champion itself/)
  })

  it('that forecasts the same by another name is not distinguishable either', async () => {
    const project = await copyOf(inProduction)
    const { 'recipe.yml': text } = recipe(GOOD)
    const decision = await decisionOn(project, { 'recipe.yml': `${text}seed: 7\n` })
    expect(decision).toMatchObject({ decision: 'keep', verdict: 'not distinguishable' })
    expect(decision.doubts).toEqual([{ doubt: 'the same everywhere' }])
  })

  it('that is one of many tries is told which, whenever it is compared', async () => {
    const project = await copyOf(inProduction)
    const triedOn = async (families: string) => {
      await put(project, recipe(families))
      await commitAll(project, 'Try a recipe')
      return (await succeedJson(project, ['pipeline'])).evaluation.campaign
    }
    const third = 'moving-average: { window: 2 }'
    expect(await triedOn(WORSE)).toEqual({ tries: 1, version: 1, confidence: 0.95 })
    expect(await triedOn(third)).toEqual({ tries: 2, version: 1, confidence: 0.99 })
    expect(await triedOn(WORSE)).toMatchObject({ tries: 1 })
    expect(await triedOn(GOOD)).toBeUndefined()
  })

  it('that is the first of all must beat seasonal naive', async () => {
    const project = await newProject({ ...dataFiles(everyYearTheSame()), ...recipe(GOOD) })
    const { evaluation } = await succeedJson(project, ['pipeline'])
    expect(evaluation.champion).toBeUndefined()
    expect(evaluation.decision).toMatchObject({ decision: 'keep', verdict: 'worse' })
    await expectNotPromoted(project, /seasonal naive/)
  })

  it('that is better, but at an easier question, is promoted only where the policy allows it', async () => {
    const project = await newProject({ ...dataFiles(sales), ...recipe('seasonal-naive: {}') })
    for (const args of [['train'], ['compare'], ['promote', '--baseline']]) {
      await succeed(project, args)
    }
    await mergeProposal(project)
    await git(project, ['branch', '--delete', 'promotion/demand'])
    const decision = await decisionOn(project, recipe(GOOD, { horizon: 2 }))
    expect(decision).toMatchObject({ decision: 'keep', verdict: 'better' })
    await expectNotPromoted(
      project,
      /forecasts 2 weeks .* but the champion 4 weeks .*shorterHorizon/,
    )

    const file = 'model-registry/policy.yml'
    const policy = await readFile(join(project, file), 'utf8')
    await put(project, { [file]: policy.replace('allow: []', 'allow: [shorterHorizon]') })
    await commitAll(project, 'Forecast less far')
    const { evaluation } = await succeedJson(project, ['pipeline'])
    expect(evaluation.decision.decision).toBe('promote')
    const text = await readFile(join(project, '.cd4ml/challenger/pull-request.md'), 'utf8')
    expect(text.split('\n').slice(0, 6).join(' ')).toContain('A smaller question')
    const card = await git(project, [
      'show',
      'promotion/demand:model-registry/production/README.md',
    ])
    expect(card.split('\n').slice(0, 6).join(' ')).toContain('A smaller question')
  })
})

describe('a version that waits for review', () => {
  it('is not replaced by a challenger that is worse, though production is worse still', async () => {
    const project = await copyOf(proposed)
    const waiting = (await git(project, ['rev-parse', 'promotion/demand'])).trim()
    await put(project, recipe('moving-average: { window: 12 }'))
    await commitAll(project, 'Look farther back')
    await succeed(project, ['train'])
    await succeed(project, ['compare'])
    const file = '.cd4ml/challenger/comparison.json'
    const comparison = JSON.parse(await readFile(join(project, file), 'utf8'))
    expect(comparison.evaluation.decision.decision).toBe('promote')
    expect(comparison.pending).toMatchObject({ version: 1, verdict: 'not distinguishable' })
    const pending = { ...comparison.pending, verdict: 'worse' }
    await put(project, { [file]: JSON.stringify({ ...comparison, pending }) })
    const { code, stdout } = await cd4ml(project, ['promote'])
    expect(stdout).toMatch(
      /held back:\n.*worse than version 1.*merge that one, or delete the branch/,
    )
    expect(code).toBe(1)
    expect((await git(project, ['rev-parse', 'promotion/demand'])).trim()).toBe(waiting)
    await git(project, ['branch', '--delete', '--force', 'promotion/demand'])
    await succeed(project, ['promote'])
  })

  it('is compared with every challenger, and the terminal says how it stands', async () => {
    const project = await newProject({ ...dataFiles(sales), ...recipe(WORSE) })
    for (const args of [['train'], ['compare'], ['promote', '--baseline']]) {
      await succeed(project, args)
    }
    await put(project, recipe(GOOD))
    await commitAll(project, 'Look farther back')
    const better = await cd4ml(project, ['pipeline'])
    expect(better.stderr).toMatch(/It is better than version 1, which waits on promotion\/demand/)
    const evaluation = 'model-registry/production/evaluation.json'
    expect(await git(project, ['show', `promotion/demand:${evaluation}`])).not.toContain('pending')
    await put(project, recipe(WORSE))
    await commitAll(project, 'Look at the last week only')
    const worse = await cd4ml(project, ['pipeline'])
    expect(worse.stderr).toMatch(/It is worse than version 1, which waits on promotion\/demand/)
  })

  it('that cannot be distinguished from the challenger is brought up to date', async () => {
    const project = await copyOf(proposed)
    const { 'recipe.yml': text } = recipe(GOOD)
    await put(project, { 'recipe.yml': `${text}seed: 7\n` })
    await commitAll(project, 'Draw other numbers')
    const { code, stderr } = await cd4ml(project, ['pipeline'])
    expect(stderr).toMatch(/It cannot be distinguished from version 1, which waits/)
    expect(code).toBe(0)
  })
})

describe('the gate stays shut', () => {
  it('where the history is too short to judge', async () => {
    const short = sales.filter(({ day }) => day < OPENING + 10 * 7)
    const project = await newProject({ ...dataFiles(short), ...recipe(GOOD) })
    const { evaluation } = await succeedJson(project, ['pipeline'])
    expect(evaluation.decision).toMatchObject({ decision: 'keep', verdict: 'not distinguishable' })
    await expectNotPromoted(project, /Too few origins could be scored: 3/)
  })

  it('where the metric that decides cannot be computed', async () => {
    const constant = sales.map((sale) => ({ ...sale, units: 5 }))
    const policy = await readFile(join(REPOSITORY, 'model-registry/policy.yml'), 'utf8')
    const project = await newProject({
      ...dataFiles(constant),
      ...recipe(GOOD),
      'model-registry/policy.yml': policy.replace(/^decidedBy: .*$/m, 'decidedBy: mase'),
    })
    const { evaluation } = await succeedJson(project, ['pipeline'])
    expect(evaluation.challenger.metrics.mase).toBeUndefined()
    expect(evaluation.decision).toMatchObject({ decision: 'keep', verdict: 'not distinguishable' })
    await expectNotPromoted(project, /MASE of the challenger could not be computed/)
  })

  it('where the comparison was edited by hand', async () => {
    const project = await copyOf(proposed)
    const file = '.cd4ml/challenger/comparison.json'
    const comparison = JSON.parse(await readFile(join(project, file), 'utf8'))
    const cases: [string, RegExp][] = [
      [JSON.stringify(comparison).slice(0, -100), /comparison\.json/],
      [JSON.stringify(comparison).replace(/"wape":[\d.]+/, '"wape":NaN'), /comparison\.json/],
      [JSON.stringify({ ...comparison, evaluation: undefined }), /comparison\.json.*evaluation/],
      [JSON.stringify({ ...comparison, challenger: '0'.repeat(64) }), /not a comparison of this/],
    ]
    for (const [text, said] of cases) {
      await put(project, { [file]: text })
      const { code, stderr } = await cd4ml(project, ['promote'])
      expect(stderr).toMatch(said)
      expect(code).toBe(2)
    }
  })

  it('where production has moved on since the comparison', async () => {
    const project = await copyOf(proposed)
    await mergeProposal(project)
    await git(project, ['branch', '--delete', 'promotion/demand'])
    await expectNotPromoted(
      project,
      /compared with no version, but main has version 1.*compare it again/,
    )
  })

  it('where the working folder is not what was committed', async () => {
    const project = await copyOf(proposed)
    await git(project, ['branch', '--delete', '--force', 'promotion/demand'])
    await put(project, { 'notes.txt': 'of no matter', 'data/sales/2027.csv': 'product\n' })
    await expectNotPromoted(
      project,
      /differs from the last commit in data\/sales\/2027\.csv: commit/,
    )
    await put(project, recipe(WORSE))
    await expectNotPromoted(project, /differs from the last commit in .*recipe\.yml/)
  })

  it('where the challenger was trained on what nobody committed', async () => {
    const project = await newProject({ ...dataFiles(sales), ...recipe(WORSE) })
    await put(project, recipe(GOOD))
    const { evaluation, promotion } = JSON.parse(
      (await cd4ml(project, ['pipeline', '--json'])).stdout,
    )
    expect(evaluation.decision.decision).toBe('promote')
    expect(promotion).toMatchObject({ outcome: 'refused', until: 'it is committed' })
    await expectNotPromoted(project, /trained on files that are not committed/)
    const { runs } = await succeedJson(project, ['runs'])
    expect(runs.at(-1)).toMatchObject({
      committed: false,
      settings: { horizon: '4', 'families.moving-average.window': '[4, 8]' },
    })
  })

  it('where sales or recipe have changed since the training', async () => {
    const project = await copyOf(proposed)
    const newWeek = sales.slice(0, 12).map((sale) => ({ ...sale, day: OPENING + 110 * 7 }))
    await put(project, dataFiles([...sales, ...newWeek]))
    const other = await cd4ml(project, ['compare'])
    expect([other.code, other.stdout]).toEqual([2, ''])
    expect(other.stderr).toMatch(/trained with another data\n.*cd4ml train again/)
    await put(project, { ...dataFiles(sales), ...recipe(WORSE) })
    const otherRecipe = await cd4ml(project, ['compare'])
    expect(otherRecipe.code).toBe(2)
    expect(otherRecipe.stderr).toMatch(/trained with another recipe/)
  })
})

describe('verify catches', () => {
  it('an artifact that was edited by hand', async () => {
    const project = await copyOf(proposed)
    await amendProposal(project, async (model) => put(project, { [MODEL]: `${model} ` }))
    expect(await failedChecks(project)).toEqual([
      expect.stringMatching(/^hashes: .*model\.json: must have the SHA-256/),
      expect.stringMatching(/^reproduction: Not run/),
    ])
  })

  it('numbers, card, charts and claims that were edited, their hashes with them', async () => {
    const project = await copyOf(proposed)
    await amendProposal(project, async (model) => {
      const evaluation = await readFile(join(project, EVALUATION), 'utf8')
      const card = await readFile(join(project, CARD), 'utf8')
      const forged = new Map<string, [string, string]>([
        [MODEL, [model, model.replace('"seed": 1', '"seed": 2')]],
        [EVALUATION, [evaluation, evaluation.replace(/"wape": [\d.]+/, '"wape": 0.01')]],
        [CARD, [card, `${card}Approved by the board.\n`]],
      ])
      let manifest = await readFile(join(project, MANIFEST), 'utf8')
      for (const [path, [before, after]] of forged) {
        expect(after).not.toBe(before)
        manifest = manifest.replace(digest(Buffer.from(before)), digest(Buffer.from(after)))
        await put(project, { [path]: after })
      }
      const later = manifest.replace(/"trainedThrough": "[^"]+"/, '"trainedThrough": "2099-12-31"')
      await put(project, { [MANIFEST]: later })
    })
    expect(await failedChecks(project)).toEqual([
      expect.stringMatching(
        /^reproduction: Made again .* different in README\.md, evaluation\.json, manifest\.json \(files, trainedThrough\), model\.json:/,
      ),
    ])
  })

  it('a file that was slipped in beside the model', async () => {
    const project = await copyOf(proposed)
    await amendProposal(project, () => put(project, { 'src/cli.ts': 'console.log("hello")\n' }))
    expect(await failedChecks(project)).toEqual([
      expect.stringMatching(/^scope: It also changes src\/cli\.ts/),
      expect.stringMatching(/^reproduction: Not run/),
    ])
  })

  it('a proposal that production has overtaken', async () => {
    const project = await copyOf(proposed)
    await git(project, ['branch', 'late', 'promotion/demand'])
    await put(project, recipe(WORSE))
    await commitAll(project, 'Look at the last week only')
    for (const args of [['train'], ['compare'], ['promote', '--baseline']]) {
      await succeed(project, args)
    }
    await mergeProposal(project)
    expect(await failedChecks(project, 'late')).toEqual([
      expect.stringMatching(
        /^parent: It was proposed to follow no version, but main has version 1/,
      ),
      expect.stringMatching(/^reproduction: Not run/),
    ])
  })
})

const MODEL = 'model-registry/production/model.json'
const MANIFEST = 'model-registry/production/manifest.json'
const EVALUATION = 'model-registry/production/evaluation.json'
const CARD = 'model-registry/production/README.md'

type Kept = Extract<Decision, { decision: 'keep' }>

/** Why the pipeline keeps what is in production once these files are committed. */
async function decisionOn(project: string, files: Record<string, string>): Promise<Kept> {
  await put(project, files)
  await commitAll(project, 'Change the recipe')
  const { evaluation, promotion } = await succeedJson(project, ['pipeline'])
  expect(promotion).toBeUndefined()
  return evaluation.decision
}

/** Asking for it again, past the pipeline, ends with 1, the reason, and no branch. */
async function expectNotPromoted(project: string, reason: RegExp): Promise<void> {
  const { code, stdout } = await cd4ml(project, ['promote'])
  expect(stdout).toMatch(/^Not promoted:\n/)
  expect(stdout).toMatch(reason)
  expect(code).toBe(1)
  expect(await git(project, ['branch', '--list', 'promotion/demand'])).toBe('')
}

/** Changes what is proposed, as somebody could who has the right to push. */
async function amendProposal(
  project: string,
  change: (model: string) => Promise<void>,
): Promise<void> {
  await git(project, ['switch', '--quiet', 'promotion/demand'])
  await change(await readFile(join(project, MODEL), 'utf8'))
  await commitAll(project, 'Improve')
  await git(project, ['switch', '--quiet', 'main'])
}

/** Name and detail of each check that does not hold. */
async function failedChecks(project: string, revision = 'promotion/demand'): Promise<string[]> {
  const { code, stdout } = await cd4ml(project, ['verify', revision, '--json'])
  expect(code).toBe(1)
  const { checks }: { checks: VersionCheck[] } = JSON.parse(stdout)
  return checks.filter(({ passed }) => !passed).map(({ name, detail }) => `${name}: ${detail}`)
}

/** Weeks that repeat those of the year before, up and down in turn, but for one unit of chance. */
function everyYearTheSame(): Sale[] {
  return sales.map((sale) => {
    const week = (sale.day - OPENING) / 7
    const season = week % 2 === 0 ? 40 : -40
    return { ...sale, units: Math.round(60 + season) + (sale.units % 2) }
  })
}
