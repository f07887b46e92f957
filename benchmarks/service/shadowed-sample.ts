import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { git } from '../../src/base/git.ts'
import { filesOf } from '../../src/ledger/ledger.ts'
import type { RunRecord } from '../../src/ledger/run-record.ts'
import { shadowFile } from '../../src/ledger/shadow.ts'
import { type Edit, editedTree } from '../../src/registry/edited-tree.ts'
import { digest } from '../../src/registry/manifest.ts'
import { readWorkingVersion } from '../../src/registry/production.ts'

const REPOSITORY = resolve(import.meta.dirname, '../..')

/** A clone of this repository, in whose ledger its own recipe is tried beside what is in production. */
export async function shadowedSample(folder: string): Promise<string> {
  await git('.', ['clone', '--quiet', '--no-local', REPOSITORY, folder])
  await promisify(execFile)(process.execPath, [join(REPOSITORY, 'src/cli.ts'), 'train'], {
    cwd: folder,
  })
  const model = await readFile(join(folder, '.cd4ml/challenger/model.json'))
  const version = await readWorkingVersion(folder)
  if (!version) throw new Error('the sample has nothing in production')
  const { path, bytes } = shadowFile(model)
  const record = comparedRun(digest(model), {
    version: version.manifest.version,
    model: 'seasonal-naive',
    digest: version.manifest.files['model.json'],
  })
  const files = [...filesOf({ kind: 'run', record }), [path, bytes] as const]
  const edits = files.map(([path, content]): Edit => ({ kind: 'write', path, content }))
  const empty = await git(folder, ['hash-object', '-w', '-t', 'tree', '--stdin'], { input: '' })
  const tree = await editedTree(folder, edits, empty.trim())
  const author = ['-c', 'user.name=Benchmark', '-c', 'user.email=benchmark@example.com']
  const commit = await git(folder, [...author, 'commit-tree', tree, '-m', 'Record 1 run'])
  await git(folder, ['update-ref', 'refs/heads/ledger', commit.trim()])
  return folder
}

function comparedRun(
  model: string,
  champion: NonNullable<NonNullable<RunRecord['comparison']>['champion']>,
): RunRecord {
  return {
    format: 'cd4ml-run/1',
    kind: 'compare',
    id: '20260101T000000000Z-00000000',
    startedAt: '2026-01-01T00:00:00.000Z',
    seconds: 1,
    branch: 'main',
    workflow: { url: 'https://github.com/shop/demand/actions/runs/1', event: 'schedule' },
    recipe: 'r',
    data: 'd',
    model: 'the recipe of the sample',
    exitCode: 0,
    searched: [],
    verdict: 'not distinguishable',
    comparison: {
      decidedBy: 'wape',
      decision: 'keep',
      confidence: 0.95,
      challenger: { model },
      champion,
    },
  }
}
