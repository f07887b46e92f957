import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

type Source = { file: string; text: string }

/** A type or schema of an object: its name, where it has one, and the keys of its outer braces. */
type Shape = { file: string; name: string; keys: string[] }

const root = resolve(import.meta.dirname, '../../src')
const sources: Source[] = globSync('**/*.ts', { cwd: root })
  .filter((file) => !file.endsWith('.d.ts'))
  .sort()
  .map((file) => ({ file, text: withoutComments(readFileSync(resolve(root, file), 'utf8')) }))

const PARTS = 'base/schema-parts.ts'
const DOOR = 'base/schema.ts'

/** What is something else by the same keys: the files that a user names are no digests of them. */
const others = ['InputNames in steps/data/inputs.ts']
/** Days, periods and columns go from here to there, and are not the same for that. */
const SPAN = 'from,to'

describe('a type that has a schema is defined by it', () => {
  it('so that nobody has to keep two in step: no type is written out beside it', () => {
    expect(sources.flatMap(schemaShapes).length).toBeGreaterThan(60)
    expect(writtenTwice(sources)).toEqual([])
  })

  it('and the type that a checker returns follows from the schema, never from a word for it', () => {
    expect(castsAtDoors(sources)).toEqual([])
  })
})

it('an object takes no key that it does not know, unless its schema says so by name', () => {
  expect(otherObjects(sources)).toEqual([])
})

describe('these tests see', () => {
  const file = (text: string, name = 'a.ts'): Source => ({ file: name, text })

  it('a type beside the schema that describes the same, whatever they are called', () => {
    const schema = 'const Pet = object({ name: text, legs: Type.Optional(count) })\n'
    expect(writtenTwice([file(`${schema}type Animal = { legs?: number; name: string }`)])).toEqual([
      'Animal in a.ts has the keys of Pet in a.ts',
    ])
    expect(writtenTwice([file(`${schema}type Pet = string`)])).toEqual([
      'Pet in a.ts is not Static<typeof Pet>',
    ])
    expect(writtenTwice([file(`${schema}type Pet = Static<typeof Pet>`)])).toEqual([])
    expect(writtenTwice([file(`${schema}type Thing = { name: string }`)])).toEqual([])
  })

  it.each([
    'checker<Pet>(schema)',
    'checkPet(parseJson(text, file), file) as Pet',
    'await readYaml<Pet>(file, check)',
    'const pet: Pet = JSON.parse(text)',
    'JSON.parse(text) as Pet',
  ])('the type in %s', (text) => expect(castsAtDoors([file(text)])).toEqual([`a.ts: ${text}`]))

  it.each(["{ type: 'object', properties }", 'Type.Object({})', 'Type.Partial(Pet)'])(
    'the object in %s that may hold anything',
    (text) => expect(otherObjects([file(text)])).toHaveLength(1),
  )
})

function writtenTwice(all: Source[]): string[] {
  const schemas = all
    .flatMap(schemaShapes)
    // Of what a file says, the type beside it has what was left out filled in.
    .filter(({ name }) => !name.startsWith('Written'))
    .filter(({ keys }) => keys.length > 1 && keys.join() !== SPAN)
  const sameKeys = all
    .flatMap(typeShapes)
    .filter(({ name, file }) => !others.includes(`${name} in ${file}`))
    .flatMap((type) =>
      schemas
        .filter(({ keys }) => keys.join() === type.keys.join())
        .map(({ name, file }) => `${type.name} in ${type.file} has the keys of ${name} in ${file}`),
    )
  const otherTypes = all.flatMap(({ file, text }) =>
    Array.from(text.matchAll(/^(?:export )?const ([A-Z]\w*[a-z]\w*) =/gm), ([, name]) => name)
      .filter((name) => {
        const type = new RegExp(`^(?:export )?type ${name}\\b[^=]*=\\s*([^\\n]*)`, 'm').exec(text)
        return type !== null && !type[1].includes(`Static<typeof ${name}>`)
      })
      .map((name) => `${name} in ${file} is not Static<typeof ${name}>`),
  )
  return [...sameKeys, ...otherTypes]
}

/** Objects of schemas whose keys are all written out. */
function schemaShapes({ file, text }: Source): Shape[] {
  return Array.from(
    text.matchAll(/(?:\bconst (\w+) = )?\b(?:object|openObject)\(\s*\{/g),
    (match) => ({
      file,
      name: match[1] ?? 'a schema',
      keys: keysFrom(text, match.index + match[0].length),
    }),
  ).filter(({ keys }) => keys.length > 0)
}

function typeShapes({ file, text }: Source): Shape[] {
  return Array.from(text.matchAll(/\btype (\w+)(?:<[^=]*>)? =\s*\|?\s*\{/g), (match) => ({
    file,
    name: match[1],
    keys: keysFrom(text, match.index + match[0].length),
  }))
}

/** The keys of the braces that were opened before `start`, sorted; none where something is spread. */
function keysFrom(text: string, start: number): string[] {
  let depth = 1
  let outer = ''
  for (let at = start; depth > 0 && at < text.length; at++) {
    if ('([{'.includes(text[at])) depth++
    if (depth === 1) outer += text[at]
    if (')]}'.includes(text[at])) depth--
  }
  if (outer.includes('...')) return []
  const keys = outer.matchAll(
    /(?:^|[,;\n{])\s*(?:readonly )?['"]?([$\w.-]+)['"]?\??\s*(?=[:,;\n}(]|$)/g,
  )
  return Array.from(keys, ([, key]) => key).sort()
}

function castsAtDoors(all: Source[]): string[] {
  const doors = [
    /\b(?:checker|readYaml|yamlFrom|parseJson)<(?!Schema\b|T\b)/,
    /\b(?:parseJson|JSON\.parse|readYaml|yamlFrom|check[A-Z]?\w*)\(.*\) as (?!const\b)/,
    /: [A-Z]\w*(?:<[^=]*>)?(?:\[\])? = (?:await )?(?:JSON\.parse|parseJson)\(/,
  ]
  return all.flatMap(({ file, text }) =>
    text
      .split('\n')
      .filter((line) => doors.some((door) => door.test(line)) && file !== DOOR)
      .map((line) => `${file}: ${line.trim()}`),
  )
}

/** What makes an object of a schema other than by the functions whose names say what it takes. */
function otherObjects(all: Source[]): string[] {
  const makers = /\bType\.(?:Object|Record|Partial|Required|Pick|Omit|Intersect|Interface|Unsafe)\b/
  const raw = /\btype: (?:'object'|\[[^\]]*'object')/
  return all.flatMap(({ file, text }) =>
    text
      .split('\n')
      .filter((line) => (makers.test(line) || raw.test(line)) && file !== PARTS)
      .map((line) => `${file}: ${line.trim()}`),
  )
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '')
}
