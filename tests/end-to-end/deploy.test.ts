import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  globSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
} from 'node:fs'
import { chown } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import { environment, REPOSITORY } from '../project.ts'
import { temporaryFolder } from '../repository.ts'
import { addressOf } from './service-process.ts'

// There is no container engine where these tests run. The image's steps are done in a folder instead:
// what it copies, without git's history, read-only and owned by somebody else than who runs it.
it('starts from what the image has, as a user who may write in the volume alone, and is healthy', async () => {
  const image = await imageFolder()
  const volume = await temporaryFolder()
  if (NOBODY) {
    await chown(volume, NOBODY.uid, NOBODY.gid)
    // To get to it, and no more.
    chmodSync(tmpdir(), 0o711)
  }
  const before = digestOf(image)
  const [program, ...args] = commandOf(image, volume)
  const service = spawn(program, args, {
    cwd: image,
    env: environment({ NODE_COMPILE_CACHE: join(volume, 'compiled'), HOME: '/nonexistent' }),
    stdio: ['ignore', 'pipe', 'pipe'],
    ...NOBODY,
  })
  try {
    const address = await addressOf(service)
    const healthy = (path: string) =>
      promisify(execFile)(program, ['deploy/healthy.js', address + path], { cwd: image })
    await healthy('/health/live')
    await healthy('/health/ready')
    await expect(healthy('/nowhere')).rejects.toMatchObject({ code: 1 })
    expect(lstatSync(join(volume, 'ledger.sqlite')).mode & 0o077).toBe(0)
  } finally {
    service.kill('SIGTERM')
  }
  const [code] = await once(service, 'exit')
  expect(code).toBe(0)
  expect(digestOf(image)).toBe(before)
})

/** Where the tests run as root, the service does not; otherwise it runs as whoever runs them. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined

/** What `COPY . .` takes, beside the packages: what git has, less what `.dockerignore` leaves out. */
async function imageFolder(): Promise<string> {
  const folder = await temporaryFolder()
  const listed = await git(REPOSITORY, [
    'ls-files',
    '-z',
    '--cached',
    '--others',
    '--exclude-standard',
  ])
  for (const file of listed.split('\0').filter(Boolean)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    cpSync(join(REPOSITORY, file), join(folder, file), { preserveTimestamps: true })
  }
  symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'))
  for (const path of globSync('**/*', { cwd: folder, exclude: ['node_modules'] })) {
    const file = join(folder, path)
    if (!lstatSync(file).isSymbolicLink())
      chmodSync(file, lstatSync(file).isDirectory() ? 0o555 : 0o444)
  }
  chmodSync(folder, 0o555)
  return folder
}

/** ENTRYPOINT and CMD of the image, with the volume and a free port instead of those in a container. */
function commandOf(image: string, volume: string): [string, ...string[]] {
  const text = readFileSync(join(REPOSITORY, 'deploy/Containerfile'), 'utf8')
  const words = (name: string): string[] =>
    JSON.parse(new RegExp(`^${name} (\\[.*\\])$`, 'm').exec(text)![1])
  const [node, ...rest] = [...words('ENTRYPOINT'), ...words('CMD')]
  expect(node).toBe('node')
  const args = rest.map((word) =>
    word === '8080'
      ? '0'
      : word
          .replace(/^\/cd4ml/, image)
          .replace('/var/lib/cd4ml', volume)
          .replace('0.0.0.0', '127.0.0.1'),
  )
  return [process.execPath, ...args]
}

/** Of all names and contents. */
function digestOf(folder: string): string {
  const hash = createHash('sha256')
  for (const path of globSync('**/*', { cwd: folder, exclude: ['node_modules'] }).sort()) {
    hash.update(path)
    if (lstatSync(join(folder, path)).isFile()) hash.update(readFileSync(join(folder, path)))
  }
  return hash.digest('hex')
}
