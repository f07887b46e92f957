import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join, matchesGlob, resolve } from 'node:path'

const store = variable('STAND_IN_ARTIFACTS')
const target = resolve(input('path'))
const name = input('name')
mkdirSync(target, { recursive: true })
if (name) {
  if (!existsSync(join(store, name))) throw new Error(`artifact not found for name: ${name}`)
  cpSync(join(store, name), target, { recursive: true })
} else {
  const all = existsSync(store) ? readdirSync(store) : []
  for (const each of all.filter((each) => matchesGlob(each, input('pattern')))) {
    const folder = input('merge-multiple') === 'true' ? target : join(target, each)
    cpSync(join(store, each), folder, { recursive: true })
  }
}
appendFileSync(variable('GITHUB_OUTPUT'), `download-path=${target}\n`)

function input(name: string): string {
  return (process.env[`INPUT_${name.toUpperCase()}`] ?? '').trim()
}

function variable(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set`)
  return value
}
