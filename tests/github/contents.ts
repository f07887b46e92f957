import { GitError } from '../../src/base/git.ts'
import {
  branchHead,
  listTree,
  moveRef,
  readBlob,
  readCommit,
  type TreeEntry,
  writeCommit,
  writeObject,
  writeTree,
} from './bare-repository.ts'
import { TEXT } from './body-check.ts'
import { refuseDirectChange } from './branch-rules.ts'
import { existingCommit } from './commits.ts'
import { base64Lines, RAW } from './git-data.ts'
import { notFound, Refusal, unprocessable } from './refusal.ts'
import { type Call, type Route, route } from './routing.ts'
import { signatureOf } from './signatures.ts'
import { apiUrl, htmlUrl, type State } from './state.ts'

/** Files and folders of a branch: the contents API. */
export const contentsRoutes: Route[] = [
  route('get', '/repos/{owner}/{repo}/contents/{path}', { needs: 'contents: read' }).answers(
    async ({ state, params, query, accept }) => {
      const ref = query.get('ref') ?? state.defaultBranch
      const commit = await existingCommit(state, ref.replace(/^refs\/(heads|tags)\//, ''))
      const entry = await entryAt(state, commit, params.path)
      if (!entry) throw notFound()
      if (entry.type === 'tree') {
        const entries = await listTree(state.git, entry.id)
        const shown = entries.map(({ path, ...found }) =>
          shownEntry(state, { ...found, path: joined(params.path, path) }, ref),
        )
        return { status: 200, body: shown }
      }
      const content = await readBlob(state.git, entry.id)
      if (accept.includes('raw')) return { status: 200, headers: RAW, body: content }
      const large = content.length > LARGE
      return {
        status: 200,
        body: {
          ...shownEntry(state, entry, ref),
          type: 'file',
          encoding: large ? 'none' : 'base64',
          content: large ? '' : base64Lines(content),
        },
      }
    },
  ),

  route('put', '/repos/{owner}/{repo}/contents/{path}', {
    needs: 'contents: write',
    body: {
      required: ['message', 'content'],
      properties: { message: TEXT, content: TEXT, sha: TEXT, branch: TEXT },
    },
  }).answers(async (call) => {
    const { state, params, body } = call
    const { branch, head, entry } = await placeOf(call)
    if (entry && !body.sha) throw unprocessable('Invalid request.\n\n"sha" wasn\'t supplied.')
    checkUnchanged(params.path, body.sha, entry)
    const id = await writeObject(state.git, 'blob', Buffer.from(body.content, 'base64'))
    const mode = entry?.mode ?? '100644'
    const commit = await commitChange(call, branch, head, { path: params.path, mode, id })
    const content = { mode, type: 'blob', id, path: params.path }
    const shown = { content: shownEntry(state, content, branch), commit }
    return entry ? { status: 200, body: shown } : { status: 201, body: shown }
  }),

  route('delete', '/repos/{owner}/{repo}/contents/{path}', {
    needs: 'contents: write',
    body: {
      required: ['message', 'sha'],
      properties: { message: TEXT, sha: TEXT, branch: TEXT },
    },
  }).answers(async (call) => {
    const { params, body } = call
    const { branch, head, entry } = await placeOf(call)
    if (!entry) throw notFound()
    checkUnchanged(params.path, body.sha, entry)
    const change = { path: params.path, mode: entry.mode, id: null }
    return {
      status: 200,
      body: { content: null, commit: await commitChange(call, branch, head, change) },
    }
  }),
]

/** Bytes from which on a file comes without its content, unless it is asked for raw. */
const LARGE = 1024 * 1024

type Write = Call<{ path: string }, { message: string; branch?: string }>

async function placeOf({ state, params, body }: Write) {
  const branch = body.branch ?? state.defaultBranch
  refuseDirectChange(state, branch, 409)
  const head = await branchHead(state.git, branch)
  if (!head) throw new Refusal(404, `Branch ${branch} not found`)
  return { branch, head, entry: await entryAt(state, head, params.path) }
}

function checkUnchanged(path: string, sha: string | undefined, entry: TreeEntry | undefined): void {
  if (sha && sha !== entry?.id) throw new Refusal(409, `${path} does not match ${sha}`)
}

async function commitChange(
  { state, identity, body }: Write,
  branch: string,
  head: string,
  change: { path: string; mode: string; id: string | null },
) {
  const { tree: base } = await readCommit(state.git, head)
  const tree = await writtenTree(state, base, change)
  const author = signatureOf(identity)
  const commit = { tree, parents: [head], author, committer: author, message: body.message }
  const sha = await writeCommit(state.git, commit)
  if (identity.type === 'Bot') state.signed.add(sha)
  const moved = await moveRef(state.git, `refs/heads/${branch}`, { to: sha, from: head })
  if (!moved)
    throw new Refusal(409, `is at ${await branchHead(state.git, branch)} but expected ${head}`)
  return { sha, message: body.message, html_url: htmlUrl(state, `/commit/${sha}`) }
}

async function writtenTree(
  state: State,
  base: string,
  change: { path: string; mode: string; id: string | null },
): Promise<string> {
  try {
    return await writeTree(state.git, base, [change])
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    throw unprocessable('path contains a malformed path component')
  }
}

async function entryAt(state: State, commit: string, path: string): Promise<TreeEntry | undefined> {
  const plain = path.replace(/^\/+|\/+$/g, '')
  const [entry] = await listTree(state.git, commit, { path: plain })
  return entry?.path === plain ? entry : undefined
}

function shownEntry(state: State, { type, id, path, size = 0 }: TreeEntry, ref: string) {
  const query = `?ref=${encodeURIComponent(ref)}`
  return {
    type: type === 'tree' ? ('dir' as const) : ('file' as const),
    name: path.slice(path.lastIndexOf('/') + 1),
    path,
    sha: id,
    size,
    url: apiUrl(state, `/contents/${encodeURI(path)}${query}`),
    git_url: apiUrl(state, `/git/${type}s/${id}`),
    html_url: htmlUrl(state, `/${type}/${ref}/${encodeURI(path)}`),
    download_url: `https://raw.githubusercontent.com/${state.owner}/${state.name}/${ref}/${encodeURI(path)}`,
  }
}

function joined(folder: string, name: string): string {
  return `${folder.replace(/^\/+|\/+$/g, '')}/${name}`
}
