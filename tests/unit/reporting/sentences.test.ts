import { test } from 'vitest'
import type { Language } from '../../../src/base/language.ts'
import type { Caution } from '../../../src/evaluation/gate/caution.ts'
import type { Check, DueReason } from '../../../src/evaluation/gate/check.ts'
import type { Decision, Doubt, Evaluation } from '../../../src/evaluation/gate/evaluation.ts'
import type { SmallerQuestion } from '../../../src/evaluation/gate/question.ts'
import { verdictMark } from '../../../src/reporting/evaluation-table.ts'
import { inlineText } from '../../../src/reporting/markdown.ts'
import { orderingSentence } from '../../../src/reporting/ordering-table.ts'
import { pendingText } from '../../../src/reporting/pending-text.ts'
import {
  becauseTexts,
  cautionText,
  checkText,
  reasonTexts,
  smallerText,
  summaryText,
} from '../../../src/reporting/verdict-text.ts'
import { evaluation, interval } from './examples.ts'
import { expectApproved } from './languages.ts'

test('every sentence that a verdict may need reads as last approved, in each language', async () => {
  await expectApproved('sentences', (language) =>
    Object.entries(sentences(language))
      .map(
        ([of, lines]) => `## ${of}\n\n${[...new Set(lines)].map((line) => `- ${line}\n`).join('')}`,
      )
      .join('\n'),
  )
})

function sentences(language: Language): Record<string, string[]> {
  const { champion: _, ...first } = evaluation()
  const both = [evaluation(), first]
  return {
    verdicts: decisions.map((decision) => verdictMark(decision, language)),
    summaries: [
      ...both.map((it) => summaryText(it, language)),
      summaryText(
        evaluation({ differences: { weightedQuantileLoss: interval(0, 0, 0) } }),
        language,
      ),
      ...both.map((it) => summaryText({ ...it, differences: {} }, language)),
    ],
    doubts: doubts.flatMap((doubt) =>
      both.flatMap((it) => reasonTexts({ ...it, ...kept(doubt) }, language)),
    ),
    'doubts of a refresh': reasonTexts({ ...refreshed, ...kept(often) }, language),
    checks: checks.flatMap((check) => both.map((it) => checkText(check, it, language))),
    'checks without a simulation': [undefined, NOT_SIMULATED].map((ordering) => {
      const { ordering: _, ...none } = evaluation()
      const check: Check = { name: 'cost of ordering', passed: true, allowed: 0, byChance: false }
      return checkText(check, { ...none, ...(ordering && { ordering }) }, language)
    }),
    'what calls for a refresh': becauseTexts(
      {
        ...refreshed,
        decision: { decision: 'promote', verdict: 'better', checks: [], because: reasons },
      },
      language,
    ),
    'smaller questions': smaller.map((question) => smallerText(question, language)),
    cautions: cautions.map((caution) => cautionText(caution, language)),
    'why ordering is not simulated': (
      ['no origin', 'no prices and costs', 'no series with price and cost'] as const
    ).map((reason) => orderingSentence({ outcome: 'not simulated', reason }, language)),
    'against what waits': (['better', 'worse', 'not distinguishable'] as const).map((verdict) =>
      inlineText(
        pendingText(
          {
            version: 4,
            model: 'ab'.repeat(32),
            decidedBy: 'wape',
            difference: interval(0.051, 0.01, 0.092),
            verdict,
          },
          language,
        ),
      ),
    ),
  }
}

const NOT_SIMULATED = { outcome: 'not simulated', reason: 'no origin' } as const

const refreshed = evaluation({
  challenge: {
    kind: 'refresh',
    since: '2026-08-30',
    days: 70,
    horizons: 2,
    series: 40,
    newSeries: 12,
  },
})

function kept(doubt: Doubt): Pick<Evaluation, 'decision'> {
  return {
    decision: { decision: 'keep', verdict: 'not distinguishable', doubts: [doubt], checks: [] },
  }
}

const decisions: Decision[] = [
  { decision: 'promote', verdict: 'better', checks: [] },
  {
    decision: 'promote',
    verdict: 'not distinguishable',
    checks: [],
    because: [{ calledFor: 'by age' }],
  },
  ...(['better', 'worse', 'not distinguishable'] as const).map((verdict): Decision => {
    return { decision: 'keep', verdict, doubts: [], checks: [] }
  }),
]

const often: Doubt = {
  doubt: 'looked at often',
  tries: 7,
  confidence: 0.99893,
  interval: interval(-0.02, -0.06, 0.01),
}

const doubts: Doubt[] = [
  { doubt: 'the champion itself' },
  { doubt: 'too few origins', origins: 2, required: 4 },
  { doubt: 'no metric', of: 'challenger' },
  { doubt: 'no metric', of: 'reference' },
  { doubt: 'no interval' },
  { doubt: 'surely higher' },
  { doubt: 'the same everywhere' },
  often,
  { doubt: 'chance' },
]

const reasons: [DueReason, ...DueReason[]] = [
  { calledFor: 'by a lower loss' },
  { calledFor: 'by a limit that production breaks', limit: 'bias' },
  { calledFor: 'by a limit that production breaks', limit: 'coverage of the 80% interval' },
  { calledFor: 'by new series' },
  { calledFor: 'by age' },
]

const smaller: SmallerQuestion[] = [
  {
    by: 'shorterHorizon',
    challenger: { frequency: 'day', horizon: 10 },
    champion: { frequency: 'week', horizon: 10 },
  },
  { by: 'otherFrequency', challenger: 'day', champion: 'month' },
  { by: 'fewerSeries', of: 1234, missing: 6, named: ['b', 'c', 'd', 'e', 'f'] },
]

const cautions: Caution[] = [
  { caution: 'few origins', origins: 4 },
  { caution: 'overlapping origins', origins: 6, overlap: 4 },
  { caution: 'low confidence', confidence: 0.5 },
  { caution: 'high confidence', confidence: 0.999 },
  { caution: 'large minimum improvement', minimumImprovement: 0.3 },
]

const segments = { passed: false, minimumRows: 50, allowed: 0.05 } as const

const checks: Check[] = [
  { name: 'every metric', passed: true, missing: [] },
  { name: 'every metric', passed: false, missing: ['wape', 'bias'] },
  { name: 'same question', passed: true, smaller: [smaller[0]] },
  { name: 'same question', passed: false, smaller },
  { name: 'minimum improvement', passed: false, difference: -0.01, required: 0.02 },
  { name: 'minimum improvement', passed: false, required: 0.02 },
  { name: 'no worse', passed: false, difference: 0.03, allowed: 0.01 },
  {
    name: 'due',
    passed: false,
    because: [],
    limits: { gain: 0.05, newSeries: 0.1, maxAge: 365 },
  },
  { name: 'seasonal naive beaten', passed: true, own: 0.2, naive: 0.27 },
  { name: 'seasonal naive beaten', passed: false, own: 0.3, naive: 0.27, kept: 0.28 },
  { name: 'seasonal naive beaten', passed: false },
  { name: 'bias', passed: false, bias: -0.2, allowed: 0.1 },
  { name: 'bias', passed: false, bias: 0.2, allowed: 0.1, kept: 0.15 },
  { name: 'bias', passed: false, allowed: 0.1 },
  { name: 'coverage of the 80% interval', passed: false, coverage: 0.6, least: 0.7, most: 0.97 },
  {
    name: 'coverage of the 80% interval',
    passed: false,
    coverage: 0.6,
    least: 0.7,
    most: 0.97,
    kept: 0.05,
  },
  { name: 'coverage of the 80% interval', passed: false, least: 0.7, most: 0.97 },
  { name: 'no category worse', ...segments, shown: [], byChance: false },
  {
    name: 'no category worse',
    ...segments,
    shown: [
      { name: 'Iogurtes', worse: 0.081 },
      { name: 'Livros' },
      ...Array.from({ length: 10 }, (_, i) => ({ name: `Categoria ${i}`, worse: 0.06 })),
    ],
    byChance: false,
  },
  {
    name: 'no volume class worse',
    ...segments,
    passed: true,
    shown: [{ name: 'low', worse: 0.06 }],
    byChance: true,
  },
  {
    name: 'no part worse',
    ...segments,
    shown: [{ name: 'Centro', worse: 0.081 }],
    byChance: false,
  },
  {
    name: 'cost of ordering',
    passed: false,
    found: { challenger: 5420, reference: 5130, interval: interval(0.06, 0.01, 0.11) },
    allowed: 0.02,
    byChance: true,
  },
  {
    name: 'cost of ordering',
    passed: false,
    found: { challenger: 5420, reference: 5130 },
    allowed: 0.02,
    byChance: false,
  },
  { name: 'service level of ordering', passed: false, isSimulated: false, required: 0.95 },
  { name: 'service level of ordering', passed: false, isSimulated: true, required: 0.95 },
  {
    name: 'service level of ordering',
    passed: false,
    isSimulated: true,
    level: 0.93,
    required: 0.95,
    kept: 0.94,
  },
]
