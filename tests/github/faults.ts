/** What goes wrong, to how many of the next requests that fit. */
export type Fault = { method: string; path: RegExp; times: number; kind: FaultKind }

/**
 * `dropped before`: the connection ends and nothing was done. `dropped after`: the request was
 * carried out, and the connection ends before the answer.
 */
export type FaultKind =
  | 401
  | 404
  | 409
  | 422
  | 429
  | 500
  | 502
  | 'rate-limited'
  | 'secondary-limit'
  | 'not in the plan'
  | 'dropped before'
  | 'dropped after'

export class Faults {
  readonly #pending: Fault[] = []

  add(fault: Fault): void {
    this.#pending.push({ ...fault })
  }

  /** The fault that strikes this request, counted as done. */
  strike(method: string, path: string): FaultKind | undefined {
    const fault = this.#pending.find(
      (other) => other.times > 0 && other.method === method && other.path.test(path),
    )
    if (!fault) return undefined
    fault.times -= 1
    return fault.kind
  }
}

/** The answer of a fault that has one. */
export function faultAnswer(kind: Exclude<FaultKind, 'dropped before' | 'dropped after'>): {
  status: number
  message: string
  headers: Record<string, string>
} {
  switch (kind) {
    case 'rate-limited': {
      const reset = String(Math.floor(Date.now() / 1000) + 1)
      const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }
      return { status: 403, message: 'API rate limit exceeded for installation ID 1.', headers }
    }
    case 'secondary-limit':
      return { status: 403, message: SECONDARY, headers: { 'retry-after': '1' } }
    case 'not in the plan':
      return { status: 403, message: PLAN, headers: {} }
    case 429:
      return { status: 429, message: SECONDARY, headers: { 'retry-after': '1' } }
    default:
      return { status: kind, message: MESSAGES[kind], headers: {} }
  }
}

const SECONDARY =
  'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'

const PLAN = 'Upgrade to GitHub Pro or make this repository public to enable this feature.'

const MESSAGES = {
  401: 'Bad credentials',
  404: 'Not Found',
  409: 'Conflict',
  422: 'Validation Failed',
  500: 'Server Error',
  502: 'Server Error',
}
