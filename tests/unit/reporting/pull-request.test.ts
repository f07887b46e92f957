import { describe, expect, test } from 'vitest'
import type { Language } from '../../../src/base/language.ts'
import type { Evaluation } from '../../../src/evaluation/gate/evaluation.ts'
import type { Review } from '../../../src/registry/proposal.ts'
import { pullRequestText } from '../../../src/reporting/pull-request.ts'
import type { RequestText } from '../../../src/reporting/request-text.ts'
import { rollbackText } from '../../../src/reporting/rollback-request.ts'
import { MOST_CHARACTERS } from '../../../src/reporting/text-length.ts'
import {
  bigList,
  evaluation,
  failedBy,
  interval,
  manifest,
  naughty,
  recipe,
  search,
  segment,
} from './examples.ts'
import { expectHarmless, shapeOf } from './harmless.ts'
import { expectApproved, languages } from './languages.ts'

describe('pull request of a promotion', () => {
  test('a reviewer reads the same text as was last approved', async () => {
    await expectApproved('pull-request', (language) => whole(pullRequestText(proposal(), language)))
  })

  test('the first version says what it beats where there is no champion', async () => {
    await expectApproved('pull-request-first', (language) =>
      whole(pullRequestText(firstProposal(), language)),
    )
  })

  test('a refresh says that it is one, and what calls for it, before anything else', () => {
    const { title, body } = pullRequestText(proposal(refreshed), 'en')
    expect(title).toMatch(/^Promote version \d+, a refresh: /)
    expect(body.split('\n').slice(0, 3)).toEqual([
      expect.stringMatching(/^🔄 \*\*No worse, and due\.\*\* Weighted/),
      '',
      'A refresh: the recipe in production, trained on 70 more days of sales, judged where production forecast as deployed. 12 of the 40 series that sell (30.0%) are new to production.',
    ])
  })

  test('a changed plan is said apart from the sales, and nothing where it has not changed', () => {
    const { champion, ...rest } = proposal()
    const data = { files: 1, added: 300, removed: 0, plan: { files: 1, added: 2, removed: 1 } }
    const changed = pullRequestText(
      { ...rest, ...(champion && { champion: { ...champion, data } }) },
      'en',
    )
    expect(changed.body).toMatch(/in 1 file; the plan: 2 lines added and 1 removed in 1 file\./)
    expect(pullRequestText(proposal(), 'en').body).not.toContain('the plan')
  })

  test('the verdict stands in the first line, where notifications and lists show it', () => {
    expect(pullRequestText(proposal(), 'en').body.split('\n')[0]).toBe(
      "✅ **Better.** Weighted quantile loss is 9.1% lower than the champion's (95% interval 5.2% to 13.0% lower).",
    )
  })

  test('a failed check cannot be overlooked: it comes first and is marked', () => {
    const kept: Evaluation['decision'] = {
      decision: 'keep',
      verdict: 'better',
      doubts: [],
      checks: [
        { name: 'bias', passed: true, bias: 0.012, allowed: 0.1 },
        {
          name: 'coverage of the 80% interval',
          passed: false,
          coverage: 0.6,
          least: 0.7,
          most: 0.97,
        },
      ],
    }
    const { body } = pullRequestText(proposal({ decision: kept }), 'en')
    expect(body).toContain('1 of 2 failed')
    expect(body).toMatch(
      /^⛔ \*\*Better, but not to be promoted\.\*\* Weighted .* lower\)\.\n\n- 60\.0% of the rows/,
    )
    expect(body.indexOf('| ❌ | coverage')).toBeGreaterThan(0)
    expect(body.indexOf('| ❌ | coverage')).toBeLessThan(body.indexOf('| ✅ | bias'))
  })

  test('the category in which the challenger is worst stands first', () => {
    const { body } = pullRequestText(proposal(), 'en')
    const table = body.slice(body.indexOf('by category, the worst first'))
    const rows = table.split('\n').filter((line) => /^\| (Iogurtes|Livros|Biscoitos) /.test(line))
    expect(rows.map((row) => row.split('|')[1].trim())).toEqual(['Iogurtes', 'Livros', 'Biscoitos'])
    expect(rows[0]).toContain('🔴 worse')
  })

  test('thousands of segments are cut until GitHub takes the text, and it says so', () => {
    const segments = Array.from({ length: 3000 }, (_, i) =>
      segment('category', `Category ${i}`, 10, 0.2, interval(i / 10_000, -0.1, 0.5)),
    )
    const { body } = pullRequestText(proposal({ segments }), 'en')
    expect(body.length).toBeLessThanOrEqual(MOST_CHARACTERS)
    expect(body).toContain('| Category 2999 |')
    expect(body).not.toContain('| Category 0 |')
    expect(body).toMatch(/[\d,]+ more segments left out here/)
    expect(body).toContain('### Roll back')
  })

  test('a search, checks and reasons without end are cut as well', () => {
    const long = '<'.repeat(3000)
    const { body } = pullRequestText(
      {
        ...proposal({
          decision: {
            decision: 'keep',
            verdict: 'worse',
            doubts: [],
            checks: Array.from({ length: 500 }, () => failedBy(long)),
          },
        }),
        search: {
          candidates: Array.from({ length: 2000 }, () => ({
            name: long,
            loss: 1,
            origins: 1,
            chosen: false,
          })),
          origins: ['2026-08-30'],
        },
      },
      'en',
    )
    expect(body.length).toBeLessThanOrEqual(MOST_CHARACTERS)
    expect(body).toMatch(/more candidates left out/)
    expect(body).toMatch(/more checks left out/)
    expect(body).toMatch(/- \d+ more reasons\./)
    expect(body).toContain('### Roll back')
  })

  test.each(naughty)('names and sentences from outside stay text: $what', ({ text }) =>
    expectText(text),
  )

  test('so does everything in the big list of naughty strings', () => bigList.forEach(expectText))

  function expectText(text: string) {
    for (const language of languages) {
      const plain = pullRequestText({ ...proposal(), review }, language)
      const evaluation = hostileEvaluation(text)
      const asked = { ...proposal(evaluation), base: text, review }
      const hostile = pullRequestText(asked, language)
      expectHarmless(hostile.body)
      expect(hostile.title).not.toMatch(/[@#<>`[\]\n]|GH-\d/i)
      expect(shapeOf(hostile.body)).toEqual(shapeOf(plain.body))
    }
  }

  test('a reviewer on GitHub finds the links, and which button starts the checks', async () => {
    await expectApproved('pull-request-on-github', (language) =>
      whole(pullRequestText({ ...proposal(), review }, language)),
    )
    const { body } = pullRequestText({ ...proposal(), review }, 'en')
    expect(body).toContain('Press **Approve workflows to run**')
    const alone = pullRequestText(
      {
        ...proposal(),
        review: { ...review, checks: 'start by themselves' },
      },
      'en',
    )
    expect(alone.body).not.toContain('Approve workflows to run')
    expect(alone.body).toContain('/blob/promotion/demand/model-registry/production/README.md')
  })

  test('what got worse, what changed, and how to go back come before the details, in this order', () => {
    const { body } = pullRequestText(proposal(), 'en')
    expect(body.match(/^### .*$/gm)).toEqual([
      '### Against the champion',
      '### Ordering by it',
      '### What changes for the buyer',
      '### Segments that got worse',
      '### Products that got worse and better',
      '### What changed since v3',
      '### Try it',
      '### Roll back',
      '### What the check proves',
      '### Details',
    ])
    expect(body).toContain('**1 of 5 categories got worse:** Iogurtes (+8.1%).')
    expect(body).toContain('None of 3 volume classes got worse.')
  })

  test('the same recipe, sales and code are said to be the same', () => {
    const { champion, ...rest } = proposal()
    const same = {
      ...rest,
      recipe: recipe(),
      champion: { manifest: manifest({ version: 3 }), recipe: recipe() },
    }
    const { body } = pullRequestText(champion ? same : rest, 'en')
    expect(body).toContain('- **Recipe:** the same.\n')
    expect(body).toContain('sales through 2026-09-27, as before; the files are the same.')
    expect(body).toContain('- **Code:** the same.\n- **Packages:** the same.\n')
    expect(body).not.toContain('```diff')
  })
})

describe('pull request of a rollback', () => {
  test('a reviewer reads the same text as was last approved', async () => {
    await expectApproved('rollback', (language) =>
      whole(rollback('Forecasts of fruit are far too high', language)),
    )
  })

  test.each(naughty)('the reason mentions nobody and closes nothing: $what', ({ text }) => {
    for (const language of languages) {
      const { title, body } = rollback(text, language)
      expectHarmless(body)
      expect(title).toBe(rollback('why', language).title)
      expect(shapeOf(body)).toEqual(shapeOf(rollback('why', language).body))
    }
  })
})

function whole({ title, body }: RequestText): string {
  return `${title}\n\n${body}`
}

type Proposal = Parameters<typeof pullRequestText>[0]

const review: Review = {
  repository: 'https://github.com/shop/demand',
  run: 'https://github.com/shop/demand/actions/runs/42',
  checks: 'wait for approval',
}

function rollback(reason: string, language: Language = 'en') {
  return rollbackText(
    {
      manifest: manifest({
        version: 5,
        trainedThrough: '2026-03-29',
        restores: { version: 2, reason },
      }),
      restores: { version: 2, reason },
      current: manifest(),
      base: 'main',
      review,
    },
    language,
  )
}

function proposal(overrides: Partial<Evaluation> = {}): Proposal {
  return {
    manifest: manifest(),
    recipe: recipe(),
    evaluation: evaluation(overrides),
    champion: {
      manifest: manifest({ version: 3, trainedThrough: '2026-06-28', lineage: earlierLineage() }),
      recipe: recipe({ families: { 'moving-average': { window: 8 } }, horizon: 6 }),
      data: { files: 4, added: 12_345, removed: 12 },
    },
    search: search(),
    base: 'main',
  }
}

const refreshed: Partial<Evaluation> = {
  challenge: {
    kind: 'refresh',
    since: '2026-08-30',
    days: 70,
    horizons: 2,
    series: 40,
    newSeries: 12,
  },
  decision: {
    decision: 'promote',
    verdict: 'not distinguishable',
    because: [{ calledFor: 'by new series' }],
    checks: [],
  },
}

function firstProposal(): Proposal {
  const { champion: _, ...alone } = evaluation()
  const { parent: __, ...first } = manifest({ version: 1 })
  const segments = alone.segments.map(({ champion: _, ...segment }) => segment)
  return {
    manifest: first,
    recipe: recipe(),
    evaluation: { ...alone, segments, challenge: { kind: 'first' } },
    search: search(),
    base: 'main',
  }
}

function earlierLineage() {
  const { lineage } = manifest()
  return {
    ...lineage,
    commit: 'c'.repeat(40),
    code: { path: 'src', object: '6'.repeat(40) },
    data: { path: 'data/sales', object: '7'.repeat(40) },
  }
}

function hostileEvaluation(text: string): Partial<Evaluation> {
  const { challenger, champion, baseline, segments } = evaluation()
  const contender = { ...challenger, model: text, chosen: [text] }
  return {
    challenger: contender,
    champion: { ...contender, metrics: champion?.metrics ?? {} },
    baseline: { ...contender, metrics: baseline.metrics },
    segments: segments.map((segment) => ({ ...segment, name: text })),
    decision: {
      decision: 'promote',
      verdict: 'better',
      checks: [failedBy(text), failedBy(text)],
    },
  }
}
