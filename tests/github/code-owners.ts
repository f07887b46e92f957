import { readBlob, resolve } from './bare-repository.ts'
import { notFound } from './refusal.ts'
import { type Route, route } from './routing.ts'
import type { State } from './state.ts'

const FILE = '.github/CODEOWNERS'

/** What is wrong with the file that names the owners. There are no teams here. */
export const codeOwnersRoutes: Route[] = [
  route('get', '/repos/{owner}/{repo}/codeowners/errors', { needs: 'contents: read' }).answers(
    async ({ state }) => {
      const blob = await resolve(state.git, `${state.defaultBranch}:${FILE}`)
      if (!blob) throw notFound()
      const lines = (await readBlob(state.git, blob)).toString().split('\n')
      const errors = lines.flatMap((source, index) => unknownOwners(state, source, index + 1))
      return { status: 200, body: { errors } }
    },
  ),
]

function unknownOwners(state: State, source: string, line: number) {
  const [, ...owners] = source.replace(/#.*/, '').split(/\s+/).filter(Boolean)
  return owners
    .filter((owner) => owner !== `@${state.owner}` && !state.people.has(owner.slice(1)))
    .map((owner) => ({
      kind: 'Unknown owner',
      line,
      column: source.indexOf(owner) + 1,
      source,
      suggestion: `make sure ${owner} exists and has write access to the repository`,
      message: `Unknown owner on line ${line}: make sure ${owner} exists and has write access to the repository\n\n  ${source}\n  ${' '.repeat(source.indexOf(owner))}^`,
      path: FILE,
    }))
}
