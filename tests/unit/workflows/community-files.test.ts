import { existsSync, globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'

const repository = resolve(import.meta.dirname, '../../..')
const read = (path: string) => readFileSync(resolve(repository, path), 'utf8')

it('asks the team that owns a folder for its review', () => {
  const lines = read('.github/CODEOWNERS')
    .split('\n')
    .filter((line) => /^[/*]/.test(line))
    .map((line) => line.split(/\s+/))
  for (const [path] of lines) {
    expect(existsSync(resolve(repository, `.${path.replace('*', '/')}`)), path).toBe(true)
  }
  // Who they are is for each repository to say.
  const owners = Object.fromEntries(lines.map(([path, ...people]) => [path, people.length]))
  expect(owners).toEqual({
    '*': expect.any(Number),
    '/data/': expect.any(Number),
    '/recipe.yml': expect.any(Number),
    '/ordering.yml': expect.any(Number),
    '/decisions.yml': expect.any(Number),
    '/model-registry/': expect.any(Number),
  })
  expect(Object.values(owners)).not.toContain(0)
})

it('takes every dependency that it has to Dependabot, and none on its first day', () => {
  const { updates } = parse(read('.github/dependabot.yml'))
  const ecosystems = updates.map(
    (update: { 'package-ecosystem': string }) => update['package-ecosystem'],
  )
  expect(ecosystems).toEqual(['npm', 'github-actions'])
  for (const { cooldown, groups } of updates) {
    expect(cooldown['default-days']).toBeGreaterThanOrEqual(7)
    expect(Object.keys(groups)).toHaveLength(1)
  }
})

it.each(
  globSync('.github/ISSUE_TEMPLATE/*.yml', { cwd: repository }).filter(
    (path) => !path.endsWith('config.yml'),
  ),
)('offers a form that GitHub shows, and that can be sent: %s', (path) => {
  const { name, description, body } = parse(read(path))
  expect([name, description].every((text) => typeof text === 'string' && text !== '')).toBe(true)
  const ids = body.map(({ id }: { id: string }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const { type, attributes } of body) {
    expect(['input', 'textarea', 'checkboxes']).toContain(type)
    expect(attributes.label.length).toBeGreaterThan(0)
  }
})
