// Changes the code in small ways and says which changes the tests beside it do not notice:
// `npm run test:mutants [-- FOLDER | FILE | FILE:FIRST-LAST …]`. Exit code 1 where those are too many.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parse } from 'yaml'
import { type Mutant, readReport } from './report.ts'
import { type Room, rooms } from './rooms.ts'
import { type Accepted, partSurvivors } from './survivors.ts'

const here = import.meta.dirname
const project = resolve(here, '../..')
const results = join(here, '.results')
const asked = process.argv.slice(2).map((path) => relative(project, resolve(path)))
const accepted: Accepted[] = parse(readFileSync(join(here, 'survivors.yml'), 'utf8'))

const LINES = /:(\d+)-(\d+)$/

const unknown = asked.filter((path) =>
  rooms.every(({ folder }) => within(path, folder) === undefined),
)
if (unknown.length > 0) {
  const folders = rooms.map(({ folder }) => folder).join(', ')
  console.error(`No tests are known to stand beside ${unknown.join(', ')}. Known: ${folders}.`)
  process.exit(2)
}
for (const room of rooms) {
  const paths =
    asked.length === 0 ? [room.folder] : asked.flatMap((it) => within(it, room.folder) ?? [])
  if (paths.length > 0) report(room, mutantsOf(room, paths))
}

/** What of a folder is meant by a path: that path, or all of it. */
function within(path: string, folder: string): string | undefined {
  if (isWithin(path, folder)) return path
  return isWithin(folder, path) ? folder : undefined
}

/** Has Stryker change what lies in these folders and files of a room. */
function mutantsOf({ folder, tests }: Room, paths: string[]): Mutant[] {
  const patterns = paths.map((path) =>
    path.endsWith('.ts') || LINES.test(path) ? path : `${path}/**/*.ts`,
  )
  const incremental = join(results, `${folder.replaceAll('/', '-')}.json`)
  forgetSurvivors(incremental)
  const stryker = join(here, 'node_modules/@stryker-mutator/core/bin/stryker.js')
  const config = join(here, 'stryker.config.json')
  const options = ['--mutate', patterns.join(','), '--incrementalFile', incremental]
  const { status } = spawnSync(process.execPath, [stryker, 'run', config, ...options], {
    cwd: project,
    stdio: 'inherit',
    env: { ...process.env, CD4ML_TESTS_BESIDE: JSON.stringify(tests) },
  })
  if (status !== 0) process.exit(2)
  const found = readReport(join(results, 'report.json'))
  return found.filter((mutant) => paths.some((path) => isAsked(mutant, path)))
}

/**
 * Stryker takes what has survived in code that runs as a file is loaded for what will survive a new
 * test: all of it is tried again.
 */
function forgetSurvivors(incremental: string): void {
  if (!existsSync(incremental)) return
  const results: { files: Record<string, { mutants: { status: string }[] }> } = JSON.parse(
    readFileSync(incremental, 'utf8'),
  )
  for (const file of Object.values(results.files)) {
    file.mutants = file.mutants.filter(({ status }) => status === 'Killed' || status === 'Timeout')
  }
  writeFileSync(incremental, JSON.stringify(results))
}

function report({ least }: Room, mutants: Mutant[]): void {
  const { open, outdated, ...parted } = partSurvivors(mutants, accepted)
  console.log('\nfolder                    changes  noticed  listed   left    score  least')
  for (const [folder, share] of Object.entries(least)) {
    const count = <T extends { file: string }>(all: T[]) =>
      all.filter(({ file }) => isWithin(file, folder)).length
    const [all, left, listed] = [count(mutants), count(open), count(parted.accepted)]
    if (all === 0) continue
    const noticed = all - left - listed
    const score = noticed / (all - listed)
    const cells = [all, noticed, listed, left, percent(score), percent(share)]
    console.log([folder.padEnd(24), ...cells.map((cell) => `${cell}`.padStart(8))].join(''))
    if (score < share) process.exitCode = 1
  }
  for (const { file, line, column, change, fate } of open) {
    console.log(`${fate.padEnd(9)} ${file}:${line}:${column}  ${change}`)
  }
  // Of single lines not all is known that is listed of their file.
  if (asked.some((path) => LINES.test(path))) return
  for (const change of outdated) console.error(`no longer survives, or is gone: ${change}`)
  if (outdated.length > 0) process.exitCode = 1
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`
}

/** Results of earlier runs stand in the report too. */
function isAsked({ file, line }: Mutant, path: string): boolean {
  const [, first, last] = LINES.exec(path) ?? []
  if (first === undefined) return isWithin(file, path)
  return path.startsWith(`${file}:`) && line >= Number(first) && line <= Number(last)
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}
