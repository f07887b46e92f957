// Writes the tables of inputs and outputs into the README of every action, as its action.yml has them.
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parse } from 'yaml'
import { withTables } from './actions/readme.ts'

const folder = resolve(import.meta.dirname, '..', 'actions')
for (const file of globSync('*/action.yml', { cwd: folder })) {
  const readme = join(folder, dirname(file), 'README.md')
  const metadata = parse(readFileSync(join(folder, file), 'utf8'))
  writeFileSync(readme, withTables(readFileSync(readme, 'utf8'), metadata))
}
