import { FileRefused } from './text-checks.ts'

/** What `read` makes of it; `FileRefused` where that cannot be read, however it shows. */
export function damagedUnless<From, To>(from: From, read: (from: From) => To): To {
  try {
    return read(from)
  } catch (error) {
    if (error instanceof FileRefused) throw error
    throw damaged(error instanceof Error ? error.message : String(error))
  }
}

export function damaged(why: string): FileRefused {
  return new FileRefused('parquet-damaged', why)
}

export function unsupported(why: string, column?: string): FileRefused {
  return new FileRefused('parquet-unsupported', why, column === undefined ? {} : { column })
}

/** A number that the file states, as long as it is whole and no more than `most`. */
export function stated(value: unknown, most: number, what: string): number {
  const number = typeof value === 'bigint' ? Number(value) : value
  if (typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= most) {
    return number
  }
  throw damaged(`it states ${typeof number === 'number' ? number : 'no number'} ${what}`)
}
