import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

/** What a module loads with it, by its static imports: the project's files, and packages. */
type Loaded = { files: string[]; packages: string[] }

const REPOSITORY = resolve(import.meta.dirname, '../..')
const OCTOKIT = '@actions/github'
const CHARTS = ['@observablehq/plot', 'linkedom']

describe('nobody waits', () => {
  it('for more than the options where help or the version is asked for', () => {
    const { files, packages } = loadedBy('src/cli.ts')
    expect(packages).toEqual(['commander'])
    expect(files.length).toBeLessThan(20)
  })

  const commands = globSync('src/commands/*.ts', { cwd: REPOSITORY }).sort()

  it.each(commands)(
    'for GitHub, holidays or a progress bar before %s has to do with them',
    (file) => {
      const { packages } = loadedBy(file)
      expect(packages).not.toContain(OCTOKIT)
      expect(packages).not.toContain('date-holidays')
      expect(packages).not.toContain('cli-progress')
    },
  )

  it.each(['validate', 'train', 'history', 'forecast', 'order', 'runs', 'doctor', 'init'])(
    'for charts where %s draws none',
    (command) => {
      const { packages } = loadedBy(`src/commands/${command}.ts`)
      for (const drawing of CHARTS) expect(packages).not.toContain(drawing)
    },
  )

  it.each(['compare', 'forecast', 'train', 'validate-data', 'verify-promotion'])(
    'for GitHub in the action %s, which never calls it',
    (action) => expect(loadedBy(`actions/${action}/main.ts`).packages).not.toContain(OCTOKIT),
  )

  it.each(['alert', 'record', 'release', 'report', 'rollback', 'promote'])(
    'for the reading of sales in the action %s, which reads none',
    (action) => expect(loadedBy(`actions/${action}/main.ts`).packages).not.toContain('csv-parse'),
  )
})

it('no thread that reads sales waits for schemas, of which it checks none', () => {
  const { packages } = loadedBy('src/sales/reading/read-worker.ts')
  for (const checking of ['typebox', 'ajv', 'yaml']) expect(packages).not.toContain(checking)
})

it('follows imports through files, and sees what is loaded there', () => {
  expect(loadedBy('src/github/alert.ts').packages).toEqual([])
  expect(loadedBy('src/github/client.ts').packages).toContain(OCTOKIT)
  expect(loadedBy('src/steps/data/validate.ts').packages).toContain('csv-parse')
})

function loadedBy(entry: string): Loaded {
  const files = new Set<string>()
  const packages = new Set<string>()
  const follow = (file: string) => {
    if (files.has(file)) return
    files.add(file)
    for (const name of importsOf(file)) {
      if (name.startsWith('.'))
        follow(relative(REPOSITORY, resolve(REPOSITORY, dirname(file), name)))
      else if (!name.startsWith('node:')) packages.add(packageOf(name))
    }
  }
  expect(existsSync(join(REPOSITORY, entry)), basename(entry)).toBe(true)
  follow(entry)
  return { files: [...files].sort(), packages: [...packages].sort() }
}

/** What is imported when the file is, but for types. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(REPOSITORY, file), 'utf8')
  return Array.from(
    text.matchAll(
      /^(?:import|export) (?!type )(?:\{[^}]*\} from |\* as \w+ from |[\w$]+(?:, \{[^}]*\})? from )?'([^']+)'/gm,
    ),
    ([, name]) => name,
  )
}

function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')
}
