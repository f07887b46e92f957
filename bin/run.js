// Runs `node FILE ARGS…` on the Node version that package.json pins. Plain JavaScript, because it
// has to start on whatever Node the machine has.
//
// `npm ci` normally puts the pinned Node first on the PATH of every npm script, and nothing is
// left to do here. Where install scripts are switched off it cannot; then the same version comes
// from its platform package, which needs no install script.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import module from 'node:module'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const [file, ...args] = process.argv.slice(2)
if (process.features.typescript) await here()
else process.exitCode = onPinnedNode()

async function here() {
  // Compiling the code takes longer than most commands do: it is kept for the next start.
  // Threads take it from the environment.
  process.env.NODE_COMPILE_CACHE ??= fileURLToPath(
    new URL('../node_modules/.cache/compiled', import.meta.url),
  )
  module.enableCompileCache?.()
  process.argv = [process.execPath, resolve(file), ...args]
  await import(pathToFileURL(resolve(file)).href)
}

function onPinnedNode() {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const { platform, arch } = process
  const prefix = platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node'
  const name = `${prefix}-${platform === 'win32' ? 'win' : platform}-${arch}`
  const runtime = `${name}@${manifest.dependencies.node}`
  const npx = ['--yes', `--package=${runtime}`, '--', 'node', file, ...args]
  const result = spawnSync('npx', npx, { stdio: 'inherit', shell: platform === 'win32' })
  if (result.error) {
    console.error(
      `cd4ml needs Node 24 (this is ${process.version}) and could not get it as ${runtime}.`,
    )
    console.error('Install Node 24, or allow the install script of the package "node".')
    return 2
  }
  return result.status ?? 1
}
