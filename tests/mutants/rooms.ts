/** A folder whose code is changed, and the tests beside it, which should notice. */
export type Room = {
  folder: string
  tests: string[]
  /** Folders within, or the same one, with the least share of changes that have to be noticed. */
  least: Record<string, number>
}

export const rooms: Room[] = [
  {
    folder: 'src/evaluation',
    tests: ['tests/unit/evaluation/**/*.test.ts'],
    least: { 'src/evaluation': 0.85, 'src/evaluation/gate': 0.95 },
  },
  {
    folder: 'src/sales',
    tests: ['tests/unit/sales/**/*.test.ts', 'tests/integration/validate-*.test.ts'],
    least: { 'src/sales': 0.85, 'src/sales/checks': 0.95 },
  },
  {
    folder: 'src/ordering',
    tests: ['tests/unit/ordering/**/*.test.ts'],
    least: { 'src/ordering': 0.85 },
  },
  {
    folder: 'src/demand',
    tests: ['tests/unit/demand/**/*.test.ts'],
    least: { 'src/demand': 0.85 },
  },
  {
    folder: 'src/registry',
    tests: [
      'tests/unit/registry/**/*.test.ts',
      'tests/integration/{registry-*,challenger,recordable,reproduce}.test.ts',
    ],
    least: { 'src/registry': 0.95 },
  },
]
