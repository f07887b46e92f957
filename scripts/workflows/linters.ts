import { execFile } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

export type LinterResult =
  | { outcome: 'passed' }
  | { outcome: 'failed'; output: string }
  /** What it is installed with is not there, or could not get it. */
  | { outcome: 'not installed'; reason: string }

export type LinterOptions = {
  /** Programs are kept here from one run to the next. */
  cache: string
  /** File for zizmor's findings as SARIF, for GitHub's tab Security; they are no failure then. */
  sarif?: string
}

const ACTIONLINT = '1.7.12'
const ZIZMOR = '1.32.0'

/** The linters of others, each installed where it is not there yet. */
export const linters = [
  { name: `actionlint ${ACTIONLINT}`, lint: actionlint },
  { name: `zizmor ${ZIZMOR}`, lint: zizmor },
]

const run = promisify(execFile)

// Types of expressions, contexts, events, the shell in `run:`.
async function actionlint(repository: string, { cache }: LinterOptions): Promise<LinterResult> {
  const folder = join(cache, `actionlint-${ACTIONLINT}`)
  const program = join(folder, 'actionlint')
  const module = `github.com/rhysd/actionlint/cmd/actionlint@v${ACTIONLINT}`
  const problem = await install(program, () =>
    run('go', ['install', module], { env: { ...process.env, GOBIN: folder } }),
  )
  if (problem !== undefined) return { outcome: 'not installed', reason: problem }
  return await judge(run(program, ['-no-color'], { cwd: repository }))
}

// What an attacker could do, as its strictest persona sees it; what it may find is explained in
// .github/zizmor.yml. It also asks GitHub where GH_TOKEN is set.
async function zizmor(repository: string, { cache, sarif }: LinterOptions): Promise<LinterResult> {
  const folder = join(cache, `zizmor-${ZIZMOR}`)
  const program = join(folder, 'bin', 'zizmor')
  const problem = await install(program, async () => {
    await run('python3', ['-m', 'venv', folder])
    await run(join(folder, 'bin', 'pip'), ['install', '--quiet', `zizmor==${ZIZMOR}`])
  })
  if (problem !== undefined) return { outcome: 'not installed', reason: problem }
  const options = { cwd: repository, maxBuffer: 1 << 26 }
  const network = process.env.GH_TOKEN ? [] : ['--offline']
  const persona = '--persona=auditor'
  const args = ['--quiet', '--color=never', persona, ...network, '.github', 'actions']
  if (sarif === undefined) return await judge(run(program, args, options))
  const { stdout } = await run(program, ['--format=sarif', ...args], options)
  await writeFile(sarif, stdout)
  return { outcome: 'passed' }
}

// Installs a program that does not start yet; returns why that was not possible.
async function install(program: string, get: () => Promise<unknown>): Promise<string | undefined> {
  const start = () => run(program, ['--version'])
  try {
    await start().catch(async () => {
      await mkdir(dirname(program), { recursive: true })
      await get()
      await start()
    })
    return undefined
  } catch (error) {
    // Half a program would be in the way of the next attempt.
    await rm(program, { force: true })
    return error instanceof Error ? error.message : String(error)
  }
}

// A linter that finds something ends with an exit code, and says what on its output.
async function judge(linted: Promise<unknown>): Promise<LinterResult> {
  try {
    await linted
    return { outcome: 'passed' }
  } catch (error) {
    if (error instanceof Error && 'stdout' in error && 'stderr' in error) {
      return { outcome: 'failed', output: `${error.stdout}${error.stderr}`.trim() }
    }
    throw error
  }
}
