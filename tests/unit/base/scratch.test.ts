import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newScratch } from '../../../src/base/scratch.ts'
import { temporaryFolder } from '../../repository.ts'

test('what a killed process left is removed by the next, and nothing else is', async () => {
  const parent = await temporaryFolder()
  const killed = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(killed, 'exit')
  const others = [`parts-${process.ppid}-abcdef`, `reading-${killed.pid}-abcdef`, 'parts-of-mine']
  const left = [`parts-${killed.pid}-abcdef`, `parts-${process.pid}-abcdef`]
  for (const name of [...others, ...left]) {
    await mkdir(join(parent, name, 'full'), { recursive: true })
  }
  const first = await newScratch(parent, 'parts')
  const second = await newScratch(parent, 'parts')
  const expected = [...others.map((name) => join(parent, name)), first, second]
  const found = (await readdir(parent)).map((name) => join(parent, name))
  expect(found.sort()).toEqual(expected.sort())
})
