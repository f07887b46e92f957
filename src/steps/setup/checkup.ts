import { UserError } from '../../base/errors.ts'

/** One thing that has to be set up, and whether it is. */
export type Checkup = { name: string } & (
  | { state: 'passed'; detail: string }
  | ({ detail: string } & Remedy & { state: 'to do' | 'unknown' })
)

/** What to do, and the page on which it is done. */
export type Remedy = { remedy: string; url?: string }

export function done(name: string, detail: string): Checkup {
  return { name, state: 'passed', detail }
}

export function toDo(name: string, detail: string, remedy: Remedy): Checkup {
  return { name, state: 'to do', detail, ...remedy }
}

/** Rulesets and protected branches are not part of every plan. */
export function notInThePlan(name: string): Checkup {
  return toDo(name, 'the plan has no rules for private repositories', {
    remedy:
      'Take a paid plan, or make the repository public; until then people keep the rules themselves: docs/github.md, "Private repositories".',
  })
}

/** What the token may not see, and where people can. */
export function hidden(name: string, what: string, where: Required<Remedy>): Checkup {
  return unknown(name, `the token may not see ${what}`, where)
}

export function unknown(name: string, detail: string, remedy: Remedy): Checkup {
  return { name, state: 'unknown', detail, ...remedy }
}

/** The checkup, or what a user's mistake that stopped it says. */
export async function attempted(name: string, checkup: () => Promise<Checkup>): Promise<Checkup> {
  try {
    return await checkup()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const [detail] = error.message.split('\n')
    return toDo(name, detail, { remedy: error.remedy ?? 'Correct it.' })
  }
}
