import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { httpsServer } from '../https-server.ts'
import { commandLine, environment } from '../project.ts'
import { temporaryFolder } from '../repository.ts'

it('a process that is killed while it fetches leaves a part, from which the next one goes on', async () => {
  const content = `sku,on,units\n${'a,2026-02-01,3\n'.repeat(200_000)}`
  const half = content.length / 2
  let isHalfSent: () => void
  const halfSent = new Promise<void>((resolve) => {
    isHalfSent = resolve
  })
  const { url, certificate, asked } = await httpsServer(({ headers }, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0)
    const length = content.length - from
    if (from === 0) {
      response.writeHead(200, { etag: '"v1"', 'content-length': length })
      response.write(content.slice(0, half), () => isHalfSent())
      return
    }
    const range = `bytes ${from}-${content.length - 1}/${content.length}`
    response.writeHead(206, { etag: '"v1"', 'content-length': length, 'content-range': range })
    response.end(content.slice(from))
  })
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'data'))
  const contract = {
    resources: [
      {
        name: 'sales',
        path: 'sales.csv',
        schema: {
          fields: [
            { name: 'sku' },
            { name: 'on', type: 'date' },
            { name: 'units', type: 'integer' },
          ],
        },
      },
    ],
    cd4ml: { columns: { product: 'sku', saleDate: 'on', quantity: 'units' } },
  }
  const file = join(folder, 'data/datapackage.json')
  await writeFile(file, JSON.stringify(contract))
  const known = join(folder, 'certificate.pem')
  await writeFile(known, certificate)
  const start = () =>
    spawn(process.execPath, commandLine(['data', 'add', `${url}/sales.csv`]), {
      cwd: folder,
      env: environment({ NODE_EXTRA_CA_CERTS: known }),
      stdio: 'ignore',
    })

  const first = start()
  await halfSent
  await partOf(join(folder, '.cd4ml/remote'))
  first.kill('SIGKILL')
  await once(first, 'exit')
  expect(JSON.parse(await readFile(file, 'utf8')).resources).toHaveLength(1)

  const second = start()
  const [code] = await once(second, 'exit')
  expect(code).toBe(0)
  expect(asked[1].headers).toMatchObject({ 'if-range': '"v1"' })
  expect(asked[1].headers.range).toMatch(/^bytes=[1-9]\d*-$/)
  const kept = await readdir(join(folder, '.cd4ml/remote'))
  expect(kept).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)])
  expect(await readFile(join(folder, '.cd4ml/remote', kept[0]), 'utf8')).toBe(content)
})

/** Waits until something of it is on the disk. */
async function partOf(folder: string): Promise<void> {
  for (;;) {
    const names = await readdir(folder).catch(() => [])
    const part = names.find((name) => name.endsWith('.partial'))
    if (part && (await readFile(join(folder, part))).length > 0) return
    await new Promise((resolve) => setImmediate(resolve))
  }
}
