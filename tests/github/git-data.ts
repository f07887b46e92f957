import { GitError, gitMaybe } from '../../src/git.ts'
import {
  type Commit,
  commitOf,
  gitDate,
  isAncestor,
  isoInstant,
  listRefs,
  listTree,
  moveRef,
  type Ref,
  readBlob,
  readCommit,
  resolve,
  type Signature,
  type TreeChange,
  typeOf,
  writeCommit,
  writeObject,
  writeTree,
} from './bare-repository.ts'
import { FLAG, NULLABLE_TEXT, TEXT, TEXTS } from './body-check.ts'
import { emailOf, type Identity } from './identity.ts'
import { notFound, Refusal, unprocessable } from './refusal.ts'
import { type Route, route } from './routing.ts'
import { apiUrl, htmlUrl, now, type State } from './state.ts'

const READ = { needs: 'contents: read' } as const
const PERSON = { type: 'object', properties: { name: TEXT, email: TEXT, date: TEXT } }

/** Blobs, trees, commits, tags and references: the Git data API. */
export const gitDataRoutes: Route[] = [
  route('get', '/repos/{owner}/{repo}/git/blobs/{file_sha}', READ).answers(async (call) => {
    const { state, params, accept } = call
    const id = await objectOf(state, params.file_sha, 'blob')
    const content = await readBlob(state.git, id)
    if (accept.includes('raw')) return { status: 200, body: content }
    return {
      status: 200,
      body: {
        sha: id,
        node_id: `B_${id}`,
        url: apiUrl(state, `/git/blobs/${id}`),
        size: content.length,
        encoding: 'base64',
        content: base64Lines(content),
      },
    }
  }),

  route('post', '/repos/{owner}/{repo}/git/blobs', {
    needs: 'contents: write',
    body: { required: ['content'], properties: { content: TEXT, encoding: TEXT } },
  }).answers(async ({ state, body }) => {
    const { content, encoding = 'utf-8' } = body
    if (!['utf-8', 'base64'].includes(encoding)) {
      throw unprocessable(`Unsupported encoding: ${encoding}`)
    }
    if (encoding === 'base64' && !BASE64.test(content)) {
      throw unprocessable('content is not valid Base64')
    }
    const bytes = Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8')
    const sha = await writeObject(state.git, 'blob', bytes)
    return { status: 201, body: { sha, url: apiUrl(state, `/git/blobs/${sha}`) } }
  }),

  route('get', '/repos/{owner}/{repo}/git/trees/{tree_sha}', READ).answers(async (call) => {
    const { state, params, query } = call
    const id = await resolve(state.git, `${params.tree_sha}^{tree}`)
    if (!id) throw notFound()
    return { status: 200, body: await shownTree(state, id, query.has('recursive')) }
  }),

  route('post', '/repos/{owner}/{repo}/git/trees', {
    needs: 'contents: write',
    body: {
      required: ['tree'],
      properties: {
        base_tree: TEXT,
        tree: {
          type: 'array',
          items: {
            type: 'object',
            additionalProperties: false,
            properties: {
              path: TEXT,
              mode: { enum: ['100644', '100755', '040000', '160000', '120000'] },
              type: { enum: ['blob', 'tree', 'commit'] },
              sha: NULLABLE_TEXT,
              content: TEXT,
            },
          },
        },
      },
    },
  }).answers(async ({ state, body }) => {
    const base = body.base_tree && (await resolve(state.git, `${body.base_tree}^{tree}`))
    if (base === undefined) throw notFound()
    if (body.tree.length === 0) throw unprocessable('Invalid tree info')
    const changes: TreeChange[] = []
    for (const entry of body.tree) changes.push(await treeChange(state, base, entry))
    const id = await writtenTree(state, base || undefined, changes)
    return { status: 201, body: await shownTree(state, id, false) }
  }),

  route('get', '/repos/{owner}/{repo}/git/commits/{commit_sha}', READ).answers(async (call) => {
    const { state, params } = call
    const id = await objectOf(state, params.commit_sha, 'commit')
    return { status: 200, body: shownCommit(state, await readCommit(state.git, id)) }
  }),

  route('post', '/repos/{owner}/{repo}/git/commits', {
    needs: 'contents: write',
    body: {
      required: ['message', 'tree'],
      properties: {
        message: TEXT,
        tree: TEXT,
        parents: TEXTS,
        author: PERSON,
        committer: PERSON,
        signature: TEXT,
      },
    },
  }).answers(async ({ state, identity, body }) => {
    if ((await typeOf(state.git, body.tree)) !== 'tree') {
      throw unprocessable('Tree SHA does not exist')
    }
    for (const parent of body.parents ?? []) {
      if ((await typeOf(state.git, parent)) !== 'commit') {
        throw unprocessable('Parent SHA does not exist or is not a commit object')
      }
    }
    const author = signatureOf(identity, body.author)
    const committer = body.committer ? signatureOf(identity, body.committer) : author
    const { tree, message, parents = [] } = body
    const commit = { tree, parents, author, committer, message }
    const id = await writeCommit(state.git, commit)
    if (identity.type === 'Bot' && !body.author && !body.committer) state.signed.add(id)
    return { status: 201, body: shownCommit(state, { id, ...commit }) }
  }),

  route('post', '/repos/{owner}/{repo}/git/tags', {
    needs: 'contents: write',
    body: {
      required: ['tag', 'message', 'object', 'type'],
      properties: {
        tag: TEXT,
        message: TEXT,
        object: TEXT,
        type: { enum: ['commit', 'tree', 'blob'] },
        tagger: PERSON,
      },
    },
  }).answers(async ({ state, identity, body }) => {
    if ((await typeOf(state.git, body.object)) !== body.type) {
      throw unprocessable(`Object does not exist or is not a ${body.type}`)
    }
    const { name, email, date } = signatureOf(identity, body.tagger)
    const text = `object ${body.object}\ntype ${body.type}\ntag ${body.tag}\ntagger ${name} <${email}> ${date}\n\n${body.message}`
    const sha = await writeObject(state.git, 'tag', text)
    return {
      status: 201,
      body: {
        sha,
        url: apiUrl(state, `/git/tags/${sha}`),
        tag: body.tag,
        message: body.message,
        object: { sha: body.object, type: body.type },
      },
    }
  }),

  route('get', '/repos/{owner}/{repo}/git/matching-refs/{ref}', READ).answers(async (call) => {
    const refs = await listRefs(call.state.git, `refs/${call.params.ref}`)
    return { status: 200, body: refs.map((ref) => shownRef(call.state, ref)) }
  }),

  route('get', '/repos/{owner}/{repo}/git/ref/{ref}', READ).answers(async ({ state, params }) => {
    const ref = await findRef(state, `refs/${params.ref}`)
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
    if (await findRef(state, name)) throw unprocessable('Reference already exists')
    const created = await moveRef(state.git, name, { to: sha, from: '' })
    if (!created) throw unprocessable('Reference update failed')
    return { status: 201, body: shownRef(state, (await findRef(state, name))!) }
  }),

  route('patch', '/repos/{owner}/{repo}/git/refs/{ref}', {
    needs: 'contents: write',
    body: { required: ['sha'], properties: { sha: TEXT, force: FLAG } },
  }).answers(async ({ state, params, body: { sha, force = false } }) => {
    const name = `refs/${params.ref}`
    const ref = await findRef(state, name)
    if (!ref) throw unprocessable('Reference does not exist')
    await existingObject(state, name, sha)
    const forward = force || (await isAncestor(state.git, ref.id, sha))
    // Where somebody else moved it since it was looked at, this is not fast-forward either.
    if (!forward || !(await moveRef(state.git, name, { to: sha, from: ref.id }))) {
      throw unprocessable('Update is not a fast forward')
    }
    return { status: 200, body: shownRef(state, { ...ref, id: sha }) }
  }),

  route('delete', '/repos/{owner}/{repo}/git/refs/{ref}', { needs: 'contents: write' }).answers(
    async ({ state, params }) => {
      const ref = await findRef(state, `refs/${params.ref}`)
      if (!ref) throw unprocessable('Reference does not exist')
      if (params.ref === `heads/${state.defaultBranch}`) {
        throw unprocessable('Cannot delete the default branch')
      }
      await moveRef(state.git, ref.name, { to: undefined, from: ref.id })
      return { status: 204 }
    },
  ),
]

/** Who commits: what the request says, otherwise whose token it is. */
export function signatureOf(
  identity: Identity,
  given: { name?: string; email?: string; date?: string } = {},
): Signature {
  const date = given.date ?? now()
  if (Number.isNaN(Date.parse(date))) throw unprocessable(`"${date}" is not a timestamp.`)
  return {
    name: given.name ?? identity.login,
    email: given.email ?? emailOf(identity),
    date: gitDate(date),
  }
}

/** Base64 in lines of 60 letters, as GitHub gives the content of files. */
export function base64Lines(content: Buffer): string {
  return content.toString('base64').replace(/.{1,60}/g, '$&\n')
}

/** Throws 404 where a branch, tag or commit of that name is not there. */
export async function existingCommit(state: State, name: string): Promise<string> {
  const id = await commitOf(state.git, name)
  if (!id) throw notFound()
  return id
}

export function shownPerson(signature: Signature) {
  return { name: signature.name, email: signature.email, date: isoInstant(signature) }
}

export function verificationOf(state: State, commit: string) {
  const verified = state.signed.has(commit)
  return {
    verified,
    reason: verified ? 'valid' : 'unsigned',
    signature: null,
    payload: null,
    verified_at: null,
  }
}

const BASE64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/

async function objectOf(state: State, id: string, type: string): Promise<string> {
  if (!/^[0-9a-f]{40}$/.test(id)) {
    throw unprocessable(
      'The SHA parameter must be exactly 40 characters and contain only [0-9a-f].',
    )
  }
  if ((await typeOf(state.git, id)) !== type) throw notFound()
  return id
}

type EntryInBody = { path?: string; mode?: string; sha?: string | null; content?: string }

async function treeChange(
  state: State,
  base: string | undefined,
  { path, mode, sha, content }: EntryInBody,
): Promise<TreeChange> {
  if (!path) throw unprocessable('tree.path is required')
  if (path.startsWith('/')) throw unprocessable('tree.path cannot start with a slash')
  if (!mode) throw unprocessable('Must supply a valid tree.mode')
  if (sha !== undefined && content !== undefined) {
    throw unprocessable('Must supply either tree.sha or tree.content')
  }
  if (content !== undefined)
    return { path, mode, id: await writeObject(state.git, 'blob', content) }
  if (sha === undefined) throw unprocessable('Must supply either tree.sha or tree.content')
  if (sha === null) {
    const [old] = base ? await listTree(state.git, base, { path }) : []
    if (!old) throw unprocessable('GitRPC::BadObjectState')
    return { path, mode: old.type === 'tree' ? '040000' : mode, id: null }
  }
  const type = mode === '040000' ? 'tree' : 'blob'
  if (mode !== '160000' && (await typeOf(state.git, sha)) !== type) {
    throw unprocessable(`tree.sha ${sha} is not a valid ${type}`)
  }
  return { path, mode, id: sha }
}

async function writtenTree(
  state: State,
  base: string | undefined,
  changes: readonly TreeChange[],
): Promise<string> {
  try {
    return await writeTree(state.git, base, changes)
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    throw new Refusal(422, 'tree.path contains a malformed path component')
  }
}

async function shownTree(state: State, id: string, recursive: boolean) {
  const entries = await listTree(state.git, id, { recursive })
  return {
    sha: id,
    url: apiUrl(state, `/git/trees/${id}`),
    truncated: false,
    tree: entries.map(({ id: sha, ...entry }) => ({
      ...entry,
      sha,
      url: apiUrl(state, `/git/${entry.type}s/${sha}`),
    })),
  }
}

function shownCommit(state: State, commit: Commit) {
  const { id, tree, parents, message } = commit
  return {
    sha: id,
    node_id: `C_${id}`,
    url: apiUrl(state, `/git/commits/${id}`),
    html_url: htmlUrl(state, `/commit/${id}`),
    author: shownPerson(commit.author),
    committer: shownPerson(commit.committer),
    tree: { sha: tree, url: apiUrl(state, `/git/trees/${tree}`) },
    message,
    parents: parents.map((sha) => ({
      sha,
      url: apiUrl(state, `/git/commits/${sha}`),
      html_url: htmlUrl(state, `/commit/${sha}`),
    })),
    verification: verificationOf(state, id),
  }
}

async function findRef(state: State, name: string): Promise<Ref | undefined> {
  return (await listRefs(state.git, name)).find((ref) => ref.name === name)
}

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
  if (ref.startsWith('refs/heads/') && type !== 'commit') {
    throw unprocessable('Reference update failed')
  }
}

function shownRef(state: State, { name, id, type }: Ref) {
  return {
    ref: name,
    node_id: `REF_${name}`,
    url: apiUrl(state, `/git/${name}`),
    object: { type, sha: id, url: apiUrl(state, `/git/${type}s/${id}`) },
  }
}
