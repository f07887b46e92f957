import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { productAsked } from '../../../src/commands/product-option.ts'
import { shellOf } from '../../../src/commands/shell.ts'
import { findProduct } from '../../../src/ordering/find-product.ts'
import type { Forecaster } from '../../../src/ordering/forecaster.ts'

const products = Array.from({ length: 30 }, (_, i) => ({
  productId: `${1000 + i}`,
  name: `Biscoito ${'abcdefghijklmnopqrstuvwxyz'[i] ?? 'z'}\n`,
}))

it('asks a person which product is meant, until it is one of them', async () => {
  const { product, shown } = await asked('biscoito', ['Maria', '1004'])
  expect(product).toEqual({ productId: '1004', storeId: 'Norte' })
  expect(shown).toContain('"biscoito" may be any of 30 products:\n  Biscoito a␊ (1000)\n')
  expect(shown).toContain('  and 10 more\n')
  expect(shown).toContain('It must be the id of one of them.')
})

it('lists them for whom nobody can ask', async () => {
  await expect(asked('biscoito')).rejects.toThrow(
    /^--product: "biscoito" may be any of 30 products: Biscoito a␊ \(1000\), .* and 10 more\n {2}Name the one that you mean by its id\.$/,
  )
})

it('asks nobody where there is nothing to ask', async () => {
  expect((await asked('1003')).product.productId).toBe('1003')
  expect((await asked('tea')).product.productId).toBe('tea')
})

async function asked(product: string, lines?: string[]) {
  const [input, output] = [new PassThrough(), new PassThrough()]
  input.end(lines?.join('\n'))
  const streams = { stdin: input, stdout: output, stderr: output }
  const surroundings = { cwd: () => '/', env: {}, ...streams, once: () => {} }
  const shell = { ...shellOf(surroundings), ...(lines && { terminal: { input, output } }) }
  const forecaster = { find: (text: string) => findProduct(products, text) } as Forecaster
  const found = await productAsked(shell, forecaster, { product, store: 'Norte' })
  return { product: found, shown: String(output.read() ?? '') }
}
