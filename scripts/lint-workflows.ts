// Checks the workflows and actions: with GitHub's own parser and our rules always, with actionlint
// and zizmor where they can be installed. In CI (CI=true) they have to be.
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readWorkflowFiles } from './workflows/files.ts'
import { linters } from './workflows/linters.ts'
import { actionErrors, workflowErrors } from './workflows/parser.ts'
import { ruleProblems } from './workflows/rules.ts'

const repository = resolve(import.meta.dirname, '..')
const { sarif } = parseArgs({ options: { sarif: { type: 'string' } } }).values
const files = readWorkflowFiles(repository)

report('GitHub’s parser', [
  ...(await Promise.all(files.workflows.map(workflowErrors))).flat(),
  ...(await Promise.all(files.actions.map(actionErrors))).flat(),
])
report(
  'our rules',
  ruleProblems(files).map(({ file, line, message }) => `${file}:${line}: ${message}`),
)
for (const { name, lint } of linters) {
  const result = await lint(repository, {
    cache: join(repository, 'node_modules', '.cache'),
    ...(sarif !== undefined && { sarif }),
  })
  if (result.outcome === 'not installed') {
    const required = process.env.CI === 'true'
    const [reason] = result.reason.split('\n')
    if (required) report(name, [`could not be installed: ${reason}`])
    else console.log(`left out  ${name}: ${reason}`)
  } else {
    report(name, result.outcome === 'failed' ? [result.output] : [])
  }
}

function report(check: string, problems: string[]): void {
  console.log(`${problems.length === 0 ? 'passed' : 'FAILED'}    ${check}`)
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
}
