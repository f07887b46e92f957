import { expect, test } from 'vitest'
import { FileRefused, utf8Chunks } from '../../../src/sales/reading/text-checks.ts'

const text = 'aé€😀\r\nb\rc\nd'
const limits = { encoding: 'utf-8', maxBytes: 1000 } as const

test('text arrives whole wherever the chunks end', async () => {
  const bytes = Buffer.from(text)
  for (let cut = 0; cut <= bytes.length; cut++) {
    for (let second = cut; second <= bytes.length; second++) {
      const parts = [bytes.subarray(0, cut), bytes.subarray(cut, second), bytes.subarray(second)]
      expect(await decoded(parts)).toBe(text)
    }
  }
})

test('the line of a wrong byte is right wherever the chunks end', async () => {
  const bytes = Buffer.concat([Buffer.from(text), Buffer.from([0xc3, 0x28])])
  for (let cut = 0; cut <= bytes.length; cut++) {
    const parts = [bytes.subarray(0, cut), bytes.subarray(cut)]
    const error = await decoded(parts).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(FileRefused)
    expect(error).toMatchObject({ rule: 'encoding-wrong', line: 4 })
  }
})

test('a character that the end of the file cuts off is refused', async () => {
  await expect(decoded([Buffer.from([0x61, 0xe2, 0x82])])).rejects.toThrow('encoding-wrong')
})

test('a file is refused at the byte that is one too many', async () => {
  const chunk = Buffer.alloc(500, 'x')
  expect(await decoded([chunk, chunk])).toHaveLength(1000)
  await expect(decoded([chunk, chunk, Buffer.from('x')])).rejects.toThrow('file-too-large')
})

async function decoded(parts: Buffer[]): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of utf8Chunks(source(parts), limits)) chunks.push(chunk)
  // Each chunk has to be text by itself: the parser decodes cell by cell.
  return chunks.map((chunk) => chunk.toString()).join('')
}

async function* source(parts: Buffer[]): AsyncGenerator<Buffer> {
  yield* parts
}
