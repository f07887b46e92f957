import { describe, expect, test } from 'vitest'
import { type Mutant, readReport } from '../mutants/report.ts'
import { partSurvivors } from '../mutants/survivors.ts'
import { put, temporaryFolder } from '../repository.ts'

const source = "export function f(a: number) {\n  return a < 0 ? 'too low, so that' : 'a-key'\n}\n"

describe('changes that the tests beside the code do not notice', () => {
  test('are read with their line and place, but for those of wording and those that do not run', async () => {
    const within = (text: string) => {
      const column = source.split('\n')[1].indexOf(text) + 1
      return { start: { line: 2, column }, end: { line: 2, column: column + text.length } }
    }
    const mutant = (text: string, status: string, mutatorName = 'EqualityOperator') => ({
      location: within(text),
      replacement: "''",
      mutatorName,
      status,
    })
    const folder = await temporaryFolder()
    const mutants = [
      mutant('a < 0', 'Survived'),
      mutant('a < 0', 'Timeout'),
      mutant('a < 0', 'CompileError'),
      mutant("'too low, so that'", 'Survived', 'StringLiteral'),
      mutant("'a-key'", 'NoCoverage', 'StringLiteral'),
    ]
    await put(folder, { 'report.json': JSON.stringify({ files: { 'f.ts': { source, mutants } } }) })
    const place = { file: 'f.ts', line: 2, text: "return a < 0 ? 'too low, so that' : 'a-key'" }
    expect(readReport(`${folder}/report.json`)).toEqual([
      { ...place, column: 10, change: "a < 0 → ''", fate: 'survived' },
      { ...place, column: 10, change: "a < 0 → ''", fate: 'killed' },
      { ...place, column: 39, change: "'a-key' → ''", fate: 'not run' },
    ])
  })

  const found = (change: string, fate: Mutant['fate']): Mutant => {
    return { file: 'a.ts', line: 1, column: 1, text: 'a < b', change, fate }
  }
  const listed = (file: string, ...changes: string[]) => {
    return { file, line: 'a < b', changes, why: 'a is never b' }
  }

  test('count as open unless they are listed', () => {
    const mutants = [
      found('< → <=', 'survived'),
      found('< → >', 'killed'),
      found('b → 0', 'not run'),
    ]
    expect(partSurvivors(mutants, [listed('a.ts', '< → <=')])).toEqual({
      open: [mutants[2]],
      accepted: [mutants[0]],
      outdated: [],
    })
  })

  test('may not stay listed once they are noticed or gone; of files not looked at nothing is known', () => {
    const accepted = [listed('a.ts', '< → >', '< → <='), listed('b.ts', '< → >')]
    const { outdated } = partSurvivors([found('< → >', 'killed')], accepted)
    expect(outdated).toEqual(['a.ts: a < b: < → >', 'a.ts: a < b: < → <='])
  })
})
