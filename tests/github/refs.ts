import { gitMaybe } from '../../src/base/git.ts'
import { isAncestor, listRefs, moveRef, type Ref, readRef, typeOf } from './bare-repository.ts'
import { FLAG, TEXT } from './body-check.ts'
import { refuseDirectChange } from './branch-rules.ts'
import { notFound, unprocessable } from './refusal.ts'
import { type Route, route } from './routing.ts'
import { apiUrl, type State } from './state.ts'

const READ = { needs: 'contents: read' } as const

/** References, by their full names: branches, tags and whatever else stands below `refs/`. */
export const refRoutes: Route[] = [
  route('get', '/repos/{owner}/{repo}/git/matching-refs/{ref}', READ).answers(async (call) => {
    const refs = await listRefs(call.state.git, `refs/${call.params.ref}`)
    return { status: 200, body: refs.map((ref) => shownRef(call.state, ref)) }
  }),

  route('get', '/repos/{owner}/{repo}/git/ref/{ref}', READ).answers(async ({ state, params }) => {
    const ref = await readRef(state.git, `refs/${params.ref}`)
    if (!ref) throw notFound()
    return { status: 200, body: shownRef(state, ref) }
  }),

  route('post', '/repos/{owner}/{repo}/git/refs', {
    needs: 'contents: write',
    body: { required: ['ref', 'sha'], properties: { ref: TEXT, sha: TEXT } },
  }).answers(async ({ state, body: { ref: name, sha } }) => {
    if (!/^refs\/[^/]+\/./.test(name)) {
      throw unprocessable('Reference name must contain at least three slash-separated components.')
    }
    if (!(await isRefName(state, name))) {
      throw unprocessable(`${name} is not a valid ref name.`)
    }
    await existingObject(state, name, sha)
    if (await readRef(state.git, name)) throw unprocessable('Reference already exists')
    const created = await moveRef(state.git, name, { to: sha, from: '' })
    if (!created) throw unprocessable('Reference update failed')
    return { status: 201, body: shownRef(state, (await readRef(state.git, name))!) }
  }),

  route('patch', '/repos/{owner}/{repo}/git/refs/{ref}', {
    needs: 'contents: write',
    body: { required: ['sha'], properties: { sha: TEXT, force: FLAG } },
  }).answers(async ({ state, params, body: { sha, force = false } }) => {
    const name = `refs/${params.ref}`
    const ref = await readRef(state.git, name)
    if (!ref) throw unprocessable('Reference does not exist')
    await existingObject(state, name, sha)
    if (isBranch(name)) refuseDirectChange(state, name.slice('refs/heads/'.length))
    const forward = force || (await isAncestor(state.git, ref.id, sha))
    // Where somebody else moved it since it was looked at, this is not fast-forward either.
    if (!forward || !(await moveRef(state.git, name, { to: sha, from: ref.id }))) {
      throw unprocessable('Update is not a fast forward')
    }
    return { status: 200, body: shownRef(state, { ...ref, id: sha }) }
  }),

  route('delete', '/repos/{owner}/{repo}/git/refs/{ref}', { needs: 'contents: write' }).answers(
    async ({ state, params }) => {
      const ref = await readRef(state.git, `refs/${params.ref}`)
      if (!ref) throw unprocessable('Reference does not exist')
      if (params.ref === `heads/${state.defaultBranch}`) {
        throw unprocessable('Cannot delete the default branch')
      }
      if (isBranch(ref.name)) refuseDirectChange(state, ref.name.slice('refs/heads/'.length))
      await moveRef(state.git, ref.name, { to: undefined, from: ref.id })
      return { status: 204 }
    },
  ),
]

async function isRefName(state: State, name: string): Promise<boolean> {
  return (await gitMaybe(state.git, ['check-ref-format', name])) !== undefined
}

/** Branches are of commits; tags may be of anything. */
async function existingObject(state: State, ref: string, id: string): Promise<void> {
  if (!/^[0-9a-f]{40}$/.test(id)) {
    throw unprocessable(
      'The SHA parameter must be exactly 40 characters and contain only [0-9a-f].',
    )
  }
  const type = await typeOf(state.git, id)
  if (!type) throw unprocessable('Object does not exist')
  if (isBranch(ref) && type !== 'commit') {
    throw unprocessable('Reference update failed')
  }
}

function isBranch(ref: string): boolean {
  return ref.startsWith('refs/heads/')
}

function shownRef(state: State, { name, id, type }: Ref) {
  return {
    ref: name,
    node_id: `REF_${name}`,
    url: apiUrl(state, `/git/${name}`),
    object: { type, sha: id, url: apiUrl(state, `/git/${type}s/${id}`) },
  }
}
