import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { git } from '../src/base/git.ts'
import { writeWhole } from '../src/base/write-file.ts'
import { SAMPLE_DATA } from '../src/registry/sample.ts'

/** The id that git gives to the folder `data/` of a repository as it lies there, committed or not. */
export async function dataTree(repo: string): Promise<string> {
  const index = join(tmpdir(), `cd4ml-index-${process.pid}`)
  const env = { GIT_INDEX_FILE: index }
  try {
    await git(repo, ['add', '--', 'data'], { env })
    return (await git(repo, ['write-tree', '--prefix=data/'], { env })).trim()
  } finally {
    await rm(index, { force: true })
  }
}

/** Adds `data/` to the states of it that the template has shipped, where it is a new one. */
export async function recordShippedData(repo: string): Promise<void> {
  const file = join(repo, SAMPLE_DATA)
  const known = await readFile(file, 'utf8')
  const id = await dataTree(repo)
  if (!known.split('\n').includes(id)) await writeWhole(file, `${known}${id}\n`)
}
