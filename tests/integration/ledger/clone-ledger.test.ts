import { chmod, readFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { ledgerFilesAt } from '../../../src/steps/model/clone-ledger.ts'
import { commitAll, initialise, put, temporaryFolder } from '../../repository.ts'

it('reads what is asked for at once by one call of git, and gives each what it asked for', async () => {
  const repo = await temporaryFolder()
  await initialise(repo)
  const files = { 'content/a.gz': 'one', 'content/b.gz': 'two', 'content/c.gz': 'three' }
  await put(repo, files)
  const ledger = ledgerFilesAt(repo, await commitAll(repo, 'Record'))
  const calls = await countedCalls()
  const paths = [...Object.keys(files), 'content/none.gz', 'content/a.gz']
  const read = await Promise.all(paths.map((path) => ledger.read(path)))
  expect(read.map((bytes) => bytes && Buffer.from(bytes).toString())).toEqual([
    'one',
    'two',
    'three',
    undefined,
    'one',
  ])
  expect(await calls()).toEqual(['ls-tree', 'cat-file'])
})

/** The commands of git that are called from now on in this test. */
async function countedCalls(): Promise<() => Promise<string[]>> {
  const folder = await temporaryFolder()
  const { PATH = '' } = process.env
  const script = `#!/bin/sh\necho "$*" >> '${folder}/calls'\nPATH='${PATH}' exec git "$@"\n`
  await put(folder, { git: script })
  await chmod(join(folder, 'git'), 0o755)
  process.env.PATH = `${folder}${delimiter}${PATH}`
  onTestFinished(() => {
    process.env.PATH = PATH
  })
  return async () => {
    const calls = (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n')
    return calls.map((call) => call.split(' ').find((word) => !word.startsWith('-'))!)
  }
}
