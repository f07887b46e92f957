import { afterEach, describe, expect, it, vi } from 'vitest'
import { isoFromDay } from '../../../src/base/day.ts'
import { momentIn, readProjectSettings, todayIn } from '../../../src/base/project-settings.ts'
import { put, temporaryFolder } from '../../repository.ts'

afterEach(() => vi.useRealTimers())

describe('the day of a project', () => {
  it.each([
    ['', '2026-10-31'],
    ['# nothing said yet\n', '2026-10-31'],
    ['timeZone: Europe/Lisbon\n', '2026-11-01'],
    ['timeZone: America/Noronha\n', '2026-10-31'],
    ['timeZone: UTC\n', '2026-11-01'],
    ['timeZone: Pacific/Kiritimati\n', '2026-11-01'],
  ])('in a shop that says %j is that of its own time zone', async (settings, day) => {
    vi.useFakeTimers({ now: new Date('2026-11-01T01:30:00Z'), toFake: ['Date'] })
    expect(isoFromDay(await todayIn(await projectWith(settings)))).toBe(day)
  })

  it('is that of São Paulo where no project.yml says another', async () => {
    const settings = await readProjectSettings(await temporaryFolder())
    expect(settings).toEqual({ timeZone: 'America/Sao_Paulo', language: 'en' })
  })

  it('is the one that a simulated project lives in, and its moment the end of that day', async () => {
    const folder = await projectWith('timeZone: America/Sao_Paulo\ntoday: 2027-11-01\n')
    expect(isoFromDay(await todayIn(folder))).toBe('2027-11-01')
    expect(await momentIn(folder)).toBe('2027-11-02T02:59:59.999Z')
    vi.useFakeTimers({ now: new Date('2026-11-01T01:30:00Z'), toFake: ['Date'] })
    expect(await momentIn(await projectWith(''))).toBe('2026-11-01T01:30:00.000Z')
  })

  it('can be that of every time zone there is', async () => {
    const folder = await temporaryFolder()
    for (const timeZone of Intl.supportedValuesOf('timeZone')) {
      await put(folder, { 'project.yml': `timeZone: ${timeZone}\n` })
      expect(await readProjectSettings(folder)).toEqual({ timeZone, language: 'en' })
    }
  })

  it.each([
    ['timeZone: +03:00\n', /timeZone: must be the name of a time zone, but is "\+03:00"/],
    ['timeZone: "-0300"\n', /timeZone: must be the name/],
    ['timeZone: America/Sao Paulo\n', /timeZone: must be the name/],
    ['timeZone: Brazil Standard Time\n', /timeZone: must be the name/],
    ['timeZone: ../../etc/passwd\n', /timeZone: must be the name/],
    ['timeZone: ""\n', /timeZone: must be the name/],
    ['timeZone: -3\n', /timeZone: must be string/],
    ['today: 2027-02-30\n', /today: must match format "date", but is "2027-02-30"/],
    ['today: yesterday\n', /today: must/],
    ['timezone: UTC\n', /must not have the key "timezone"/],
    ['- UTC\n', /must be object or null/],
    ['timeZone: [\n', /project\.yml:\d+: is not valid YAML/],
  ])('is refused by file and key where project.yml says %j', async (settings, message) => {
    await expect(todayIn(await projectWith(settings))).rejects.toThrow(message)
  })
})

async function projectWith(settings: string): Promise<string> {
  const folder = await temporaryFolder()
  await put(folder, { 'project.yml': settings })
  return folder
}
