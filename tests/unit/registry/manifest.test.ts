import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../../src/base/canonical-json.ts'
import {
  asParent,
  checkManifest,
  digest,
  isReason,
  isVersionFile,
  type Manifest,
  newManifest,
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
  ['a version without its parent', (m) => ({ ...m, version: 2 }), /2 follows no version/],
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
