import * as core from '@actions/core'
import type { Runner } from './action.ts'

/** The runner that has started this process. */
export const githubRunner: Runner = {
  environment: process.env,
  input: core.getInput,
  idToken: core.getIDToken,
  stopped: () =>
    new Promise((resolve) => {
      // First the one, some seconds later the other.
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
    }),
  mask: core.setSecret,
  output: core.setOutput,
  annotate({ level, title, message, file, line }) {
    announce[level](message, { title, ...(file && { file }), ...(line && { startLine: line }) })
  },
  async summarise(markdown) {
    // Outside of a workflow there is no page to write on.
    if (!process.env.GITHUB_STEP_SUMMARY) return
    await core.summary.addRaw(markdown).addEOL().write()
  },
  fail(reason) {
    if (reason !== undefined) core.setFailed(reason)
    process.exitCode = 1
  },
}

const announce = { error: core.error, warning: core.warning, notice: core.notice }
