import { git, gitBytes } from '../base/git.ts'

/** One line of a git tree. `path` is relative to the tree that was listed. */
export type TreeEntry = { mode: string; type: string; id: string; path: string }

/**
 * The files of a commit, or of those the ones below a path, in all its folders; none where the path is
 * not there.
 */
export async function listFiles(repo: string, rev: string, path?: string): Promise<TreeEntry[]> {
  return parseTree(await git(repo, [...LS_TREE, '-r', rev, ...(path ? ['--', path] : [])]))
}

/** The id of the plain file or folder at a path of a commit; undefined for a link or nothing. */
export async function objectAt(
  repo: string,
  commit: string,
  path: string,
): Promise<string | undefined> {
  return (await objectsAt(repo, commit, [path])).get(path)
}

/** As `objectAt`, of many paths at once: by path, those that there are. */
export async function objectsAt(
  repo: string,
  commit: string,
  paths: string[],
): Promise<ReadonlyMap<string, string>> {
  // Without a path, git would list all of them.
  if (paths.length === 0) return new Map()
  // -t: of a folder and a path within it, the folder as well.
  const entries = parseTree(await git(repo, [...LS_TREE, '-t', commit, '--', ...paths]))
  const kept = ['040000', '100644', '100755']
  const found = entries.filter(({ mode, path }) => kept.includes(mode) && paths.includes(path))
  return new Map(found.map(({ path, id }) => [path, id]))
}

/** The content of objects, named as in `main:recipe.yml`; undefined where there is none. */
export async function readObjects(repo: string, names: string[]): Promise<(Buffer | undefined)[]> {
  if (names.length === 0) return []
  const output = await gitBytes(repo, ['cat-file', '--batch'], { input: lines(names) })
  let at = 0
  return names.map(() => {
    const end = output.indexOf('\n', at)
    const header = output.toString('utf8', at, end)
    at = end + 1
    if (header.endsWith(' missing')) return undefined
    const size = Number(header.slice(header.lastIndexOf(' ')))
    const content = output.subarray(at, at + size)
    at += size + 1
    return content
  })
}

/** The ids of objects, named as in `main:recipe.yml`; undefined where there is none. */
export async function objectIds(repo: string, names: string[]): Promise<(string | undefined)[]> {
  return await check(repo, '%(objectname)', names)
}

/** Whether objects are a `blob`, a `tree` or a `commit`; undefined where there is none. */
export async function objectTypes(repo: string, names: string[]): Promise<(string | undefined)[]> {
  return await check(repo, '%(objecttype)', names)
}

async function check(
  repo: string,
  format: string,
  names: string[],
): Promise<(string | undefined)[]> {
  if (names.length === 0) return []
  const output = await git(repo, ['cat-file', `--batch-check=${format}`], { input: lines(names) })
  const answers = output.split('\n').slice(0, names.length)
  return answers.map((answer) => (answer.endsWith(' missing') ? undefined : answer))
}

// A name such as `:a` or `*.yml` means itself.
const LS_TREE = ['--literal-pathspecs', 'ls-tree', '-z', '--full-tree']

function parseTree(output: string): TreeEntry[] {
  return output
    .split('\0')
    .filter(Boolean)
    .map((line) => {
      const tab = line.indexOf('\t')
      const [mode, type, id] = line.slice(0, tab).split(' ')
      return { mode, type, id, path: line.slice(tab + 1) }
    })
}

function lines(names: string[]): string {
  return names.map((name) => `${name}\n`).join('')
}
