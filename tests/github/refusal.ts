/** One entry of `errors` in a 422 of GitHub's. */
export type FieldError = { resource: string; code: string; field?: string; message?: string }

/** An answer that says no, with the body that GitHub gives. Handlers throw it. */
export class Refusal extends Error {
  readonly status: number
  readonly errors: readonly FieldError[]
  readonly headers: Readonly<Record<string, string>>
  constructor(
    status: number,
    message: string,
    errors: readonly FieldError[] = [],
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message)
    this.status = status
    this.errors = errors
    this.headers = headers
  }

  get body(): object {
    return {
      message: this.message,
      ...(this.errors.length && { errors: this.errors }),
      documentation_url: 'https://docs.github.com/rest',
      status: String(this.status),
    }
  }
}

export function notFound(): Refusal {
  return new Refusal(404, 'Not Found')
}

/** A request that has the right form, but that the state of the repository forbids. */
export function unprocessable(message: string): Refusal {
  return new Refusal(422, message)
}

/** "Validation Failed", as GitHub says it of issues, labels, pull requests and releases. */
export function validationFailed(...errors: FieldError[]): Refusal {
  return new Refusal(422, 'Validation Failed', errors)
}
