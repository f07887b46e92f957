import { parseArgs } from 'node:util'
import { startGitHub } from './server.ts'

// node tests/github/main.ts --folder FOLDER
// Serves until it is stopped, and says in one line of JSON where, with which tokens, and where the
// bare repository is that commits are pushed to.
const { values } = parseArgs({ options: { folder: { type: 'string' } } })
const github = await startGitHub(values.folder ? { folder: values.folder } : {})
const { url, token, ownerToken, repository, git } = github
console.log(JSON.stringify({ url, token, ownerToken, repository, git }))

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void github.close())
}
