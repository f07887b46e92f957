import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import { LEVELS } from '../../src/forecasting/levels.ts'
import { publishedForecasts } from '../../src/ledger/published-forecasts.ts'
import { newProject, succeed } from '../project.ts'
import { commitAll, copyOf, put } from '../repository.ts'
import { dataFiles, productIds, recipe, salesOf } from '../shop.ts'
import { type Outcome, runStep, runStepProcess } from './action-steps.ts'

const sales = salesOf({ products: productIds(6), frequency: 'week', periods: 90 })
let project: string

beforeAll(async () => {
  project = await newProject({ ...dataFiles(sales), ...recipe('seasonal-naive: {}') })
})

describe('the steps of an experiment', () => {
  it('tell the workflow, the page of the run and the ledger what came out', async () => {
    const folder = await copyOf(project)
    const validated = await runStepProcess(folder, 'validate-data')
    expectAnswered(validated)
    expect(validated.outputs).toMatchObject({
      outcome: 'valid',
      'rows-read': String(sales.length),
      'rows-quarantined': '0',
      report: '.cd4ml/validation/report.md',
    })
    const report = await readFile(join(folder, validated.outputs.report), 'utf8')
    expect(validated.summary).toContain(report.trim())
    expect(validated.summary).toContain('.cd4ml/quarantine')

    await put(folder, recipe('moving-average: { window: [4, 8] }'))
    await commitAll(folder, 'Try the moving average')
    const push = { GITHUB_REF: 'refs/heads/window', GITHUB_REF_NAME: 'window' }
    const trained = await runStepProcess(folder, 'train', { env: push })
    expectAnswered(trained)
    expect(trained.outputs).toMatchObject({ outcome: 'trained', candidates: '2' })
    expect(trained.outputs['model-sha256']).toMatch(/^[0-9a-f]{64}$/)
    expect(trained.summary).toContain('moving-average')

    const compared = await runStepProcess(folder, 'compare', { env: push })
    expectAnswered(compared)
    expect(compared.outputs).toMatchObject({ verdict: 'better', decision: 'promote' })
    const [low, estimate, high] = ['difference-low', 'difference', 'difference-high'].map((name) =>
      Number(compared.outputs[name]),
    )
    expect(low).toBeLessThan(estimate)
    expect(estimate).toBeLessThan(high)
    expect(high).toBeLessThan(0)
    expect(compared.summary).toContain('✅')

    const { runs } = JSON.parse(await succeed(folder, ['runs', '--json']))
    expect(runs).toMatchObject([
      { kind: 'train', branch: 'window' },
      {
        kind: 'compare',
        verdict: 'better',
        workflow: { url: 'https://github.com/shop/demand/actions/runs/77', event: 'push' },
      },
    ])
  })

  it('set their outputs and succeed where the verdict is that production stays', async () => {
    const folder = await copyOf(project)
    await runStep(folder, 'train')
    const compared = await runStep(folder, 'compare')
    expectAnswered(compared)
    expect(compared.outputs).toMatchObject({ verdict: 'not distinguishable', decision: 'keep' })
  })

  it('say in Portuguese what came out, where the project speaks it', async () => {
    const folder = await copyOf(project)
    await put(folder, { 'project.yml': 'language: pt-BR\n' })
    await commitAll(folder, 'Speak Portuguese')
    const validated = await runStep(folder, 'validate-data')
    expect(validated.summary).toMatch(/^# Validação: os dados são válidos\n/)
    const report = await readFile(join(folder, validated.outputs.report), 'utf8')
    expect(validated.summary).toContain(report.trim())
    expect((await runStep(folder, 'train')).summary).toMatch(/^## Treinado: seasonal-naive\n/)
    expect((await runStep(folder, 'compare')).summary).toMatch(
      /^## Comparação\n\n⚪ \*\*Não se distingue\.\*\*/,
    )
    await put(folder, { 'data/sales/2025.csv': 'product,units\n"P1",3\n' })
    const invalid = await runStep(folder, 'train')
    expect(invalid.summary).toMatch(/^# Validação: os dados são inválidos\n/)
  })
})

describe('data that cannot be trusted', () => {
  it('fails validation and all that needs it, with outputs, an error and a summary each', async () => {
    const folder = await copyOf(project)
    await put(folder, { 'data/sales/2025.csv': 'product,units\n"P1",3\n' })
    const validated = await runStep(folder, 'validate-data')
    expect(validated.code).toBe(1)
    expect(validated.outputs).toMatchObject({ outcome: 'invalid', 'rows-accepted': '318' })
    expect(validated.annotations).toMatchObject([
      { name: 'error', properties: { file: 'data/sales/2025.csv' } },
      { name: 'error', message: validated.outputs.problem },
    ])
    expect(validated.summary).toContain('the data is invalid')
    for (const action of ['train', 'compare']) {
      const { code, summary, annotations } = await runStep(folder, action)
      expect([code, annotations.map(({ name }) => name)]).toEqual([1, ['error']])
      expect(summary).toContain('the data is invalid')
    }
  })
})

describe('a version', () => {
  it('that holds is verified; one that was edited by hand fails the check, which says where', async () => {
    const folder = await copyOf(project)
    for (const command of [['train'], ['compare'], ['promote', '--baseline']]) {
      await succeed(folder, command)
    }
    const rev = { rev: 'promotion/demand' }
    const verified = await runStepProcess(folder, 'verify-promotion', { with: rev })
    expectAnswered(verified)
    expect(verified.outputs).toEqual({ outcome: 'verified', version: '1', problem: '' })

    await git(folder, ['switch', '--quiet', 'promotion/demand'])
    await put(folder, { 'model-registry/production/README.md': 'A fine model\n' })
    await commitAll(folder, 'Improve the card')
    const refused = await runStep(folder, 'verify-promotion', { with: rev })
    expect(refused.code).toBe(1)
    expect(refused.outputs).toMatchObject({ outcome: 'failed', version: '' })
    expect(refused.annotations[0]).toMatchObject({
      name: 'error',
      properties: { file: 'model-registry/production/manifest.json' },
      message: expect.stringContaining('README.md'),
    })
    expect(refused.summary).toContain('Not verified')
  })

  it('forecasts every product, for the buyers as CSV and for programs as JSON', async () => {
    const folder = await copyOf(project)
    for (const command of [['train'], ['compare'], ['promote', '--baseline']]) {
      await succeed(folder, command)
    }
    await git(folder, ['merge', '--quiet', '--ff-only', 'promotion/demand'])
    const made = await runStepProcess(folder, 'forecast')
    expectAnswered(made)
    expect(made.outputs).toMatchObject({ outcome: 'made', version: '1', problem: '' })
    const csv = await readFile(join(folder, made.outputs.csv), 'utf8')
    expect(csv.trim().split('\n')).toHaveLength(1 + 6 * 4)
    const lines = gunzipSync(await readFile(join(folder, made.outputs.json))).toString()
    const { from, levels, series } = publishedForecasts(lines, made.outputs.json)
    expect([from.length, levels.length, series.length]).toEqual([4, LEVELS.length, 6])
  })

  it('has a dashboard as a folder of pages, which its run keeps', async () => {
    const folder = await copyOf(project)
    const { code, outputs, summary } = await runStep(folder, 'dashboard')
    expect([code, outputs]).toMatchObject([0, { outcome: 'written', problem: '' }])
    expect(summary).toContain(`${outputs.files} files`)
    const page = await readFile(join(folder, outputs.folder, 'index.html'), 'utf8')
    expect(page).toContain('Nothing has been monitored yet')
  })

  it('that is not there yet leaves the forecasts as they are, says why, and that nobody waits for them', async () => {
    const { code, outputs, annotations } = await runStep(await copyOf(project), 'forecast')
    expect([code, outputs.outcome, outputs.csv]).toEqual([0, 'kept', ''])
    expect(annotations).toMatchObject([{ name: 'warning', message: outputs.problem }])
    expect(outputs.problem).toContain('No model is in production')
    expect(outputs.missed).toBe('false')
  })
})

describe('sales files that somebody wrote to do harm', () => {
  it('give the runner no commands, and the page of the run nothing but text', async () => {
    const folder = await copyOf(project)
    const values = [
      '::add-mask::password',
      '##[error]stop',
      '\n::error::forged',
      '@everyone',
      'see #1',
      '<!-- -->',
      '![](https://example.com/a.png)',
      '| a | b |',
    ]
    const cell = (text: string) => `"${text.replaceAll('"', '""')}"`
    const rows = values.flatMap((value) => [
      [cell(value), '"bakery"', cell(value), '"3"'],
      [cell(value), cell(value), '"2025-04-30"', cell(value)],
    ])
    await put(folder, {
      'data/sales/2026.csv': `product,category,day,units\n${rows.map((row) => `${row.join()}\n`).join('')}`,
    })
    const { log, summary, annotations } = await runStepProcess(folder, 'validate-data')
    expect(annotations.length).toBeGreaterThan(1)
    for (const line of log.split('\n').filter(Boolean)) {
      expect(line).toMatch(/^::(error|warning|notice)( [^:]*)?::/)
    }
    expect(summary).not.toMatch(/@everyone|see #1|<!--|\]\(https/)
  })
})

describe('a mistake in the workflow', () => {
  it.concurrent.each([
    [
      'validate-data',
      { 'as-of': '2026-02-31' },
      /^input as-of must be an existing day such as 2026-10-31, but got "2026-02-31"/,
    ],
    ['train', { out: '' }, /^input out must be a path such as data, but got nothing/],
    ['validate-data', { data: 'no/such' }, /^no\/such\/datapackage\.json: /],
  ])('of %s is one error that says what to do, without a stack', async (action, inputs, said) => {
    const { code, annotations, summary, log } = await runStep(project, action, {
      with: inputs as Record<string, string>,
    })
    expect(code).toBe(1)
    expect(annotations).toHaveLength(1)
    expect(annotations[0].message).toMatch(said)
    expect(log).not.toMatch(/^\s+at /m)
    expect(summary).toContain('❌')
  })

  it('in a file is an error on its line', async () => {
    const folder = await copyOf(project)
    await put(folder, { 'recipe.yml': 'frequency: week\nhorizon: [4\n' })
    const { annotations } = await runStepProcess(folder, 'train')
    expect(annotations).toMatchObject([
      { name: 'error', properties: { file: 'recipe.yml', line: expect.stringMatching(/^\d$/) } },
    ])
  })
})

function expectAnswered({ code, summary, log }: Outcome): void {
  expect(code, log).toBe(0)
  expect(summary.trim()).not.toBe('')
}
