import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { moveToDone } from '../../../../src/service/exchange/done-folder.ts'
import { restingFiles } from '../../../../src/service/exchange/resting-files.ts'
import { temporaryFolder } from '../../../repository.ts'

it('leaves a file that has taken the place of the one taken in under its name', async () => {
  const folder = await temporaryFolder()
  const folders = { in: join(folder, 'in'), done: join(folder, 'done') }
  for (const path of Object.values(folders)) await mkdir(path)
  const path = join(folders.in, 'decisions.csv')
  const [first, second] = [Buffer.from('product\n1016\n'), Buffer.from('product\n1016\n1020\n')]
  await writeFile(path, first)
  const look = restingFiles(folders.in)
  await look()
  const [found] = await look()
  await writeFile(path, second)
  await moveToDone(found, first, folders)
  expect(await readdir(folders.in)).toEqual(['decisions.csv'])
  expect(await readdir(folders.done)).toEqual([])
})
