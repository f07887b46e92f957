import { GitError } from '../../src/base/git.ts'
import {
  type Commit,
  contentOf,
  listTree,
  readBlob,
  readCommit,
  resolve,
  type TreeChange,
  typeOf,
  writeCommit,
  writeObject,
  writeTree,
} from './bare-repository.ts'
import { NULLABLE_TEXT, TEXT, TEXTS } from './body-check.ts'
import { notFound, Refusal, unprocessable } from './refusal.ts'
import { type Route, route } from './routing.ts'
import { shownPerson, signatureOf, verificationOf } from './signatures.ts'
import { apiUrl, htmlUrl, type State } from './state.ts'

const READ = { needs: 'contents: read' } as const

/** How GitHub announces a file that was asked for raw: Octokit makes a text of it. */
export const RAW = { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' }

const PERSON = { type: 'object', properties: { name: TEXT, email: TEXT, date: TEXT } }

/** Blobs, trees, commits and annotated tags: the objects of the Git data API. */
export const gitDataRoutes: Route[] = [
  route('get', '/repos/{owner}/{repo}/git/blobs/{file_sha}', READ).answers(async (call) => {
    const { state, params, accept } = call
    const id = await objectOf(state, params.file_sha, 'blob')
    const content = await readBlob(state.git, id)
    if (accept.includes('raw')) return { status: 200, headers: RAW, body: content }
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
    if (body.base_tree && !base) throw notFound()
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
    const id = await writeObject(state.git, 'tag', text)
    return { status: 201, body: await shownTag(state, id) }
  }),

  route('get', '/repos/{owner}/{repo}/git/tags/{tag_sha}', READ).answers(
    async ({ state, params }) => {
      const id = await objectOf(state, params.tag_sha, 'tag')
      return { status: 200, body: await shownTag(state, id) }
    },
  ),
]

/** Base64 in lines of 60 letters, as GitHub gives the content of files. */
export function base64Lines(content: Buffer): string {
  return content.toString('base64').replace(/.{1,60}/g, '$&\n')
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

const MALFORMED = /^(\.{0,2}|\.git)$/i
const MALFORMED_PATH = 'tree.path contains a malformed path component'

type EntryInBody = { path?: string; mode?: string; sha?: string | null; content?: string }

async function treeChange(
  state: State,
  base: string | undefined,
  { path, mode, sha, content }: EntryInBody,
): Promise<TreeChange> {
  if (!path) throw unprocessable('tree.path is required')
  if (path.startsWith('/')) throw unprocessable('tree.path cannot start with a slash')
  // Git leaves such paths out without an error.
  if (path.split('/').some((name) => MALFORMED.test(name))) throw new Refusal(422, MALFORMED_PATH)
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
    throw new Refusal(422, MALFORMED_PATH)
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

async function shownTag(state: State, id: string) {
  const text = (await contentOf(state.git, id, 'tag')).toString()
  const [, object, type, tag, message] =
    /^object (\w+)\ntype (\w+)\ntag ([^\n]*)\ntagger [^\n]*\n\n(.*)$/s.exec(text) ?? []
  return {
    sha: id,
    node_id: `TA_${id}`,
    url: apiUrl(state, `/git/tags/${id}`),
    tag,
    message,
    object: { sha: object, type, url: apiUrl(state, `/git/${type}s/${object}`) },
  }
}
