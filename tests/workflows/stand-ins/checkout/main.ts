// Checks out as actions/checkout does: shallow unless told otherwise, on a branch where the ref is
// one, and without a way to fetch more where credentials are not persisted.
import { execFileSync } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const COMMIT = /^[0-9a-f]{40}$/

const folder = resolve(variable('GITHUB_WORKSPACE'), input('path'))
const source = pathToFileURL(variable('STAND_IN_REPOSITORY')).href
if (input('repository') !== variable('GITHUB_REPOSITORY')) {
  throw new Error(`there is only ${variable('GITHUB_REPOSITORY')} here, no ${input('repository')}`)
}

const { ref, commit } = whatToCheckOut()
const local = ref && localRef(ref)
const shallow = input('fetch-depth') !== '0'
const tags = shallow && input('fetch-tags') === 'true' ? '--tags' : '--no-tags'
const depth = shallow ? [`--depth=${input('fetch-depth')}`] : []

git('init', '--quiet', folder)
git('-C', folder, 'remote', 'add', 'origin', source)
if (!shallow) {
  const everything = ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*']
  git('-C', folder, 'fetch', '--quiet', 'origin', ...everything)
}
const patterns = input('sparse-checkout')
if (patterns !== '') {
  const mode = input('sparse-checkout-cone-mode') === 'true' ? '--cone' : '--no-cone'
  git('-C', folder, 'sparse-checkout', 'set', mode, ...patterns.split('\n'))
}
// A branch may have moved since the event.
const wanted = `+${commit ?? ref}:${local ?? 'refs/stand-in/commit'}`
git('-C', folder, 'fetch', '--quiet', tags, ...depth, 'origin', wanted)
if (ref?.startsWith('refs/heads/')) {
  git('-C', folder, 'checkout', '--quiet', '--force', '-B', ref.slice('refs/heads/'.length), local!)
} else {
  git('-C', folder, 'checkout', '--quiet', '--force', '--detach', local ?? commit!)
}
if (input('persist-credentials') !== 'true') {
  const url = `${variable('GITHUB_SERVER_URL')}/${variable('GITHUB_REPOSITORY')}`
  git('-C', folder, 'remote', 'set-url', 'origin', url)
}
const head = git('-C', folder, 'rev-parse', 'HEAD').trim()
appendFileSync(variable('GITHUB_OUTPUT'), `ref=${ref ?? ''}\ncommit=${head}\n`)
console.log(`Checked out ${ref ?? 'a commit'}: ${head}`)

/** A full ref, a commit of it, or only a commit. */
function whatToCheckOut(): { ref?: string; commit?: string } {
  const asked = input('ref')
  if (asked === '') return { ref: variable('GITHUB_REF'), commit: variable('GITHUB_SHA') }
  if (COMMIT.test(asked)) return { commit: asked }
  if (asked.startsWith('refs/')) return { ref: asked }
  for (const kind of ['heads', 'tags']) {
    if (git('ls-remote', source, `refs/${kind}/${asked}`)) return { ref: `refs/${kind}/${asked}` }
  }
  throw new Error(`there is no branch or tag ${JSON.stringify(asked)}`)
}

function localRef(ref: string): string {
  return ref
    .replace(/^refs\/heads\//, 'refs/remotes/origin/')
    .replace(/^refs\/pull\//, 'refs/remotes/pull/')
}

function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8' })
}

function input(name: string): string {
  return (process.env[`INPUT_${name.toUpperCase()}`] ?? '').trim()
}

function variable(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set`)
  return value
}
