import { readFile } from 'node:fs/promises'
import { LineCounter, parseDocument } from 'yaml'
import { UserError } from './errors.ts'
import type { Checker } from './schema.ts'

/**
 * Reads a YAML file and checks it. Syntax errors, duplicate keys and aliases that expand without
 * bound are `UserError`s with file and line; what the schema refuses is one with file and key.
 */
export async function readYaml<T>(file: string, check: Checker<T>): Promise<T> {
  return yamlFrom(await textOf(file), file, check)
}

/** As `readYaml`, for text that came from the file. */
export function yamlFrom<T>(text: string, file: string, check: Checker<T>): T {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true })
  const [error] = document.errors
  if (error) {
    const [message] = error.message.split('\n')
    throw new UserError(`is not valid YAML: ${message}`, {
      file,
      line: lines.linePos(error.pos[0]).line,
      cause: error,
    })
  }
  return check(toPlain(document, file), file)
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new UserError('cannot be read', {
      file,
      remedy: `Create it, or name another file. (${(cause as Error).message})`,
      cause,
    })
  }
}

function toPlain(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 20 })
  } catch (cause) {
    throw new UserError('holds too many aliases', {
      file,
      remedy: 'Write the values out instead of repeating them with *aliases.',
      cause,
    })
  }
}
