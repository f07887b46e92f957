/** A folder whose code is changed, and the tests beside it, which should notice. */
export type Room = {
  folder: string
  tests: string[]
  /** The folder, or one within, with the least share of changes that have to be noticed. */
  least: Record<string, number>
}

const ofSales = ['tests/unit/sales/**/*.test.ts']
const ofFiles = [...ofSales, 'tests/integration/validate-*.test.ts']
const ofRegistry = ['tests/unit/registry/**/*.test.ts', 'tests/integration/reproduce.test.ts']

export const rooms: Room[] = [
  room('src/evaluation', ['tests/unit/evaluation/**/*.test.ts'], { 'src/evaluation/gate': 0.95 }),
  room('src/sales/checks', ofSales, { 'src/sales/checks': 0.95 }),
  room('src/sales/contract', ofSales),
  room('src/sales/guess', ofSales),
  room('src/sales/totals', ofSales),
  room('src/sales/reading', ofFiles),
  room('src/sales/sources', ofFiles),
  room('src/sales/plan', [...ofSales, 'tests/integration/plan*.test.ts']),
  room('src/ordering', ['tests/unit/ordering/**/*.test.ts']),
  room('src/demand', ['tests/unit/demand/**/*.test.ts']),
  room('src/registry', ofRegistry, { 'src/registry': 0.95 }),
  room('src/monitoring/evidence', ['tests/unit/monitoring/evidence/**/*.test.ts'], {
    'src/monitoring/evidence': 0.95,
  }),
]

function room(folder: string, tests: string[], least: Room['least'] = {}): Room {
  return { folder, tests, least: { [folder]: 0.85, ...least } }
}
