import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
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

describe('who cannot serve is told why and what to do, and nothing is left open', () => {
  const served = (options: Partial<Parameters<typeof serve>[0]>) =>
    serve({
      ...{ project: shop, ledger: 'sqlite::memory:', host: '127.0.0.1', port: 0, release: '0' },
      ...options,
    })

  it('where the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void other.close())
    await new Promise((listening) => other.once('listening', listening))
    const { port } = other.address() as AddressInfo
    await expect(served({ port })).rejects.toThrow(/is taken by another program\n.*--port 0/)
  })

  it('where the host is no address of this machine', async () => {
    await expect(served({ host: '192.0.2.1' })).rejects.toThrow(/--host: .*\n.*0\.0\.0\.0/)
  })

  it('where nothing is in production', async () => {
    const project = await temporaryFolder()
    await expect(served({ project })).rejects.toThrow(/no model is in production/)
  })

  it('where the port is none, before anything is opened', async () => {
    const { stderr, code } = await cd4ml(await temporaryFolder(), ['serve', '--port', '70000'])
    expect(code).toBe(2)
    expect(stderr).toContain('It must be a port from 0 to 65535.')
  })
})
