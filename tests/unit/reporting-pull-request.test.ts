import { describe, expect, test } from 'vitest'
import type { Evaluation } from '../../src/evaluation/evaluation.ts'
import {
  MOST_CHARACTERS,
  type PromotionProposal,
  pullRequestText,
} from '../../src/reporting/pull-request.ts'
import { rollbackText } from '../../src/reporting/rollback-request.ts'
import { evaluation, interval, manifest, naughty, search, segment } from './reporting-examples.ts'

describe('pull request of a promotion', () => {
  test('a reviewer reads the same text as was last approved', async () => {
    const { title, body } = pullRequestText(proposal())
    await expect(`${title}\n\n${body}`).toMatchFileSnapshot('__golden__/pull-request.md')
  })

  test('the first version says what it beats where there is no champion', async () => {
    const { title, body } = pullRequestText(firstProposal())
    await expect(`${title}\n\n${body}`).toMatchFileSnapshot('__golden__/pull-request-first.md')
  })

  test('the verdict stands in the first line, where notifications and lists show it', () => {
    expect(pullRequestText(proposal()).body.split('\n')[0]).toBe(
      '✅ **Better.** The weighted quantile loss is 9.1% lower (95% interval 5.2% to 13.0% lower).',
    )
  })

  test('a failed check cannot be overlooked: it comes first and is marked', () => {
    const checks = [
      { name: 'bias', passed: true, detail: 'The bias is 1.2%.' },
      { name: 'coverage', passed: false, detail: 'The coverage is 60%.' },
    ]
    const kept: Evaluation['decision'] = {
      decision: 'keep',
      verdict: 'better',
      summary: 'Lower.',
      reasons: ['The coverage is 60%.'],
      checks,
    }
    const { body } = pullRequestText(proposal({ decision: kept }))
    expect(body.startsWith('⛔ **Better, but not to be promoted.** Lower.\n\n- The coverage')).toBe(
      true,
    )
    expect(body.indexOf('| ❌ | coverage')).toBeGreaterThan(0)
    expect(body.indexOf('| ❌ | coverage')).toBeLessThan(body.indexOf('| ✅ | bias'))
  })

  test('the category in which the challenger is worst stands first', () => {
    const { body } = pullRequestText(proposal())
    const rows = body.split('\n').filter((line) => /^\| (Iogurtes|Livros|Biscoitos) /.test(line))
    expect(rows.map((row) => row.split('|')[1].trim())).toEqual(['Iogurtes', 'Livros', 'Biscoitos'])
    expect(rows[0]).toContain('🔴 worse')
  })

  test('thousands of segments are cut until GitHub takes the text, and it says so', () => {
    const segments = Array.from({ length: 3000 }, (_, i) =>
      segment('category', `Category ${i}`, 10, 0.2, interval(i / 10_000, -0.1, 0.5)),
    )
    const { body } = pullRequestText(proposal({ segments }))
    expect(body.length).toBeLessThanOrEqual(MOST_CHARACTERS)
    expect(body).toContain('| Category 2999 |')
    expect(body).not.toContain('| Category 0 |')
    expect(body).toMatch(/[\d,]+ more segments left out here/)
    expect(body).toContain('### Roll back')
  })

  test('a search, checks and reasons without end are cut as well', () => {
    const long = '<'.repeat(3000)
    const { body } = pullRequestText({
      ...proposal({
        decision: {
          decision: 'keep',
          verdict: 'worse',
          summary: long,
          reasons: [long],
          checks: Array.from({ length: 500 }, () => ({ name: long, passed: false, detail: long })),
        },
      }),
      search: {
        candidates: Array.from({ length: 2000 }, () => ({ name: long, loss: 1, chosen: false })),
        origins: ['2026-08-30'],
      },
    })
    expect(body.length).toBeLessThanOrEqual(MOST_CHARACTERS)
    expect(body).toMatch(/more candidates left out/)
    expect(body).toMatch(/more checks left out/)
  })

  test.each(naughty)('names and sentences from outside stay text: $what', ({ text }) => {
    const plain = pullRequestText(proposal())
    const hostile = pullRequestText({ ...proposal(hostileEvaluation(text)), base: text })
    for (const { title, body } of [hostile]) {
      expectHarmless(body)
      expect(title).not.toMatch(/[@#<>`[\]\n]|GH-\d/i)
    }
    const shape = (body: string) => body.replace(/^[^|\n].*$/gm, '').match(/^\|/gm)?.length
    expect(shape(hostile.body)).toBe(shape(plain.body))
    expect(hostile.body.match(/^#+ .*$/gm)).toEqual(plain.body.match(/^#+ .*$/gm))
    expect(hostile.body.match(/^```/gm)?.length).toBe(plain.body.match(/^```/gm)?.length)
    expect(hostile.body.match(/<\/?\w+>/g)).toEqual(plain.body.match(/<\/?\w+>/g))
  })
})

describe('pull request of a rollback', () => {
  test('a reviewer reads the same text as was last approved', async () => {
    const { title, body } = rollback('Forecasts of fruit are far too high')
    await expect(`${title}\n\n${body}`).toMatchFileSnapshot('__golden__/rollback.md')
  })

  test.each(naughty)('the reason mentions nobody and closes nothing: $what', ({ text }) => {
    const { title, body } = rollback(text)
    expectHarmless(body)
    expect(title).toBe('Roll back to version 2')
    expect(body.match(/^\|/gm)).toHaveLength(rollback('why').body.match(/^\|/gm)?.length ?? 0)
  })
})

function rollback(reason: string) {
  return rollbackText({
    manifest: manifest({ version: 5, restores: { version: 2, reason } }),
    restores: { version: 2, reason },
    current: manifest(),
    base: 'main',
  })
}

function proposal(overrides: Partial<Evaluation> = {}): PromotionProposal {
  return {
    manifest: manifest(),
    evaluation: evaluation(overrides),
    champion: { manifest: manifest({ version: 3, trainedThrough: '2026-06-28' }) },
    search: search(),
    base: 'main',
  }
}

function firstProposal(): PromotionProposal {
  const { champion: _, ...alone } = evaluation()
  const { parent: __, ...first } = manifest({ version: 1 })
  const segments = alone.segments.map(({ champion: _, ...segment }) => segment)
  return { manifest: first, evaluation: { ...alone, segments }, search: search(), base: 'main' }
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
      summary: text,
      checks: [
        { name: text, passed: true, detail: text },
        { name: text, passed: true, detail: text },
      ],
    },
  }
}

/** Outside of code blocks, nothing that GitHub would act on. */
function expectHarmless(body: string) {
  const prose = body.replace(/^```[\s\S]*?^```$/gm, '')
  expect(prose).not.toMatch(/@\w/)
  expect(prose).not.toMatch(/(?<!&)#\d/)
  expect(prose).not.toMatch(/\bGH-\d/i)
  expect(prose).not.toMatch(/https?:\/\/|www\./)
  expect(prose).not.toMatch(/<(?!\/?(details|summary)>)/)
  expect(prose).not.toMatch(/(?<!\\)\]\(/)
  expect(body).not.toMatch(/[^\n\P{Cc}]|\p{Cf}|\p{Cs}/u)
}
