import { isAscii, isUtf8 } from 'node:buffer'
import { UserError } from '../../base/errors.ts'
import { rules } from '../contract/rules.ts'
import { FileRefused, utf8Chunks } from '../reading/text-checks.ts'
import { chunksOf, type SalesFile, unreadable } from './sales-file.ts'

export type Encoding = 'utf-8' | 'windows-1252'

/** What a file is written in as far as its bytes tell; ASCII is part of both encodings. */
export type FoundEncoding = Encoding | 'ascii'

/** Told from all bytes, since the first accent may come late. */
export async function encodingOf(file: SalesFile): Promise<FoundEncoding> {
  let isPlain = true
  try {
    const limits = { encoding: 'utf-8', maxBytes: Number.POSITIVE_INFINITY } as const
    for await (const chunk of utf8Chunks(chunksOf(file), limits)) isPlain &&= isAscii(chunk)
    return isPlain ? 'ascii' : 'utf-8'
  } catch (error) {
    if (!(error instanceof FileRefused)) throw unreadable(file, error)
    if (error.rule !== 'encoding-wrong') throw refused(file, error)
  }
  await refuseTwoEncodings(file)
  return 'windows-1252'
}

function refused({ name }: SalesFile, { rule, line }: FileRefused): UserError {
  const { explanation, remedy } = rules[rule]
  return new UserError(explanation, { file: name, ...(line && { line }), remedy })
}

/** Read as Latin-1, the lines in UTF-8 would make other products of the same ones. */
async function refuseTwoEncodings(file: SalesFile): Promise<void> {
  const lineOf = { utf8: 0, latin1: 0 }
  let line = 0
  let rest: Buffer = Buffer.alloc(0)
  const look = (bytes: Buffer) => {
    line++
    if (!isAscii(bytes)) lineOf[isUtf8(bytes) ? 'utf8' : 'latin1'] ||= line
  }
  for await (const chunk of chunksOf(file)) {
    const bytes = Buffer.concat([rest, chunk])
    let from = 0
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      look(bytes.subarray(from, end))
      from = end + 1
    }
    rest = bytes.subarray(from)
    if (lineOf.utf8 > 0 && lineOf.latin1 > 0) {
      throw new UserError(
        `is written in two encodings: line ${lineOf.utf8} in UTF-8, line ${lineOf.latin1} in Latin-1`,
        { file: file.name, remedy: 'Export it again, or convert the part that is not UTF-8.' },
      )
    }
  }
  look(rest)
}

/** Throws a `UserError` where one is in Latin-1 and another in UTF-8. */
export function commonEncoding(files: SalesFile[], encodings: FoundEncoding[]): Encoding {
  const utf8 = encodings.indexOf('utf-8')
  const latin1 = encodings.indexOf('windows-1252')
  if (utf8 >= 0 && latin1 >= 0) {
    throw new UserError(`is in Latin-1, but ${files[utf8].name} in UTF-8`, {
      file: files[latin1].name,
      remedy: 'Save all files in UTF-8.',
    })
  }
  return latin1 >= 0 ? 'windows-1252' : 'utf-8'
}
