import type { Keys, SourceFile } from './files.ts'

/** A place that breaks a rule of ours. */
export type Problem = { file: string; line: number; message: string }

/** What is wrong with the value at a path of keys. */
export function problem(file: SourceFile<unknown>, keys: Keys, message: string): Problem {
  return { file: file.path, line: file.lineOf(keys), message }
}
