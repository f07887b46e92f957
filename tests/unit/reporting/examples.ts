import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Check } from '../../../src/evaluation/gate/check.ts'
import type {
  Evaluation,
  OrderingResult,
  Segment,
} from '../../../src/evaluation/gate/evaluation.ts'
import type { Interval } from '../../../src/evaluation/gate/interval.ts'
import type { ProductChange } from '../../../src/evaluation/gate/product-changes.ts'
import type { Metrics } from '../../../src/evaluation/scoring/metrics.ts'
import type { Search } from '../../../src/evaluation/search/search-result.ts'
import type { Recipe } from '../../../src/forecasting/recipe.ts'
import type { KeptForecasts, MadeForecasts } from '../../../src/ledger/forecast-record.ts'
import { type RunRecord, runVerdict } from '../../../src/ledger/run-record.ts'
import type { Manifest } from '../../../src/registry/manifest.ts'
import type { Finding, ValidationReport } from '../../../src/sales/checks/validation-report.ts'

/** What a promotion of a chain with five categories would report. */
export function evaluation(overrides: Partial<Evaluation> = {}): Evaluation {
  return {
    format: 'cd4ml-evaluation/2',
    frequency: 'week',
    horizon: 4,
    levels: [0.025, 0.1, 0.5, 0.9, 0.975],
    origins: ['2026-06-07', '2026-07-05', '2026-08-02', '2026-08-30'],
    rows: 1040,
    decidedBy: 'weightedQuantileLoss',
    confidence: 0.95,
    challenge: { kind: 'experiment' },
    campaign: { tries: 7, version: 3, confidence: 0.99893, ledger: '7'.repeat(40) },
    challenger: {
      model: 'ridge (penalty 10)',
      metrics: metrics(0.2, 0.31, 0.78, 0.97),
      chosen: ['ridge (penalty 10)', 'ridge (penalty 1)', 'ridge (penalty 10)'],
    },
    champion: {
      model: 'moving-average (window 8)',
      metrics: metrics(0.22, 0.34, 0.805, 0.922),
      chosen: ['moving-average (window 8)', 'as deployed'],
    },
    baseline: {
      model: 'seasonal-naive',
      metrics: metrics(0.27, 0.41, 1.04, 1.11),
      chosen: ['seasonal-naive'],
    },
    differences: {
      weightedQuantileLoss: interval(-0.0909, -0.13, -0.052),
      wape: interval(-0.0882, -0.12, -0.041),
      mase: interval(-0.031, -0.071, 0.012),
      rmsse: interval(0.052, 0.011, 0.094),
      bias: interval(-0.001, -0.011, 0.003),
      coverage80: interval(0.002, -0.008, 0.015),
    },
    segments: [
      segment('category', 'Biscoitos', 240, 0.18, interval(-0.12, -0.18, -0.06)),
      segment('category', 'Iogurtes', 200, 0.25, interval(0.081, 0.022, 0.14)),
      segment('category', 'Livros', 160, 0.4, interval(0.011, -0.06, 0.09)),
      segment('category', 'Arroz e feijão', 240, 0.15, interval(-0.05, -0.08, -0.01)),
      segment('category', 'Cadernos', 200, 0.3),
      segment('volume class', 'low', 340, 0.41, interval(0.004, -0.05, 0.06)),
      segment('volume class', 'medium', 350, 0.27, interval(-0.07, -0.11, -0.02)),
      segment('volume class', 'high', 350, 0.17, interval(-0.1, -0.15, -0.06)),
      segment('horizon', '1', 260, 0.18, interval(-0.12, -0.18, -0.06)),
      segment('horizon', '2', 260, 0.19, interval(-0.1, -0.16, -0.05)),
      segment('horizon', '3', 260, 0.21, interval(-0.08, -0.14, -0.03)),
      segment('horizon', '4', 260, 0.23, interval(-0.06, -0.12, 0.01)),
    ],
    ordering: {
      outcome: 'simulated',
      from: '2026-06-08',
      through: '2026-09-27',
      series: 65,
      lastPeriod: ordered(1840, 420, [5120, 1180, 2960, 910]),
      buyer: ordered(1130, 760, [3260, 740, 5210, 1020]),
      baseline: ordered(820, 410, [2310, 560, 2840, 1650]),
      champion: ordered(760, 300, [2090, 510, 2050, 1480]),
      challenger: ordered(690, 240, [1880, 460, 1690, 1390]),
    },
    products: {
      series: 65,
      rose: 1,
      fell: 2,
      worst: [product('1042', 'Iogurte natural', 34, 41)],
      best: [product('1043', 'Pão de forma', 88, 60), product('1044', undefined, 20, 18)],
      largest: [
        {
          productId: '1043',
          name: 'Pão de forma',
          periods: ['2026-08-31', '2026-09-07'],
          actual: [60, 64],
          challenger: [58.5, 63],
          reference: [52, 52],
        },
      ],
    },
    coming: {
      periods: 4,
      from: '2026-09-28',
      through: '2026-10-19',
      series: 65,
      forecast: { before: 6120, after: 6480 },
      orders: {
        series: 60,
        units: { before: 1800, after: 1920 },
        value: { before: 9100, after: 9650 },
      },
      largest: [
        {
          productId: '1043',
          name: 'Pão de forma',
          forecast: { before: 208, after: 251.5 },
          order: { before: 60, after: 90 },
          value: 105,
        },
        { productId: '1044', forecast: { before: 8, after: 6.25 } },
      ],
    },
    sales: { read: 48_210, quarantined: 36 },
    decision: {
      decision: 'promote',
      verdict: 'better',
      checks: [
        { name: 'seasonal naive beaten', passed: true, own: 0.2, naive: 0.27 },
        { name: 'bias', passed: true, bias: 0.012, allowed: 0.1 },
      ],
    },
    ...overrides,
  }
}

function product(
  productId: string,
  name: string | undefined,
  referenceError: number,
  challengerError: number,
): ProductChange {
  const units = { actual: 480, challenger: 470.5, reference: 440 }
  return { productId, ...(name && { name }), ...units, referenceError, challengerError }
}

/** A check that fails by a category of this name. */
export function failedBy(name: string): Check {
  const shown = [{ name, worse: 0.2 }]
  const limits = { minimumRows: 50, allowed: 0.1, byChance: false }
  return { name: 'no category worse', passed: false, shown, ...limits }
}

/** Of 24,000 units asked for: those short and expired, and what that costs. */
function ordered(
  short: number,
  expired: number,
  [lostMargin, urgentReorders, waste, holding]: [number, number, number, number],
): OrderingResult {
  const costs = { lostMargin, urgentReorders, waste, holding }
  const cost = lostMargin + urgentReorders + waste + holding
  return { demand: 24_000, short, expired, serviceLevel: 1 - short / 24_000, ...costs, cost }
}

export function segment(
  by: Segment['by'],
  name: string,
  rows: number,
  loss: number,
  difference?: Interval,
): Segment {
  const champion = loss / (1 + (difference?.estimate ?? 0))
  const scaled = (value: number) => metrics(value, value * 1.5, value * 3.5, value * 4)
  return {
    by,
    name,
    rows,
    challenger: scaled(loss),
    champion: scaled(champion),
    baseline: scaled(loss * 1.3),
    ...(difference && { difference }),
  }
}

export function interval(estimate: number, low: number, high: number): Interval {
  return { estimate, low, high }
}

export function manifest(overrides: Partial<Manifest> = {}): Manifest {
  return {
    format: 'cd4ml-manifest/2',
    version: 4,
    files: {
      'model.json': 'ab'.repeat(32),
      'evaluation.json': 'cd'.repeat(32),
      'README.md': 'ef'.repeat(32),
    },
    lineage: {
      commit: '0'.repeat(40),
      trainedOn: '2026-10-01',
      code: { path: 'src', object: '1'.repeat(40) },
      lockfile: { path: 'package-lock.json', object: '2'.repeat(40) },
      data: { path: 'data/sales', object: '3'.repeat(40) },
      contract: { path: 'data/datapackage.json', object: '4'.repeat(40) },
      recipe: { path: 'recipe.yml', object: '5'.repeat(40) },
      policy: { path: 'model-registry/policy.yml', object: '6'.repeat(40) },
      ordering: { path: 'ordering.yml', object: '7'.repeat(40) },
    },
    trainedThrough: '2026-09-27',
    parent: { version: 3, model: '9'.repeat(64) },
    seed: 1,
    toolchain: { node: '24', cd4ml: '0.1.0' },
    ...overrides,
  }
}

export function recipe(overrides: Partial<Recipe> = {}): Recipe {
  return {
    frequency: 'week',
    horizon: 4,
    holidays: 'BR',
    censoring: true,
    seed: 1,
    search: { origins: 4, step: 4 },
    families: {
      'seasonal-naive': {},
      'moving-average': { window: [4, 8] },
      ridge: { penalty: 10 },
    },
    ...overrides,
  }
}

export function search(): Search {
  return {
    candidates: [
      { name: 'moving-average (window 8)', loss: 0.219, origins: 3, chosen: false },
      { name: 'ridge (penalty 1)', loss: 0.1934, origins: 2, chosen: false },
      { name: 'ridge (penalty 10)', loss: 0.2011, origins: 3, chosen: true },
      { name: 'exponential-smoothing', origins: 0, chosen: false },
    ],
    origins: ['2026-07-05', '2026-08-02', '2026-08-30'],
  }
}

export function run(overrides: Partial<RunRecord> = {}): RunRecord {
  return {
    format: 'cd4ml-run/1',
    id: '20261102T093000000Z-0a1b2c3d',
    kind: 'compare',
    startedAt: '2026-11-02T09:30:00.000Z',
    seconds: 12.5,
    commit: '0123456789abcdef0123456789abcdef01234567',
    branch: 'main',
    recipe: '1111111111111111111111111111111111111111',
    data: '2222222222222222222222222222222222222222',
    settings: { frequency: 'week', horizon: '10', 'families.ridge.penalty': '[10, 1000]' },
    committed: true,
    model: 'ridge (penalty 10)',
    searched: search().candidates,
    metrics: metrics(0.2, 0.31, 0.78, 0.97),
    ...runVerdict(
      evaluation(),
      { model: 'ab'.repeat(32), code: '1'.repeat(40) },
      { version: 3, model: '9'.repeat(64) },
    ),
    workflow: { url: 'https://github.com/shop/demand/actions/runs/42', event: 'push' },
    exitCode: 0,
    ...overrides,
  } as RunRecord
}

/** What validation says of files of which one is refused, and another has bad rows. */
export function validation(overrides: Partial<ValidationReport> = {}): ValidationReport {
  return {
    outcome: 'invalid',
    totals: {
      files: 2,
      rowsRead: 541_909,
      rowsAccepted: 541_873,
      rowsQuarantined: 36,
      unitsSold: 541_873,
      unitsReturned: 0,
      products: 240,
      stores: 0,
      days: 700,
      firstSaleDay: '2024-11-01',
      lastSaleDay: '2026-10-31',
    },
    files: ['sales/2026-10.csv', 'sales/2026-11.csv'].map((file) => ({
      file,
      rowsRead: 300_000,
      rowsAccepted: 299_982,
      rowsQuarantined: 18,
      unitsSold: 299_982,
    })),
    switchedOff: [],
    findings: [
      finding('header-missing', 'file', 1, [{ line: 1, value: 'id;name' }], { column: 'cost' }),
      finding('date-unreadable', 'row', 36, examples(5, '31/02/2026'), {
        file: 'sales/2026-10.csv',
        column: 'sold',
      }),
      { ...finding('volume-change', 'warning', 1, [{ value: '12 rows' }]), file: undefined },
    ].map(({ file, ...rest }) => ({ ...rest, ...(file !== undefined && { file }) })),
    ...overrides,
  }
}

export function finding(
  rule: Finding['rule'],
  level: Finding['level'],
  count: number,
  examples: Finding['examples'],
  overrides: Partial<Finding> = {},
) {
  return {
    rule,
    level,
    count,
    examples,
    file: 'sales/2026-11.csv',
    explanation: 'A column of the contract is not in the file.',
    remedy: 'Extract it too, or change the contract.',
    ...overrides,
  }
}

export function examples(count: number, value: string): Finding['examples'] {
  return Array.from({ length: count }, (_, i) => ({ line: 2 + i, value }))
}

export function made(overrides: Partial<MadeForecasts> = {}): MadeForecasts {
  return {
    format: 'cd4ml-forecasts/2',
    outcome: 'made',
    at: '2026-11-02T06:00:00.000Z',
    version: 3,
    model: 'moving-average (window 8)',
    salesThrough: '2026-11-01',
    from: '2026-11-02',
    through: '2027-01-10',
    series: 240,
    files: { json: `content/0f/0f${'1'.repeat(62)}.ndjson.gz` },
    ...overrides,
  }
}

/** With the orders that rest on them. */
export function madeWithOrders(overrides: Partial<MadeForecasts> = {}): MadeForecasts {
  const content = `content/ab/ab${'2'.repeat(62)}`
  const files = { page: `${content}.md.gz`, csv: `${content}.csv.gz` }
  const sums = { products: 41, units: 1098, value: 10819.876 }
  return made({ orders: { outcome: 'made', day: '2026-11-02', ...sums, files }, ...overrides })
}

export function kept(overrides: Partial<KeptForecasts> = {}): KeptForecasts {
  return {
    format: 'cd4ml-forecasts/1',
    outcome: 'kept',
    at: '2026-11-05T06:00:00.000Z',
    problem: 'The sales of 2026-11.csv are not readable.',
    ...overrides,
  }
}

/** The Big List of Naughty Strings, of github.com/minimaxir/big-list-of-naughty-strings. */
export const bigList: string[] = JSON.parse(
  readFileSync(join(import.meta.dirname, 'blns', 'blns.json'), 'utf8'),
)

/** Text that tries to break out of wherever it is put. */
export const naughty = [
  '@octocat please look',
  'closes #3',
  'Fixes: GH-3, resolves octo/repo#3',
  'fixes https://github.com/octo/repo/issues/3',
  '| a | b |\n|---|---|',
  '<img src=x onerror=alert(1)><!-- ',
  '<!-- cd4ml:experiment -->\n--> <!--',
  '</details><h1>Owned</h1>',
  '[click](https://example.com) ![x](https://example.com/x.png)',
  '[x]: https://example.com',
  'https://example.com www.example.com a@example.com',
  '```\n# heading\n```mermaid',
  '~~~\n- [ ] task\n~~~',
  '> [!CAUTION]\n> 1. one',
  '"] --> %%{init: {}}%% title "x',
  'click A href "javascript:alert(1)"',
  '::set-output name=version::9\n::error file=a::b',
  '::add-mask::a%0A::stop-commands::x',
  '$\u007b{ secrets.GITHUB_TOKEN }} $(id) `id`',
  '\u001b[2J\u001b[31mred\u0007',
  '\u202Egnp.exe\u2066\u200B',
  'مرحبا بالعالم עברית',
  '👩‍👩‍👧‍👦 🏳️‍🌈 :shipit: e\u0301',
  'Z̷a̶l̵g̸o̴'.repeat(20),
  '__proto__',
  '=HYPERLINK("https://example.com")',
  "'; rm -rf / #",
  '\ud800 lone surrogate',
  "$`$'$& \\| \\\\",
  'x'.repeat(5000),
  '@a#1'.repeat(2000),
  '',
].map((text) => ({ what: JSON.stringify(text.slice(0, 40)), text }))

function metrics(loss: number, wape: number, mase: number, rmsse: number): Metrics {
  return {
    weightedQuantileLoss: loss,
    wape,
    mase,
    rmsse,
    bias: wape / 25,
    coverage80: 0.81 - wape / 20,
    coverage95: 0.94,
  }
}
