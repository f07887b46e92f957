/** What somebody may do: ask; decide; report what sold; delete persons and make tokens. */
export const scopes = ['read', 'decide', 'record', 'admin'] as const
export type Scope = (typeof scopes)[number]

/** Who asks. */
export type Identity = {
  /** As decisions name them: nothing that says who it is. */
  pseudonym: string
  scopes: ReadonlySet<Scope>
  by: 'token' | 'session' | 'workflow'
}
