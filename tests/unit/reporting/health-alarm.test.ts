import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reachedLevel } from '../../../src/monitoring/health/alarm.ts'
import type { HealthRecord } from '../../../src/monitoring/health/health-record.ts'
import {
  healthEndText,
  healthIssue,
  versionOfIssue,
  whyNowSection,
} from '../../../src/reporting/health-alarm.ts'
import { countedBlock, healthAt, judged } from '../monitoring/health/examples.ts'
import { expectHarmless, shapeOf } from './harmless.ts'

const repository = 'https://github.com/shop/demand'
const BEFORE = { replaced: 2, restores: undefined }
const LANGUAGES = ['en', 'pt-BR'] as const

it.each(LANGUAGES)(
  'people read in %s how bad it is, since when, and the way back',
  async (language) => {
    const { title, body } = healthIssue(healthAt('wreck'), { ...BEFORE, repository, language })
    const golden = `./__golden__/health-issue${language === 'en' ? '' : `.${language}`}.md`
    await expect(`# ${title}\n\n${body}`).toMatchFileSnapshot(golden)
  },
)

it.each(LANGUAGES)(
  'after a rollback no way leads in %s to the version that was taken out',
  (language) => {
    const origin = { replaced: 2, restores: 1 }
    const { body } = healthIssue(healthAt('wreck'), { ...origin, repository, language })
    expect(body).toContain('npx cd4ml history')
    expect(body).not.toContain('--to 2')
  },
)

it('the issue is news after another block, at another level, and of another version alone', () => {
  const newsOf = (record: HealthRecord) =>
    healthIssue(record, { ...BEFORE, repository, language: 'en' }).news
  const first = newsOf(healthAt('degraded'))
  const { blocks, production, sales } = healthAt('degraded')
  expect(newsOf(healthAt('degraded', { sales: { ...sales, through: '2026-11-04' } }))).toBe(first)
  const others = [
    healthAt('wreck'),
    healthAt('degraded', { blocks: [...blocks, countedBlock('2026-11-02', 'degraded')] }),
    healthAt('degraded', { production: { ...production, version: 4 } }),
  ]
  expect(new Set([first, ...others.map(newsOf)]).size).toBe(4)
})

it('the version that an issue is about is read back from it, whatever line ends GitHub gives', () => {
  const { body } = healthIssue(healthAt('degraded'), { ...BEFORE, repository, language: 'en' })
  expect(versionOfIssue(`<!-- cd4ml:health -->\n${body}`)).toBe(3)
  expect(versionOfIssue(`<!-- cd4ml:health -->\n${body}`.replaceAll('\n', '\r\n'))).toBe(3)
  expect(versionOfIssue('Somebody has written it anew: version 9')).toBeUndefined()
})

describe('since when it is so is', () => {
  it('the first block of that level, not of a watch that had gone before', () => {
    const blocks = [
      countedBlock('2026-10-05', 'watch'),
      countedBlock('2026-10-12', 'as promised'),
      countedBlock('2026-10-19', 'watch'),
      countedBlock('2026-10-26', 'watch'),
    ]
    const reached = reachedLevel({ blocks, standing: judged('watch', 4) })
    expect(reached).toMatchObject({ level: 'watch', since: { from: '2026-10-19' } })
  })

  it('not said where no block tells it', () => {
    const record = healthAt('degraded', { blocks: [] })
    expect(reachedLevel(record)).toEqual({ level: 'degraded', since: undefined })
    expect(whyNowSection(record, { repository, language: 'en' })).toContain('### Why now')
  })
})

it('no name of a store, and no id, can add anything to issue, comment or pull request', () => {
  const shapes = new Set<string>()
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(...LANGUAGES),
      (name, language) => {
        const hostile = `${name}\n# x\n| a | b |\n<!-- cd4ml:health --> @maria #1 https://evil.example`
        const record = healthAt('degraded', {
          blocks: [
            countedBlock('2026-10-26', 'degraded'),
            {
              from: '2026-11-02',
              to: '2026-11-08',
              version: 3,
              forecasts: 'published',
              series: 3,
              knownDemand: 0.2,
              outcome: 'cannot tell',
              reason: 'sales missing',
              stores: [hostile],
            },
          ],
        })
        const { body, news } = healthIssue(record, { ...BEFORE, repository, language })
        const texts = [
          body.replace(news, ''),
          whyNowSection(record, { repository, language }),
          healthEndText(
            record,
            { because: 'other figures', id: hostile },
            { repository, language },
          ),
        ]
        for (const text of texts) expectHarmless(text)
        shapes.add(
          JSON.stringify([language, texts.map(shapeOf).map(({ headings: _, ...rest }) => rest)]),
        )
      },
    ),
    { numRuns: 50 },
  )
  expect(shapes.size).toBe(2)
})
