import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { scopes } from '../../src/service/http/identity.ts'
import { running } from '../integration/service/serving.ts'
import { REPOSITORY, SAMPLE } from '../project.ts'

const run = promisify(execFile)
let page: string

beforeAll(async () => {
  page = await readFile(join(REPOSITORY, 'docs/api.md'), 'utf8')
})

/** In a repository with sales of its own, the page tells of others. */
const withSample = it.runIf(SAMPLE === join(REPOSITORY, 'data'))

withSample(
  'gives whoever copies an example of docs/api.md an answer, and not a refusal',
  async () => {
    const { address, token } = await running(REPOSITORY)
    const env = { ...process.env, API: address, TOKEN: await token(scopes) }
    const [, ...examples] = shellBlocks(page)
    expect(examples.length).toBeGreaterThan(4)
    for (const example of examples) {
      const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', example], { env })
      expect(stdout, example).not.toMatch(/"status":[45]/)
    }
  },
)

describe('the document of the service has', () => {
  it('every address and field that the page names', async () => {
    const { ask } = await running(REPOSITORY)
    const document = JSON.stringify(await (await ask('/openapi.json')).json())
    const cells = Array.from(page.matchAll(/^\| (`[^|]+`) \|/gm), ([, cell]) => cell)
    const names = cells.flatMap((cell) =>
      Array.from(cell.matchAll(/`([^`]+)`/g), ([, name]) => name),
    )
    expect(names.length).toBeGreaterThan(30)
    const known = (name: string) =>
      name.startsWith('/')
        ? document.includes(`"${name.replace(/\?.*/, '').replace('ID', '{id}')}"`)
        : document.includes(`"${name}"`) || (scopes as readonly string[]).includes(name)
    expect(names.filter((name) => !known(name))).toEqual([])
  })
})

function shellBlocks(text: string): string[] {
  return Array.from(text.matchAll(/^```sh\n([\s\S]*?)^```/gm), ([, block]) => block)
}
