import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { contractFrom } from '../../src/sales/contract/contract.ts'
import { httpsServer } from '../https-server.ts'
import { cd4ml } from '../project.ts'
import { temporaryFolder } from './validate-fixture.ts'

const contract = `{
  "name": "sales",
  "resources": [
    { "name": "other", "path": "other.csv", "schema": { "fields": [{ "name": "sku" }, { "name": "on", "type": "date" }, { "name": "units", "type": "integer" }, { "name": "note" }] } },
    {
      "name":   "sales",
      "title": "As it is written: stays",
      "path": ["sales/2026-01.csv"],
      "schema": {
        "fields": [
          { "name": "sku" },
          { "name": "on", "type": "date" },
          { "name": "units", "type": "integer" }
        ]
      }
    }
  ],
  "cd4ml": { "columns": { "product": "sku", "saleDate": "on", "quantity": "units" } }
}
`

async function project(text = contract) {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'data'))
  const file = join(folder, 'data/datapackage.json')
  await writeFile(file, text)
  const add = (url: string) => cd4ml(folder, ['data', 'add', url, '--quiet'])
  return { folder, add, written: () => readFile(file, 'utf8') }
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

describe('data add writes into the contract what lies at an address', () => {
  it('as a resource like the one whose layout it has; all else stays as it is written', async () => {
    const content = 'sku,on,units\na,2026-02-01,3\n'
    const { url } = await httpsServer((_, response) => void response.end(content))
    const { folder, add, written } = await project()
    const { code, stdout } = await add(`${url}/exports/Vendas%202026-02.csv`)
    expect(code).toBe(0)
    expect(stdout).toContain(`sha256:${sha256(content)}`)
    expect(stdout).toContain('as the resource "vendas-2026-02", laid out like "sales"')
    const text = await written()
    const [before] = contract.split('    }\n  ],')
    expect(text.startsWith(`${before}    },\n    {\n      `)).toBe(true)
    const [, , added] = JSON.parse(text).resources
    expect(added).toEqual({
      ...JSON.parse(contract).resources[1],
      name: 'vendas-2026-02',
      path: `${url}/exports/Vendas%202026-02.csv`,
      bytes: content.length,
      hash: `sha256:${sha256(content)}`,
    })
    expect(await readFile(join(folder, '.cd4ml/remote', sha256(content)), 'utf8')).toBe(content)
    contractFrom(text, 'datapackage.json')
  })

  it('anew where it has changed, and not where it has not', async () => {
    let content = 'sku,on,units\na,2026-02-01,3\n'
    const { url } = await httpsServer((_, response) => void response.end(content))
    const { add, written } = await project()
    await add(`${url}/sales.csv`)
    const first = await written()
    expect((await add(`${url}/sales.csv`)).stdout).toContain('nothing was changed')
    expect(await written()).toBe(first)
    content += 'b,2026-02-02,1\n'
    expect((await add(`${url}/sales.csv`)).stdout).toContain('now says of the resource "sales-2"')
    const again = await written()
    expect(JSON.parse(again).resources).toHaveLength(3)
    expect(again).toBe(
      first
        .replace(/sha256:[0-9a-f]{64}/, `sha256:${sha256(content)}`)
        .replace(/"bytes": \d+/, `"bytes": ${content.length}`),
    )
  })

  it.each([
    ['Vendas%20Ma%C3%A7%C3%A3.csv', 'vendas-ma'],
    ['100%.csv', '100'],
    ['%ff%2F..', '..'],
  ])('under a name that can stand there, wherever it lies: %s', async (file, name) => {
    const { url } = await httpsServer(
      (_, response) => void response.end('sku,on,units\na,2026-02-01,3\n'),
    )
    const { add, written } = await project()
    const { stdout, stderr } = await add(`${url}/${file}`)
    expect(stdout + stderr).toContain('now names')
    expect(JSON.parse(await written()).resources[2].name).toBe(name)
  })

  it('of Parquet like Parquet, by its columns and their types', async () => {
    const file = join(import.meta.dirname, 'parquet/duckdb.parquet')
    const content = await readFile(file)
    const fields = [
      ...[
        { name: 'product', type: 'string' },
        { name: 'day', type: 'date' },
      ],
      ...['units', 'price'].map((name) => ({ name, type: 'number' })),
    ]
    const like = (name: string, type: string) => ({
      ...{ name, path: `${name}/*.parquet` },
      schema: { fields: [...fields, { name: 'store', type }] },
    })
    const { add, written } = await project(
      JSON.stringify({
        resources: [like('of-flags', 'boolean'), like('of-texts', 'string')],
        cd4ml: { columns: { product: 'product', saleDate: 'day' } },
      }),
    )
    const { url } = await httpsServer((_, response) => void response.end(content))
    await add(`${url}/part-0.parquet`)
    expect(JSON.parse(await written()).resources[2]).toMatchObject({
      name: 'part-0',
      hash: `sha256:${sha256(content)}`,
    })
  })

  it.each([
    ['sku;on;units\na;2026-02-01;3\n', /laid out as no resource is.*not in the file/],
    ['<html>', /laid out as no resource is/],
    ['', /laid out as no resource is/],
  ])('or says why it cannot: %j', async (content, says) => {
    const { url } = await httpsServer((_, response) => void response.end(content))
    const { add, written } = await project()
    const { code, stderr } = await add(`${url}/sales.csv`)
    expect([code, stderr]).toEqual([2, expect.stringMatching(says)])
    expect(await written()).toBe(contract)
  })

  it('refuses what is there under another address, and an address with a password', async () => {
    const content = 'sku,on,units\na,2026-02-01,3\n'
    const { url } = await httpsServer((_, response) => void response.end(content))
    const { add } = await project()
    await add(`${url}/sales.csv`)
    expect((await add(`${url}/copy.csv`)).stderr).toContain('would count twice')
    const secret = await add(`${url.replace('//', '//maria:geheim@')}/sales.csv`)
    expect(secret.code).toBe(2)
    expect(secret.screen).not.toContain('geheim')
  })
})
