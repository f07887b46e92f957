import { globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { withTables } from '../../../scripts/actions/readme.ts'

const folder = resolve(import.meta.dirname, '../../../actions')
const actions = globSync('*/action.yml', { cwd: folder }).map(dirname).sort()

it('finds every action', () => expect(actions).toHaveLength(20))

it.each(actions)('tells users of %s its inputs and outputs as action.yml has them', (action) => {
  const metadata = parse(readFileSync(join(folder, action, 'action.yml'), 'utf8'))
  const readme = readFileSync(join(folder, action, 'README.md'), 'utf8')
  expect(readme).toBe(withTables(readme, metadata))
  expect(readme).toContain(`- uses: ./actions/${action}`)
})

it.each(actions)('describes every input and output of %s to its users', (action) => {
  const { inputs = {}, outputs = {} } = parse(
    readFileSync(join(folder, action, 'action.yml'), 'utf8'),
  )
  const described = [...Object.values(inputs), ...Object.values(outputs)] as {
    description?: string
  }[]
  for (const { description } of described) expect(description).toMatch(/\S.*\.$/s)
  expect(outputs).toHaveProperty('problem')
})

it.each(actions)('reads every input of %s, and no other', (action) => {
  const { inputs = {} } = parse(readFileSync(join(folder, action, 'action.yml'), 'utf8'))
  const source = readFileSync(join(folder, action, 'action.ts'), 'utf8')
  const [, list] = /^const inputs = \{([\s\S]*?)\}$/m.exec(source) ?? []
  const entries = list
    .replaceAll(/\((?:[^()]|\([^()]*\))*\)/g, '')
    .split(',')
    .map((entry) => entry.split(':')[0].trim().replaceAll("'", ''))
  expect(entries.filter(Boolean).sort()).toEqual(Object.keys(inputs).sort())
})

it('keeps what people wrote above the tables', () => {
  const metadata = {
    name: 'Bake',
    description: 'Bakes bread.',
    inputs: {
      flour: { description: 'Which `flour`.', default: 'rye' },
      oven: { description: 'An oven.', required: true },
    },
    outputs: { loaf: { description: 'The loaf.' } },
  }
  const once = withTables('# Bake\n\nGood bread.\n', metadata)
  expect(withTables(once, metadata)).toBe(once)
  expect(once).toContain('# Bake\n\nGood bread.\n\n## Inputs')
  expect(once).toContain('| `flour` | Which `flour`. | `rye` |')
  expect(once).toContain('| `oven` | An oven. | required |')
  expect(once).toContain('| `loaf` | The loaf. |')
})
