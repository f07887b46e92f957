import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { writeWhole } from '../../../src/base/write-file.ts'

const folder = await mkdtemp(join(tmpdir(), 'cd4ml write '))
afterAll(() => rm(folder, { recursive: true }))

it('never shows a part of a file to somebody who reads it while it is rewritten', async () => {
  const file = join(folder, 'deep', 'model.json')
  const contents = ['a', 'b'].map((letter) => letter.repeat(1 << 20))
  await writeWhole(file, contents[0])
  let writing = true
  const writes = (async () => {
    for (let n = 0; n < 30; n++) await writeWhole(file, contents[n % 2])
    writing = false
  })()
  const seen = new Set<string>()
  while (writing) seen.add(await readFile(file, 'utf8'))
  await writes
  expect([...seen].filter((text) => !contents.includes(text))).toEqual([])
  expect(seen.size).toBeGreaterThan(0)
})

it('leaves no half of a file behind where it cannot be put in its place', async () => {
  await writeWhole(join(folder, 'taken', 'file.txt'), 'in the way')
  await expect(writeWhole(join(folder, 'taken'), 'text')).rejects.toThrow()
  expect(await readdir(folder)).not.toContainEqual(expect.stringMatching(/partial/))
})
