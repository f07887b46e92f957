// What makes uploads fail on GitHub fails here: hidden files are left out unless asked for, a name
// is taken once in a run, and paths are relative to the folder that all files share.
import { appendFileSync, cpSync, existsSync, globSync, rmSync, statSync } from 'node:fs'
import { dirname, join, matchesGlob, relative, resolve, sep } from 'node:path'

const store = join(variable('STAND_IN_ARTIFACTS'), input('name'))
const lines = input('path')
  .split('\n')
  .map((line) => line.trim())
  .filter(Boolean)
const taken = lines.filter((line) => !line.startsWith('!'))
const left = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
const files = [...new Set(taken.flatMap(filesOf))].filter(
  (file) => !left.some((pattern) => matchesGlob(file, resolve(pattern))),
)

if (files.length === 0) {
  const message = `no files were found with the provided path: ${lines.join(', ')}`
  if (input('if-no-files-found') === 'error') throw new Error(message)
  if (input('if-no-files-found') === 'warn') console.log(`::warning::${message}`)
} else {
  if (existsSync(store)) {
    if (input('overwrite') !== 'true') {
      throw new Error(`an artifact with the name ${input('name')} already exists in this run (409)`)
    }
    rmSync(store, { recursive: true })
  }
  const root = sharedFolder(taken.map(searchRoot))
  for (const file of files) cpSync(file, join(store, relative(root, file)))
  appendFileSync(variable('GITHUB_OUTPUT'), `artifact-id=${input('name')}\n`)
  console.log(`Uploaded ${files.length} files as ${input('name')}`)
}

function filesOf(pattern: string): string[] {
  const paths = isFolder(pattern) ? globSync(join(pattern, '**')) : globSync(pattern)
  return paths
    .flatMap((path) => (isFolder(path) ? globSync(join(path, '**')) : [path]))
    .filter((path) => !isFolder(path))
    .filter((path) => input('include-hidden-files') === 'true' || !isHidden(path))
    .map((path) => resolve(path))
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/** Below the workspace: where that itself lies is not the workflow's doing. */
function isHidden(path: string): boolean {
  const below = relative(process.cwd(), resolve(path))
  return below.split(sep).some((name) => name.startsWith('.') && name !== '..' && name !== '.')
}

/** The part of a pattern before its first wildcard. */
function searchRoot(pattern: string): string {
  const parts = pattern.split('/')
  const wild = parts.findIndex((part) => /[*?[{]/.test(part))
  const fixed = resolve(wild < 0 ? pattern : parts.slice(0, wild).join('/') || '.')
  return isFolder(fixed) ? fixed : dirname(fixed)
}

function sharedFolder([first, ...others]: string[]): string {
  let shared = first
  const holds = (path: string) => path === shared || path.startsWith(shared + sep)
  while (!others.every(holds)) shared = dirname(shared)
  return shared
}

function input(name: string): string {
  return (process.env[`INPUT_${name.toUpperCase()}`] ?? '').trim()
}

function variable(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set`)
  return value
}
