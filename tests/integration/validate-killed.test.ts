import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import type { ValidationOptions } from '../../src/steps/data/read-sales.ts'
import { validate } from '../../src/steps/data/validate.ts'
import { contractOf } from '../unit/sales/contracts.ts'
import { csv, day, goodRow, temporaryFolder, validated } from './validate-fixture.ts'

test('killed at any moment, the next run finds nothing half-written', async () => {
  const bad = goodRow.replace('5,49', 'x')
  const rows = Array.from({ length: 300 }, (_, i) => (i % 9 === 0 ? bad : goodRow))
  const names = ['1', '2', '3', '4', '5', '6']
  const { folder, result, quarantine } = await validated({
    files: Object.fromEntries(
      names.map((name) => [`sales/${name}.csv`, csv(...rows, `${name};${bad}`)]),
    ),
    contract: contractOf({ resource: { path: 'sales/*.csv' } }),
  })
  const options = {
    dataFolder: folder,
    contractFile: join(folder, 'datapackage.json'),
    today: day('2026-10-31'),
    cacheFolder: await temporaryFolder(),
    quarantineFolder: await temporaryFolder(),
  }
  for (let files = 0; files <= names.length; files++) await killedAfter(files, options)
  expect(await validate(options)).toEqual(result)
  for (const name of names) {
    const written = await readFile(join(options.quarantineFolder, 'sales', `${name}.csv`), 'utf8')
    expect(written).toBe(await quarantine(`sales/${name}.csv`))
  }
})

/** Validates in a process of its own and kills it when it has read that many files. */
async function killedAfter(files: number, options: ValidationOptions): Promise<void> {
  const step = new URL('../../src/steps/data/validate.ts', import.meta.url).href
  const code = `
    const { validate } = await import(${JSON.stringify(step)})
    console.log('started')
    await validate({ ...${JSON.stringify(options)}, onProgress: () => console.log('read') })
  `
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = once(child, 'close')
  let lines = 0
  for await (const _ of createInterface({ input: child.stdout })) {
    if (lines++ === files) child.kill('SIGKILL')
  }
  await ended
}
