import { expect, test } from 'vitest'
import { FileRefused, utf8Chunks } from '../../../src/sales/reading/text-checks.ts'

const text = 'aé€😀\r\nb\rc\nd'

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

test.each([
  [0, 1],
  [1, 1],
  [text.indexOf('b'), 2],
  [text.indexOf('d'), 4],
])(
  'a NUL before character %d is refused, as a spreadsheet saved as text, with line %d',
  async (at, line) => {
    const parts = [text.slice(0, at), `\0${text.slice(at)}`].map((part) => Buffer.from(part))
    for (const chunks of [parts, [Buffer.concat(parts)]]) {
      await expect(decoded(chunks)).rejects.toMatchObject({ rule: 'nul-byte', line, value: '' })
    }
  },
)

test('whoever looks for a wrong byte finds the line, and is shown its beginning', async () => {
  const wrong = Buffer.concat([
    Buffer.from('é'.repeat(10)),
    Buffer.from([0xe9]),
    Buffer.alloc(300, 'x'),
  ])
  const bytes = Buffer.concat([Buffer.from('a\né€\n'), wrong, Buffer.from('\nb\n')])
  await expect(decoded([bytes])).rejects.toMatchObject({
    rule: 'encoding-wrong',
    line: 3,
    value: wrong.subarray(0, 200).toString('latin1'),
  })
})

test('a file that is too large is told by how many bytes are allowed', async () => {
  const chunk = Buffer.alloc(1001, 'x')
  await expect(decoded([chunk])).rejects.toMatchObject({ value: 'more than 1000 bytes' })
})

test('Latin-1 arrives with its accents, euro signs and capitals of Windows', async () => {
  const parts = [[0x61, 0xe9], [0x80, 0x0a], [0xc7]].map((bytes) => Buffer.from(bytes))
  expect(await decoded(parts, 'windows-1252')).toBe('aé€\nÇ')
})

test('UTF-8 that is said to be Latin-1 is refused at its first accent, wherever the chunks end', async () => {
  const bytes = Buffer.from('a\nb\nção\né\n')
  for (let cut = 0; cut <= bytes.length; cut++) {
    const parts = [bytes.subarray(0, cut), bytes.subarray(cut)]
    await expect(decoded(parts, 'windows-1252')).rejects.toMatchObject({
      rule: 'encoding-wrong',
      value: 'the file is UTF-8',
      line: 3,
    })
  }
})

test('what is read is handed on at once, up to the last whole character', async () => {
  const bytes = Buffer.from(`${text}ÀༀF0🿿𐀀`)
  const characters = [...bytes.toString()]
  for (let cut = 1; cut < bytes.length; cut++) {
    let whole = ''
    for (const character of characters) {
      if (Buffer.byteLength(whole + character) > cut) break
      whole += character
    }
    const parts = [bytes.subarray(0, cut), bytes.subarray(cut)]
    expect((await chunksOf(parts))[0], `${cut}`).toBe(whole)
  }
})

test('the line of a wrong byte is found in files of an old Mac too, and in one that begins with an empty line', async () => {
  const wrong = (before: string, after: string) =>
    decoded([Buffer.concat([Buffer.from(before), Buffer.from([0xff]), Buffer.from(after)])])
  await expect(wrong('a\rbé\rc', 'd\re')).rejects.toMatchObject({ line: 3 })
  await expect(wrong('é', 'd\re\rf')).rejects.toMatchObject({ line: 1 })
  await expect(wrong('\na', '.')).rejects.toMatchObject({ line: 2, value: 'aÿ.' })
  await expect(wrong('\r\n\na', '')).rejects.toMatchObject({ line: 3 })
})

test('plain letters are both, and Latin-1 that looks like UTF-8 in places is Latin-1', async () => {
  expect(await decoded([Buffer.from('a,b\n')], 'windows-1252')).toBe('a,b\n')
  const parts = [Buffer.from('é\n'), Buffer.from([0xe9, 0x0a]), Buffer.from('é\n')]
  expect(await decoded(parts, 'windows-1252')).toBe('Ã©\né\nÃ©\n')
})

/** As text, of what came in at once. */
async function chunksOf(parts: Buffer[]): Promise<string[]> {
  const chunks: string[] = []
  const limits = { encoding: 'utf-8', maxBytes: 1000 } as const
  for await (const chunk of utf8Chunks(source(parts), limits)) chunks.push(chunk.toString())
  return chunks
}

async function decoded(
  parts: Buffer[],
  encoding: 'utf-8' | 'windows-1252' = 'utf-8',
): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of utf8Chunks(source(parts), { encoding, maxBytes: 1000 })) {
    chunks.push(chunk)
  }
  // Each chunk has to be text by itself: the parser decodes cell by cell.
  return chunks.map((chunk) => chunk.toString()).join('')
}

async function* source(parts: Buffer[]): AsyncGenerator<Buffer> {
  yield* parts
}
