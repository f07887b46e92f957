import { createHash } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import { httpsServer } from '../https-server.ts'
import { cd4ml, newProject } from '../project.ts'
import { temporaryFolder } from '../repository.ts'
import { dataFiles, productIds, recipe, salesOf } from '../shop.ts'

it('a version made from sales on another machine is proven by their hash, fetched or kept', async () => {
  const sales = salesOf({ products: productIds(3), frequency: 'week', periods: 110 })
  const files = dataFiles(sales)
  const { url, certificate, asked } = await httpsServer(({ url = '' }, response) => {
    const content = files[`data/sales/${url.slice(1)}`]
    response.writeHead(content ? 200 : 404).end(content)
  })
  const resources = Object.entries(files).flatMap(([path, content]) => {
    const [name] = path.split('/').slice(-1)
    if (!name.endsWith('.csv')) return []
    const hash = `sha256:${createHash('sha256').update(content).digest('hex')}`
    return [{ name, path: `${url}/${name}`, bytes: Buffer.byteLength(content), hash }]
  })
  const contract = JSON.parse(files['data/datapackage.json'])
  const [{ schema }] = contract.resources
  contract.resources = resources.map((resource) => ({ ...resource, schema }))
  const project = await newProject({
    'data/datapackage.json': JSON.stringify(contract, null, 2),
    ...recipe('seasonal-naive: {}'),
  })
  for (const args of [['train'], ['compare'], ['promote', '--baseline']]) {
    expect(await cd4ml(project, args)).toMatchObject({ code: 0 })
  }
  const manifest = JSON.parse(
    await git(project, ['show', 'promotion/demand:model-registry/production/manifest.json']),
  )
  expect(manifest.lineage.remote).toEqual(
    resources.map(({ path, bytes, hash }) => ({ url: path, bytes, hash })),
  )

  // Whoever verifies elsewhere has nothing yet; the code runs in a process of its own.
  await rm(join(project, '.cd4ml/remote'), { recursive: true })
  const known = join(await temporaryFolder(), 'certificate.pem')
  await writeFile(known, certificate)
  process.env.NODE_EXTRA_CA_CERTS = known
  try {
    expect(await cd4ml(project, ['verify'])).toMatchObject({ code: 0 })
    expect(asked.length).toBe(2 * resources.length)
  } finally {
    delete process.env.NODE_EXTRA_CA_CERTS
  }
  for (const name of Object.keys(files)) delete files[name]
  expect(await cd4ml(project, ['verify'])).toMatchObject({ code: 0 })
  expect(asked.length).toBe(2 * resources.length)
})

it('a file that was changed on the other machine stops training, and names the address', async () => {
  const sales = salesOf({ products: productIds(2), frequency: 'week', periods: 60 })
  const { 'data/datapackage.json': text, ...csv } = dataFiles(sales)
  const [content] = Object.values(csv)
  const { url } = await httpsServer((_, response) => void response.end(content.replace('P1', 'P9')))
  const contract = JSON.parse(text)
  const hash = `sha256:${createHash('sha256').update(content).digest('hex')}`
  contract.resources[0].path = `${url}/sales.csv`
  Object.assign(contract.resources[0], { bytes: Buffer.byteLength(content), hash })
  const project = await newProject({
    'data/datapackage.json': JSON.stringify(contract),
    ...recipe('seasonal-naive: {}'),
  })
  const { code, stderr } = await cd4ml(project, ['train'])
  expect(code).toBe(2)
  expect(stderr).toContain(`${url}/sales.csv is another file`)
  expect(await readFile(join(project, 'data/datapackage.json'), 'utf8')).toContain(hash)
})
