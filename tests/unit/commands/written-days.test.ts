import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayFromIso, isoFromDay } from '../../../src/base/day.ts'
import { writtenDay, writtenMonth } from '../../../src/commands/written-days.ts'

const today = dayFromIso('2026-11-27')!

describe('a day is read as it is written where the project speaks', () => {
  it.each([
    ['Portuguese', 'pt-BR', '02/11/2026', '2026-11-02'],
    ['Portuguese', 'pt-BR', '2/1/2027', '2027-01-02'],
    ['Portuguese', 'pt-BR', '31.12.2026', '2026-12-31'],
    ['Portuguese', 'pt-BR', '29-02-2028', '2028-02-29'],
    ['Portuguese', 'pt-BR', '2026-11-02', '2026-11-02'],
    ['English', 'en', '2026-11-02', '2026-11-02'],
    ['English, and it can be but one', 'en', '25/12/2026', '2026-12-25'],
    ['English, and it can be but one', 'en', '12/25/2026', '2026-12-25'],
    ['English, and both are the same', 'en', '11/11/2026', '2026-11-11'],
  ] as const)('%s', (_, language, text, iso) => {
    expect(isoFromDay(writtenDay('--from', text, language))).toBe(iso)
  })

  it.each([
    ['pt-BR', '11/25/2026'],
    ['pt-BR', '31/02/2026'],
    ['en', '31/02/2026'],
    ['en', '2026-02-31'],
    ['en', '1/2/26'],
    ['en', '1/2-2026'],
    ['en', 'tomorrow'],
    ['pt-BR', ''],
  ] as const)('and refused where there is no such day: in %s, %s', (language, text) => {
    expect(() => writtenDay('--from', text, language)).toThrow(
      /^--from: must be an existing day such as 2026-10-31.*, but is "/,
    )
  })

  it('and asked about where it may be two', () => {
    expect(() => writtenDay('--to', '02/11/2026', 'en')).toThrow(
      '--to: "02/11/2026" may be 2026-11-02 or 2026-02-11\n  Write the one that you mean: 2026-11-02 or 2026-02-11.',
    )
  })

  it('and never as another: every day, in every language', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60_000 }), (day) => {
        const [year, month, dayOfMonth] = isoFromDay(day).split('-')
        const text = `${dayOfMonth}/${month}/${year}`
        expect(writtenDay('--from', text, 'pt-BR')).toBe(day)
        expect(writtenDay('--from', isoFromDay(day), 'en')).toBe(day)
        const isOpen = Number(dayOfMonth) <= 12 && dayOfMonth !== month
        if (isOpen) expect(() => writtenDay('--from', text, 'en')).toThrow('may be')
        else expect(writtenDay('--from', text, 'en')).toBe(day)
      }),
    )
  })
})

describe('a month is read as people write it', () => {
  it.each([
    ['2026-12', '2026-12'],
    ['12/2026', '2026-12'],
    ['dezembro', '2026-12'],
    ['december', '2026-12'],
    ['DEZ', '2026-12'],
    ['dez/2026', '2026-12'],
    ['dez/27', '2027-12'],
    ['dez. 2026', '2026-12'],
    ['Dezembro de 2026', '2026-12'],
    ['December 2026', '2026-12'],
    ['março', '2027-03'],
    ['marco', '2027-03'],
    ['março'.normalize('NFD'), '2027-03'],
    ['outubro', '2027-10'],
    ['novembro', '2026-11'],
    ['février/2027', '2027-02'],
    ['2026-13', undefined],
    ['13/2026', undefined],
    ['00/2026', undefined],
    ['2026-1', undefined],
    ['natal', undefined],
    ['dezembro 2026 talvez', undefined],
    ['', undefined],
  ])('%s', (text, label) => {
    if (label === undefined) {
      expect(() => writtenMonth('--month', text, today)).toThrow(
        /^--month: must be a month such as 2026-12, december or dez\/2026, but is "/,
      )
    } else {
      const month = writtenMonth('--month', text, today)
      expect([month.label, isoFromDay(month.from)]).toEqual([label, `${label}-01`])
    }
  })

  it('from its first day to its last', () => {
    const { from, to } = writtenMonth('--month', 'fevereiro de 2028', today)
    expect([from, to].map(isoFromDay)).toEqual(['2028-02-01', '2028-02-29'])
  })

  it('and without a year, is the next of that name that is not over', () => {
    const names = [
      'jan',
      'fev',
      'mar',
      'abr',
      'mai',
      'jun',
      'jul',
      'ago',
      'set',
      'out',
      'nov',
      'dez',
    ]
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60_000 }), fc.nat(11), (day, month) => {
        const { from, to } = writtenMonth('--month', names[month], day)
        expect(to).toBeGreaterThanOrEqual(day)
        expect(from - day).toBeLessThan(366)
        expect(Number(isoFromDay(from).slice(5, 7))).toBe(month + 1)
      }),
    )
  })
})
