import { describe, expect, test } from 'vitest'
import type { Language } from '../../../src/base/language.ts'
import { alertText, clearedText } from '../../../src/reporting/alert-text.ts'
import { releaseNotes } from '../../../src/reporting/release-notes.ts'
import { bigList, evaluation, manifest, naughty, segment } from './examples.ts'
import { expectHarmless, shapeOf } from './harmless.ts'
import { expectApproved, languages } from './languages.ts'

const repository = 'https://github.com/shop/demand'
const run = `${repository}/actions/runs/42`

describe('notes of a release', () => {
  test('people who open the release read the same notes as were last approved', async () => {
    await expectApproved('release', (language) => {
      const { title, body } = notes({}, language)
      return `${title}\n\n${body}`
    })
  })

  test('a rollback says whose model it is, why, and that its numbers are older', () => {
    const restores = { version: 2, reason: 'Forecasts of fruit are far too high' }
    const { body } = notes({ manifest: manifest({ version: 5, restores }) })
    expect(body.split('\n')[0]).toBe(
      '⏪ **The model of v2 again.** Forecasts of fruit are far too high',
    )
    expect(body).toContain('The comparison below is the one with which it was first promoted.')
  })

  test('whoever downloads the model can check that it is the one that was reviewed', () => {
    expect(notes().body).toContain(`| model.json | ${'ab'.repeat(32)} |`)
  })

  test.each(naughty)('names and reasons stay text: $what', ({ text }) => expectText(text))

  test('so does everything in the big list of naughty strings', () => bigList.forEach(expectText))

  function expectText(text: string) {
    for (const language of languages) {
      const { title, body } = hostile(text, language)
      expectHarmless(body)
      expect(title).not.toMatch(/[@#<>`[\]\n]|GH-\d/i)
      expect(shapeOf(body), text).toEqual(shapeOf(hostile('plain', language).body))
    }
  }

  function hostile(text: string, language: Language) {
    const released = {
      manifest: manifest({ restores: { version: 2, reason: text } }),
      evaluation: evaluation({
        challenger: { ...evaluation().challenger, model: text },
        segments: [segment('category', text, 10, 0.2, { estimate: 1, low: 1, high: 1 })],
      }),
    }
    return notes(released, language)
  }

  function notes(
    overrides: Partial<Parameters<typeof releaseNotes>[0]> = {},
    language: Language = 'en',
  ) {
    const released = { manifest: manifest(), evaluation: evaluation(), repository, ...overrides }
    return releaseNotes(released, language)
  }
})

describe('issue about what runs by itself', () => {
  const failing = {
    reason: 'recipe.yml: horizon: must be integer',
    workflow: 'retrain.yml',
    lastSuccess: '2026-10-26T06:00:00.000Z',
    overdueDays: 14,
    run,
  }

  test('whoever gets it reads the same text as was last approved', async () => {
    const overdue = { ...failing, reason: undefined }
    await expectApproved('alert-failing', (language) => alertText(failing, language))
    await expectApproved('alert-overdue', (language) => alertText(overdue, language))
  })

  test('the first line says whether it fails, and why, or has not even been tried', () => {
    const first = (alert: Partial<typeof failing>) =>
      alertText({ ...failing, overdueDays: undefined, reason: undefined, ...alert }, 'en').split(
        '\n',
      )[0]
    expect(first({ reason: failing.reason })).toBe(
      '❌ **It fails.** recipe.yml: horizon: must be integer',
    )
    expect(first({ overdueDays: 14 })).toBe(
      '❌ **It is overdue:** without success for more than 14 days.',
    )
    expect(first({})).toBe('❌ **It fails.**')
  })

  test('it says when it last worked, or that it never did', () => {
    expect(alertText(failing, 'en')).toContain('retrain.yml last succeeded on 2026-10-26.')
    expect(alertText({ ...failing, lastSuccess: undefined }, 'en')).toContain('has never succeeded')
  })

  test('the comment that closes it links the run that worked', () => {
    expect(clearedText({ run }, 'en')).toBe(`✅ It works again: [the run](${run}).\n`)
  })

  test.each(naughty)('the reason of a failure stays text: $what', ({ text }) => expectText(text))

  test('so does everything in the big list of naughty strings', () => bigList.forEach(expectText))

  function expectText(text: string) {
    for (const language of languages) {
      expectHarmless(hostile(text, language))
      expect(shapeOf(hostile(text, language)), text).toEqual(shapeOf(hostile('plain', language)))
    }
  }

  function hostile(text: string, language: Language) {
    const all = `${text}x`
    return alertText({ ...failing, reason: all, workflow: all, lastSuccess: all }, language)
  }
})
