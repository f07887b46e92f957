import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { type Day, dayFromIso } from './day.ts'
import { UserError } from './errors.ts'
import { Language } from './language.ts'
import { checker } from './schema.ts'
import { isoDay, nullable, object, partial } from './schema-parts.ts'
import { startOfDay, today } from './today.ts'
import { readYaml } from './yaml-file.ts'

/** `project.yml`: what holds for everything in a project. */
const ProjectSettings = object({
  /** Name of the IANA time zone whose day is the project's, such as `Europe/Lisbon`. */
  timeZone: Type.String(),
  /** Of what is written for people who are no programmers. */
  language: Language,
  /** ISO day: what is today for a project that lives in a time of its own, such as a simulated one. */
  today: Type.Optional(isoDay),
})
export type ProjectSettings = Static<typeof ProjectSettings>

/** What holds where `project.yml`, or a line of it, is missing. */
export const USUAL_SETTINGS: ProjectSettings = {
  timeZone: 'America/Sao_Paulo',
  language: 'en',
}

const FILE = 'project.yml'

/** Reads and checks the `project.yml` of a project. Throws a `UserError` that names the key. */
export async function readProjectSettings(project: string): Promise<ProjectSettings> {
  const file = join(project, FILE)
  const written = existsSync(file) ? await readYaml(file, checkSettings) : undefined
  const settings = { ...USUAL_SETTINGS, ...written }
  if (!isTimeZone(settings.timeZone)) {
    throw new UserError(
      `must be the name of a time zone, but is ${JSON.stringify(settings.timeZone)}`,
      { file, key: 'timeZone', remedy: 'Such as America/Sao_Paulo, Europe/Lisbon or UTC.' },
    )
  }
  return settings
}

/** The calendar day that it is now in a project. Throws as `readProjectSettings` does. */
export async function todayIn(project: string): Promise<Day> {
  const { timeZone, today: own } = await readProjectSettings(project)
  return own === undefined ? today(timeZone) : dayFromIso(own)!
}

/** The moment that it is now in a project, ISO 8601 in UTC: the end of the day that it says is today. */
export async function momentIn(project: string): Promise<string> {
  const { timeZone, today: own } = await readProjectSettings(project)
  if (own === undefined) return new Date().toISOString()
  return new Date(startOfDay(dayFromIso(own)! + 1, timeZone).getTime() - 1).toISOString()
}

/** The project's language; the usual one where `project.yml` cannot be read, which others complain of. */
export async function languageOf(project: string): Promise<Language> {
  try {
    return (await readProjectSettings(project)).language
  } catch (error) {
    if (error instanceof UserError) return USUAL_SETTINGS.language
    throw error
  }
}

/** An offset such as +03:00 is none: it does not know when clocks change. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

const checkSettings = checker(nullable(partial(ProjectSettings)))
