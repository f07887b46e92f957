import { sourceFile, type WorkflowFiles } from '../../../scripts/workflows/files.ts'

/** A workflow and the action that it uses, which break no rule. */
export const GOOD = {
  workflow: `name: nightly
on:
  schedule:
    - cron: '0 3 * * *'
permissions: {}
concurrency:
  group: nightly
  cancel-in-progress: false
jobs:
  make:
    runs-on: \${{ vars.CD4ML_RUNNER || 'ubuntu-latest' }}
    timeout-minutes: 5
    permissions:
      contents: read # check out
    outputs:
      size: \${{ steps.bake.outputs.size }}
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - id: bake
        uses: ./actions/bake
        with:
          flour: rye
  send:
    needs: make
    runs-on: \${{ vars.CD4ML_RUNNER || 'ubuntu-latest' }}
    timeout-minutes: 5
    permissions: {}
    steps:
      - env:
          SIZE: \${{ needs.make.outputs.size }}
        run: echo "$SIZE"
`,
  action: `name: Bake
description: Bakes.
inputs:
  flour:
    description: Which.
    required: true
  salt:
    description: How much.
    default: some
outputs:
  size:
    description: How big.
runs:
  using: node24
  main: main.ts
`,
}

/**
 * The good example with one text in place of another. Throws where the first is not in it, so that
 * no test proves itself on an unchanged example.
 */
export function example(from = '', to = '', name = 'nightly'): WorkflowFiles {
  const replaced = (text: string) => text.replace(from, to)
  if (from !== '' && replaced(GOOD.workflow + GOOD.action) === GOOD.workflow + GOOD.action) {
    throw new Error(`the example does not have ${JSON.stringify(from)}`)
  }
  return {
    workflows: [sourceFile(`.github/workflows/${name}.yml`, replaced(GOOD.workflow))],
    actions: [sourceFile('actions/bake/action.yml', replaced(GOOD.action))],
  }
}
