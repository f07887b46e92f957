import { githubRunner } from '../../src/workflow/github-runner.ts'
import { run } from './action.ts'

await run(githubRunner)
