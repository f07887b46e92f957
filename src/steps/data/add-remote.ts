import { createHash } from 'node:crypto'
import { readFile, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { withCopy, withValue } from '../../base/edited-json.ts'
import { quoted, UserError } from '../../base/errors.ts'
import { writeWhole } from '../../base/write-file.ts'
import { type Contract, contractFrom, readContract } from '../../sales/contract/contract.ts'
import { checkedUrl, REMOTE_FOLDER, shownUrl } from '../../sales/contract/remote-path.ts'
import type { Resource } from '../../sales/contract/resource.ts'
import { layoutProblem } from '../../sales/reading/layout-problem.ts'
import { download, type Patience, USUAL_PATIENCE } from '../../sales/sources/remote-download.ts'

export type AddRemoteInput = {
  project: string
  /** File of the contract. */
  contract: string
  url: string
  patience?: Patience
  onProgress?: (bytes: number) => void
}

/** What became of the contract: `like` is the resource whose layout the file has. */
export type AddedRemote = {
  outcome: 'added' | 'updated' | 'known'
  url: string
  bytes: number
  /** `sha256:…`. */
  hash: string
  resource: string
  like: string
}

/**
 * Fetches a file of another machine, and writes into the contract where it lies and what it is: as a
 * resource of its own, described as the first one whose layout it has; or anew, where the contract
 * names that address already. All else in the contract stays as it is written.
 *
 * Throws a `UserError` where it cannot be fetched, or where its layout is that of no resource; the
 * contract is then as it was.
 */
export async function addRemote(input: AddRemoteInput): Promise<AddedRemote> {
  const { project, contract: file, patience = USUAL_PATIENCE, onProgress } = input
  const url = checkedUrl(input.url)
  const contract = await readContract(file)
  const folder = join(project, REMOTE_FOLDER)
  const wanted = { url, bytes: undefined, mostBytes: contract.maxBytes }
  const partName = createHash('sha256').update(url).digest('hex')
  const fetched = await download(wanted, folder, partName, patience, onProgress)
  const path = join(folder, fetched.sha256)
  await rename(fetched.path, path)
  const { bytes } = fetched
  const told = { url, bytes, hash: `sha256:${fetched.sha256}` }
  const named = contract.resources.find(({ remote }) => remote?.url === url)
  const isKnown = named?.remote?.digest === fetched.sha256
  if (named && isKnown) return { outcome: 'known', ...told, resource: named.name, like: named.name }
  refuseSameContent(contract, fetched.sha256, url)
  const text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '')
  try {
    const like = await alike(contract, named, path, url)
    const at = ['resources', like.position]
    if (named) {
      await write(file, described(text, at, told))
      return { outcome: 'updated', ...told, resource: named.name, like: named.name }
    }
    const resource = nameFor(url, contract)
    const copy = ['resources', like.position + 1]
    const copied = withValue(withCopy(text, at), [...copy, 'path'], url)
    await write(file, described(withValue(copied, [...copy, 'name'], resource), copy, told))
    return { outcome: 'added', ...told, resource, like: like.name }
  } catch (error) {
    if (!(error instanceof UserError)) await rm(path, { force: true })
    throw error
  }
}

function refuseSameContent({ resources, file }: Contract, digest: string, url: string): void {
  const same = resources.find(({ remote }) => remote?.digest === digest)
  if (same === undefined) return
  throw new UserError(`${shownUrl(url)} is what ${quoted(same.name)} is: it would count twice`, {
    file,
    key: `resources.${same.position}`,
    remedy: 'Name each file once.',
  })
}

/** The resource whose layout the file has: that which names its address, or the first that fits. */
async function alike(
  contract: Contract,
  named: Resource | undefined,
  path: string,
  url: string,
): Promise<Resource> {
  const { resources, file } = contract
  const problems: string[] = []
  for (const resource of named ? [named] : resources) {
    const problem = await layoutProblem({ name: new URL(url).pathname, path }, resource, contract)
    if (problem === undefined) return resource
    problems.push(`${quoted(resource.name)}: ${problem}`)
  }
  throw new UserError(`${shownUrl(url)} is laid out as no resource is (${problems.join('; ')})`, {
    file,
    remedy: `Describe it in a resource of its own. It stands in ${join(REMOTE_FOLDER, basename(path))}: in a fresh copy of the template, npx cd4ml init --sales guesses a contract from a copy of it.`,
  })
}

function described(
  json: string,
  at: (string | number)[],
  { bytes, hash }: { bytes: number; hash: string },
): string {
  return withValue(withValue(json, [...at, 'hash'], hash), [...at, 'bytes'], bytes)
}

/** After the file, as the standard allows names to be, and as no other resource is called. */
function nameFor(url: string, { resources, plan, decisions }: Contract): string {
  const [file = ''] = new URL(url).pathname.split('/').slice(-1)
  const stem = file
    .toLowerCase()
    // Not decoded: an address may hold a % that encodes nothing.
    .replace(/%[\da-f]{2}/g, '-')
    .replace(/(\.(csv|tsv|txt|parquet))?(\.gz)?$/, '')
    .replace(/[^a-z\d._-]+/g, '-')
    .replace(/^-+|-+$/g, '')
  const taken = new Set([...resources, plan?.resource, decisions].map((one) => one?.name))
  for (const name of ['plan', 'decisions']) taken.add(name)
  const base = stem || 'sales'
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`
    if (!taken.has(name)) return name
  }
}

/** What cd4ml would not read again takes the place of nothing. */
async function write(file: string, text: string): Promise<void> {
  contractFrom(text, file)
  await writeWhole(file, text)
}
