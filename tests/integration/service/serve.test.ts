import { readdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { serve } from '../../../src/service/serve.ts'
import { cd4ml } from '../../project.ts'
import { temporaryFolder } from '../../repository.ts'
import { running, shopInProduction } from './serving.ts'

let shop: string

beforeAll(async () => {
  shop = await shopInProduction()
})

it('tells a system which versions there were, as git has them', async () => {
  const { ask } = await running(shop)
  const { current, history } = await (await ask('/v1/versions')).json()
  expect(current).toMatchObject({ version: 1, model: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect(history).toMatchObject([{ version: 1, trainedThrough: current.trainedThrough }])
})

describe('who cannot serve is told why and what to do, and nothing is left', () => {
  const refused = async (options: Partial<Parameters<typeof serve>[0]>, why: RegExp) => {
    const folder = await temporaryFolder()
    const places = { ledger: `sqlite:${folder}/ledger.sqlite`, exchange: join(folder, 'exchange') }
    const local = { host: '127.0.0.1', port: 0, release: '0' }
    await expect(serve({ project: shop, ...places, ...local, ...options })).rejects.toThrow(why)
    expect(await readdir(folder)).toEqual([])
  }

  it('where the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void other.close())
    await new Promise((listening) => other.once('listening', listening))
    const { port } = other.address() as AddressInfo
    await refused({ port }, /is taken by another program\n.*--port 0/)
  })

  it('where the host is no address of this machine', async () => {
    await refused({ host: '192.0.2.1' }, /--host: .*\n.*0\.0\.0\.0/)
  })

  it('where nothing is in production', async () => {
    const project = await temporaryFolder()
    await refused({ project }, /no model is in production/)
  })

  it('where the port is none, before anything is opened', async () => {
    const { stderr, code } = await cd4ml(await temporaryFolder(), ['serve', '--port', '70000'])
    expect(code).toBe(2)
    expect(stderr).toContain('It must be a port from 0 to 65535.')
  })
})
