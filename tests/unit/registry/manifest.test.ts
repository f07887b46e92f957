import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../../src/base/canonical-json.ts'
import { UserError } from '../../../src/base/errors.ts'
import {
  asParent,
  checkManifest,
  digest,
  isReason,
  isSameVersion,
  isVersionFile,
  type Manifest,
  newManifest,
  objectsOf,
  versionName,
} from '../../../src/registry/manifest.ts'

test('the digest of a model is the SHA-256 that anybody can compute', () => {
  // FIPS 180-2, appendix B.1.
  expect(digest(Buffer.from('abc'))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
})

test('versions are numbered one by one, each naming its parent', () => {
  const first = newManifest(files('a'), undefined, origin)
  const second = newManifest(files('b'), asParent(first), origin)
  expect(first.version).toBe(1)
  expect(first).not.toHaveProperty('parent')
  expect(second.version).toBe(2)
  expect(second.parent).toEqual({ version: 1, model: digest(Buffer.from('a')) })
})

test('a manifest survives the way through its file', () => {
  const manifest = newManifest(files('a'), undefined, {
    ...origin,
    asOf: '2026-10-01',
    restores: { version: 3, reason: 'Maçã 🍎' },
  })
  expect(checkManifest(JSON.parse(canonicalJson(manifest)), 'manifest.json')).toEqual(manifest)
})

test.each<[string, (manifest: Manifest) => unknown, RegExp]>([
  [
    'another format',
    (m) => ({ ...m, format: 'cd4ml-manifest/1' }),
    /format: must be "cd4ml-manifest\/2"/,
  ],
  ['an unknown key', (m) => ({ ...m, approved: true }), /must not have the key "approved"/],
  ['version 0', (m) => ({ ...m, version: 0 }), /version: must be >= 1/],
  [
    'a version without its parent',
    (m) => ({ ...m, version: 2 }),
    /^manifest\.json: version: must be one more than .*2 follows no version/,
  ],
  [
    'a parent that is not the one before',
    (m) => ({ ...m, version: 4, parent: asParent(m) }),
    /4 follows version 1/,
  ],
  [
    'no model',
    (m) => ({ ...m, files: without(m.files, 'model.json') }),
    /files: must have required property 'model.json'/,
  ],
  [
    'a day that does not exist',
    (m) => ({ ...m, trainedThrough: '2026-02-30' }),
    /trainedThrough: must match format/,
  ],
  [
    'a hash in capitals',
    (m) => ({ ...m, files: { ...m.files, 'README.md': 'A'.repeat(64) } }),
    /must match pattern/,
  ],
  [
    'an abbreviated commit',
    (m) => ({ ...m, lineage: { ...m.lineage, commit: 'abc1234' } }),
    /lineage.commit: must match/,
  ],
  [
    'a toolchain with a line end',
    (m) => ({ ...m, toolchain: { node: 'v24\n', cd4ml: '1' } }),
    /toolchain.node: must match/,
  ],
  [
    'a reason of two lines',
    (m) => ({ ...m, restores: { version: 1, reason: 'a\nb' } }),
    /restores.reason: must match/,
  ],
])('a manifest with %s is refused', (_, change, message) => {
  const manifest = newManifest(files('a'), undefined, origin)
  expect(() => checkManifest(change(manifest), 'manifest.json')).toThrow(message)
})

test.each([
  '../model.json',
  '/model.json',
  'charts/../model.json',
  'charts/a/b.svg',
  'charts/.svg',
  'charts/a.svg\n',
  'charts\\a.svg',
  'charts/a.svg.html',
  'Model.json',
  'manifest.json',
  '__proto__',
  '',
])('the file name %j is refused in a version', (name) => {
  const text = canonicalJson(newManifest(files('a'), undefined, origin))
  const hostile = text.replace(
    '"files": {',
    `"files": {${JSON.stringify(name)}: "${digest(Buffer.from(''))}",`,
  )
  expect(isVersionFile(name)).toBe(false)
  expect(() => checkManifest(JSON.parse(hostile), 'manifest.json')).toThrow('files')
})

test('no file name that leaves the folder of a version is ever accepted', () => {
  const part = fc.constantFrom(
    '..',
    '.',
    '',
    'charts',
    'model.json',
    'a.svg',
    '\n',
    '\\',
    'README.md',
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
      const name = parts.join('/')
      fc.pre(isVersionFile(name))
      expect(['model.json', 'README.md', 'charts/a.svg']).toContain(name)
    }),
  )
})

test('a reason counts people’s characters and refuses invisible ones wherever they stand', () => {
  expect(isReason('🍎'.repeat(300))).toBe(true)
  expect(isReason('🍎'.repeat(301))).toBe(false)
  const invisible = fc.constantFrom(
    '\n',
    '\u0000',
    '\u007f',
    '\u009b',
    '\u2028',
    '\u202e',
    '\u2066',
  )
  fc.assert(
    fc.property(
      fc.string({ maxLength: 20 }),
      invisible,
      fc.string({ maxLength: 20 }),
      (a, x, b) => {
        expect(isReason(a + x + b)).toBe(false)
      },
    ),
  )
})

const BIG = Number.MAX_SAFE_INTEGER
const sha = 'a'.repeat(64)

/** A manifest with another value at a key such as `lineage.code.path`; without it where undefined. */
function withValue(key: string, value: unknown): unknown {
  const manifest = JSON.parse(canonicalJson(fullManifest()))
  const names = key.split('.').map((name) => name.replace('/', '.'))
  const last = names.pop()!
  const parent = names.reduce((found, name) => found[name], manifest)
  parent[last] = value
  return manifest
}

/** One with everything that a manifest may have. */
function fullManifest(): Manifest {
  const restores = { version: 1, reason: 'It sold nothing.' }
  const full = { ...origin, asOf: '2026-09-30', restores }
  return newManifest(files('a'), { version: 1, model: sha }, full)
}

const object = {
  allowed: ['2'.repeat(40), '2'.repeat(64)],
  refused: ['2'.repeat(39), '2'.repeat(50), 'g'.repeat(40), 2],
}
const isoDay = {
  allowed: ['2026-10-01', '2024-02-29'],
  refused: ['2026-10-32', '1 October', '2026-10-01T00:00', 20261001],
}
const inside = {
  allowed: ['data', 'my data/[ção]', 'a.git', '...', '.gitignore', '.github'],
  refused: [
    '',
    '/data',
    '../data',
    'a/../b',
    '.',
    'a//b',
    'a/',
    'a\\b',
    'a\nb',
    '.git',
    'a/.GIT/b',
  ],
}
const fixed = (path: string) => ({ allowed: [path], refused: [`${path}x`, `my/${path}`, '', 1] })
const tool = {
  allowed: ['24', 'v24.1.0-rc.1+b', 'x'.repeat(40)],
  refused: ['', 'x'.repeat(41), '24 ', '24\n', 24],
}
const number = (least: number) => ({
  allowed: [least, BIG],
  refused: [least - 1, 1.5, BIG + 1, '1'],
})

test.each<[key: string, limits: { allowed: unknown[]; refused: unknown[] }]>([
  ['format', { allowed: ['cd4ml-manifest/2'], refused: ['cd4ml-manifest/3', ''] }],
  ['seed', { allowed: [0, -1, 42], refused: [0.5, '1'] }],
  ['trainedThrough', isoDay],
  ['asOf', isoDay],
  ['lineage.commit', object],
  ['lineage.trainedOn', isoDay],
  ['lineage.code.path', fixed('src')],
  ['lineage.lockfile.path', fixed('package-lock.json')],
  ['lineage.policy.path', fixed('model-registry/policy.yml')],
  ['lineage.ordering.path', fixed('ordering.yml')],
  ...['data', 'contract', 'recipe'].map((part): [string, typeof inside] => [
    `lineage.${part}.path`,
    inside,
  ]),
  ...['code', 'lockfile', 'data', 'contract', 'recipe', 'policy', 'ordering'].map(
    (part): [string, typeof object] => [`lineage.${part}.object`, object],
  ),
  ['parent.version', { allowed: [1], refused: [0, 1.5, 2, '1'] }],
  ['parent.model', { allowed: [sha], refused: ['A'.repeat(64), 'a'.repeat(63), ''] }],
  ['restores.version', number(1)],
  [
    'restores.reason',
    {
      allowed: ['x', 'é🍎', 'x'.repeat(300)],
      refused: ['', 'x'.repeat(301), 'a\u2028b', 'a\u202eb', 1],
    },
  ],
  ['toolchain.node', tool],
  ['toolchain.cd4ml', tool],
  ['files.model/json', { allowed: [sha], refused: ['', 'A'.repeat(64), 1] }],
  ['files.charts/a/svg', { allowed: [], refused: [sha] }],
])(
  'what stands at %s can be shown, and leads nowhere: the rest is refused',
  (key, { allowed, refused }) => {
    for (const value of allowed) {
      expect(() => checkManifest(withValue(key, value), 'manifest.json'), `${value}`).not.toThrow()
    }
    for (const value of refused) {
      expect(() => checkManifest(withValue(key, value), 'manifest.json'), `${value}`).toThrow(
        UserError,
      )
    }
  },
)

test.each([
  ['', ['format', 'version', 'files', 'lineage', 'trainedThrough', 'seed', 'toolchain']],
  ['lineage.', ['commit', 'trainedOn', 'code', 'lockfile', 'data', 'contract', 'recipe', 'policy']],
  ['files.', ['model/json', 'evaluation/json', 'README/md']],
  ['parent.', ['version', 'model']],
  ['restores.', ['version', 'reason']],
  ['toolchain.', ['node', 'cd4ml']],
  ['lineage.code.', ['path', 'object']],
])('a manifest lacks nothing of %j, and has nothing that nobody knows', (within, keys) => {
  for (const key of keys) {
    expect(() => checkManifest(withValue(`${within}${key}`, undefined), 'm'), key).toThrow(
      UserError,
    )
  }
  expect(() => checkManifest(withValue(`${within}other`, 'x'), 'm')).toThrow(UserError)
})

test('a first version without its own terms of ordering has a whole manifest', () => {
  const { ordering: _, ...lineage } = origin.lineage
  const first = newManifest(files('a'), undefined, { ...origin, lineage })
  expect(checkManifest(JSON.parse(canonicalJson(first)), 'm')).toEqual(first)
})

test('versions are the same by number and model, and are named by both', () => {
  const a = { version: 3, model: '8d5c0a2b91f4'.padEnd(64, '0') }
  expect(isSameVersion(a, { ...a })).toBe(true)
  expect(isSameVersion(a, { ...a, version: 4 })).toBe(false)
  expect(isSameVersion(a, { ...a, model: sha })).toBe(false)
  expect(isSameVersion(a, undefined)).toBe(false)
  expect(isSameVersion(undefined, a)).toBe(false)
  expect(isSameVersion(undefined, undefined)).toBe(true)
  expect(versionName(a)).toBe('version 3 (8d5c0a2b91f4)')
  expect(versionName(undefined)).toBe('no version')
})

test('the objects of a lineage are all that stand at a path, each by what it is', () => {
  expect(objectsOf(origin.lineage).map(([part, { path }]) => [part, path])).toEqual([
    ['code', 'src'],
    ['lockfile', 'package-lock.json'],
    ['data', 'data'],
    ['contract', 'data/datapackage.json'],
    ['recipe', 'my recipes/[ção].yml'],
    ['policy', 'model-registry/policy.yml'],
    ['ordering', 'ordering.yml'],
  ])
})

test('a reason is something, of 300 characters at most', () => {
  expect(['', 'x', 'x'.repeat(300), 'x'.repeat(301)].map(isReason)).toEqual([
    false,
    true,
    true,
    false,
  ])
})

const id = '1'.repeat(40)

const origin = {
  lineage: {
    commit: id,
    trainedOn: '2026-10-01',
    code: { path: 'src', object: id },
    lockfile: { path: 'package-lock.json', object: id },
    data: { path: 'data', object: id },
    contract: { path: 'data/datapackage.json', object: id },
    recipe: { path: 'my recipes/[ção].yml', object: id },
    policy: { path: 'model-registry/policy.yml', object: id },
    ordering: { path: 'ordering.yml', object: id },
  },
  trainedThrough: '2026-09-30',
  seed: 1,
  toolchain: { node: '24', cd4ml: '0.1.0' },
}

function files(model: string): Map<string, Uint8Array> {
  return new Map(
    Object.entries({ 'model.json': model, 'evaluation.json': '{}', 'README.md': '#' }).map(
      ([name, text]) => [name, Buffer.from(text)],
    ),
  )
}

function without(record: Record<string, string>, key: string): Record<string, string> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))
}
