import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir, readFile, rm, symlink } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { git } from '../../../src/base/git.ts'
import { PRODUCTION } from '../../../src/registry/production.ts'
import { remoteBranch } from '../../../src/registry/remote-branch.ts'
import { branchSource } from '../../../src/service/engine/branch-source.ts'
import { commitAll, copyOf, put, temporaryFolder } from '../../repository.ts'
import {
  engineOf,
  putInProduction,
  renumbered,
  shopWith,
  TODAY,
  versionIn,
} from './engine-fixture.ts'

let shop: string
let remote: string
let folder: string

beforeAll(async () => {
  shop = await shopWith('moving-average: { window: 8 }')
})

beforeEach(async () => {
  remote = await copyOf(shop)
  folder = join(await temporaryFolder(), 'service')
})

const followed = async (branch = 'main') =>
  branchSource(folder, await remoteBranch(`${pathToFileURL(remote)}#${branch}`), async () => TODAY)

describe('who has no working folder follows a branch', () => {
  it('to the next version and to new sales, which are those of the commit', async () => {
    const { engine, logged } = await engineOf(await followed())
    const tree = async () => (await git(remote, ['rev-parse', 'main:data'])).trim()
    expect(engine.current().basis).toMatchObject({ version: 1, data: await tree() })

    await putInProduction(remote, renumbered(await versionIn(shop), 2))
    await commitAll(remote, 'Promote version 2')
    await engine.look()
    expect(engine.current().basis).toMatchObject({ version: 2, data: await tree() })

    const sales = await readFile(join(remote, 'data/sales/all.csv'), 'utf8')
    await put(remote, {
      'data/sales/all.csv': `${sales}P1,9,5,3,2024-07-25,2024-07-29,2024-09-01\n`,
    })
    await engine.look()
    expect(engine.current().basis.salesThrough).toBe('2024-07-28')
    await commitAll(remote, 'Add sales')
    await engine.look()
    expect(engine.current().basis).toMatchObject({ data: await tree(), salesThrough: '2024-07-29' })
    await engine.look()
    expect(logged).toHaveLength(2)
    expect(await readdir(join(folder, 'layouts'))).toHaveLength(1)
  })

  it('whatever was pushed there: no code, no link, and no version that cannot be verified', async () => {
    const { engine, logged } = await engineOf(await followed())
    const secret = join(await temporaryFolder(), 'secret.csv')
    await put(remote, { [`${PRODUCTION}/model.json`]: '{}' })
    await put(secret.replace('/secret.csv', ''), { 'secret.csv': 'salaries\n' })
    await symlink(secret, join(remote, 'data/sales/link.csv'))
    await commitAll(remote, 'Break it')
    await engine.look()
    await engine.look()
    expect(engine.current()).toMatchObject({
      basis: { version: 1 },
      refused: { problem: /SHA-256/ },
    })
    expect(logged).toEqual([expect.stringContaining('refused')])
    const layouts = join(folder, 'layouts')
    const [laidOut, ...others] = (await readdir(layouts)).map((name) => join(layouts, name))
    expect(others).toEqual([])
    expect((await readdir(laidOut)).sort()).toEqual([
      '.cd4ml',
      'data',
      'model-registry',
      'ordering.yml',
    ])
    expect(existsSync(join(laidOut, 'src'))).toBe(false)

    await rm(join(remote, PRODUCTION), { recursive: true })
    await putInProduction(remote, renumbered(await versionIn(shop), 2))
    await commitAll(remote, 'Mend the version alone')
    await engine.look()
    expect(engine.current().refused?.problem).toContain('link.csv')
    expect(engine.current().refused?.problem).not.toContain('salaries')
  })

  it('and goes on with what there was where the repository cannot be reached', async () => {
    const { engine } = await engineOf(await followed())
    await rm(remote, { recursive: true })
    await engine.look()
    expect(engine.current().refused?.problem).toMatch(/cannot be fetched/)
    expect((await engine.forecasts([{ product: 'P1', month: '2024-08' }])).basis.version).toBe(1)
  })

  it('and ends without waiting for a repository that does not answer', async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    onTestFinished(() => void silent.close())
    const { port } = silent.address() as AddressInfo
    const source = await followed()
    const url = `http://127.0.0.1:${port}/demand`
    const later = branchSource(join(folder, 'later'), { url, branch: 'main' })
    let turn = 0
    const { engine } = await engineOf({
      ...source,
      look: (signal) => (turn++ === 0 ? source : later).look(signal),
    })
    const looking = engine.look()
    await once(silent, 'connection')
    await engine.close()
    await looking
  })

  it('which has to be there', async () => {
    await expect(engineOf(await followed('other'))).rejects.toThrow('has no branch other')
    const nowhere = branchSource(folder, { url: join(remote, 'nowhere'), branch: 'main' })
    await expect(engineOf(nowhere)).rejects.toThrow('cannot be fetched')
  })
})

describe('an address', () => {
  it.each([
    'https://github.com/shop/demand#main',
    'https://token@github.com/shop/demand.git#release/2026',
    'ssh://git@github.com/shop/demand#main',
    'git@github.com:shop/demand.git#main',
    '/srv/demand.git#main',
  ])('such as %s can be followed', async (text) => {
    const [url, branch] = text.split('#')
    expect(await remoteBranch(text)).toEqual({ url, branch })
  })

  it.each([
    'https://github.com/shop/demand',
    '#main',
    '--upload-pack=touch /tmp/x#main',
    '-c#main',
    'ext::sh -c touch% /tmp/x#main',
    'https://x::y#main',
    'fd::17#main',
    'https://github.com/shop/demand#--upload-pack=x y',
    'https://github.com/shop/demand#main:refs/heads/other',
    'https://github.com/shop/demand#*',
    'https://github.com/shop/demand#..',
    'https://github.com/shop/demand#a#b',
    'https://github.com/shop/de mand#main',
    'https://github.com/shop/demand\n#main',
    'shop/demand#main',
    '',
  ])('such as %j is refused before git sees it', async (text) => {
    await expect(remoteBranch(text)).rejects.toThrow(/must be the address|cannot be a branch/)
  })

  it('keeps its password out of what is logged', async () => {
    const source = branchSource(folder, {
      url: 'https://maria:secret@127.0.0.1:1/demand',
      branch: 'main',
    })
    const error = await source.look(new AbortController().signal).catch((it) => it)
    expect(String(error)).toContain('https://127.0.0.1:1/demand')
    expect(String(error)).not.toContain('secret')
  })
})
