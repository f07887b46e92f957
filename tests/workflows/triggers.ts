import { parse } from 'yaml'

/** What happened, as far as the filters of `on:` ask. */
export type Trigger = {
  /** Such as `push`. */
  event: string
  /** The branch that was pushed, or that a pull request wants to change. */
  branch?: string
  /** What was done to a pull request, such as `opened`. */
  action?: string
  /** Paths that the push or the pull request changes. */
  files?: string[]
}

/**
 * Whether GitHub would start the workflow (the text of its file): act runs whatever it is told to.
 * Knows the filters that the workflows here use.
 */
export function isTriggered(workflow: string, { event, branch, action, files }: Trigger): boolean {
  const on = filtersByEvent(parse(workflow).on)
  if (!on.has(event)) return false
  const found = on.get(event)
  const filters = isRecord(found) ? found : {}
  const types = event === 'pull_request' ? PULL_REQUEST_TYPES : undefined
  return (
    passes(branch === undefined ? [] : [branch], filters, 'branches') &&
    passes(files ?? [], filters, 'paths') &&
    (action === undefined || (list(filters.types) ?? types ?? [action]).includes(action))
  )
}

function filtersByEvent(on: unknown): Map<string, unknown> {
  if (isRecord(on)) return new Map(Object.entries(on))
  return new Map([on].flat().map((event) => [String(event), undefined]))
}

const PULL_REQUEST_TYPES = ['opened', 'synchronize', 'reopened']

/** Any of the names is asked for, and any is not ignored. */
function passes(names: string[], filters: Record<string, unknown>, key: string): boolean {
  const wanted = list(filters[key])
  const ignored = list(filters[`${key}-ignore`])
  return (
    (!wanted || names.some((name) => selects(wanted, name))) &&
    (!ignored || names.some((name) => !selects(ignored, name)))
  )
}

/** The last pattern that fits decides; `!` takes out. */
function selects(patterns: string[], name: string): boolean {
  const last = patterns.findLast((pattern) => expression(pattern.replace(/^!/, '')).test(name))
  return last !== undefined && !last.startsWith('!')
}

function expression(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*\/?|\*)/).map((part) => {
    if (part === '*') return '[^/]*'
    return part.startsWith('**') ? '.*' : part.replace(/[\\^$.|+?()[\]{}]/g, '\\$&')
  })
  return new RegExp(`^${parts.join('')}$`)
}

function list(value: unknown): string[] | undefined {
  if (value === undefined) return undefined
  return [value].flat().map(String)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
