import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { cd4ml } from '../project.ts'

const repository = resolve(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(repository, path), 'utf8')
const containerfile = instructions(read('deploy/Containerfile'))
const compose = parse(read('deploy/compose.yml'))
const unit = read('deploy/cd4ml.service')
const caddyfile = read('deploy/Caddyfile')

describe('deploy/Containerfile', () => {
  it('runs on the Node that the project pins, whose bytes its models are made by', () => {
    const { dependencies } = JSON.parse(read('package.json'))
    const images = containerfile.flatMap(({ name, rest }) =>
      name === 'FROM' ? [rest.split(' ')[0]] : [],
    )
    expect(images).toEqual(
      images.map(() => `docker.io/library/node:${dependencies.node}-bookworm-slim`),
    )
  })

  it('copies what is there, and starts what is there', () => {
    const copied = containerfile.flatMap(({ name, rest }) =>
      name === 'COPY' && !rest.startsWith('--from') ? rest.split(' ').slice(0, -1) : [],
    )
    const started = containerfile.flatMap(({ name, rest }) =>
      ['ENTRYPOINT', 'HEALTHCHECK'].includes(name)
        ? (/"node", "\/cd4ml\/([^"]+)"/.exec(rest)?.[1] ?? [])
        : [],
    )
    expect(started).toEqual(['deploy/healthy.js', 'bin/cd4ml.js'])
    for (const path of [...copied, ...started])
      expect(existsSync(join(repository, path)), path).toBe(true)
  })

  it('does not run as root, and writes nowhere but in its volume', () => {
    const last = (name: string) => containerfile.findLast((it) => it.name === name)?.rest
    expect(last('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/)
    expect(last('VOLUME')).toBe('/var/lib/cd4ml')
    expect(JSON.parse(last('CMD')!)).toContain('sqlite:/var/lib/cd4ml/ledger.sqlite')
  })

  it('has no secret, no ledger and no packages of whoever builds it', () => {
    const ignored = read('.dockerignore').split('\n')
    expect(ignored).toEqual(expect.arrayContaining(['node_modules', '.cd4ml', 'deploy/secrets']))
    expect(read('.gitignore').split('\n')).toContain('deploy/secrets/')
  })
})

describe('deploy/compose.yml', () => {
  it('starts nothing without a password that somebody has made', () => {
    expect(JSON.stringify(compose)).not.toMatch(/PASSWORD"?[:=] ?"?(?!\$\$\(cat)[\w]/)
    expect(compose.services.database.environment).toMatchObject({
      POSTGRES_PASSWORD_FILE: '/run/secrets/database-password',
    })
    expect(compose.secrets['database-password'].file).toBe('./secrets/database-password')
  })

  it('names what it defines: secrets, networks, volumes, and the database by its service', () => {
    const { services, secrets, networks, volumes } = compose
    for (const service of Object.values<Record<string, string[]>>(services)) {
      expect(Object.keys(secrets)).toEqual(expect.arrayContaining(service.secrets ?? []))
      expect(Object.keys(networks)).toEqual(expect.arrayContaining(service.networks ?? []))
      const named = (service.volumes ?? []).map((volume) => volume.split(':')[0])
      expect([...Object.keys(volumes), './Caddyfile']).toEqual(expect.arrayContaining(named))
    }
    const ledger: string = services.service.command.at(-1)
    expect(Object.keys(services)).toContain(new URL(ledger).hostname)
    expect(
      existsSync(
        join(
          repository,
          'deploy',
          services.service.build.context,
          services.service.build.dockerfile,
        ),
      ),
    ).toBe(true)
  })

  it('gives the service no rights, and nothing to write but a temporary folder', () => {
    expect(compose.services.service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    })
  })
})

describe('deploy/cd4ml.service', () => {
  it('starts what is there, and may write only where its ledger is', () => {
    expect(setting('WorkingDirectory')).toEqual(['/srv/cd4ml'])
    const [program, script] = setting('ExecStart')[0].split(' ')
    expect(existsSync(program.replace('/srv/cd4ml', repository))).toBe(true)
    expect(existsSync(join(repository, script))).toBe(true)
    expect(setting('ExecStart')[0]).toContain('sqlite:/var/lib/cd4ml/')
    expect(setting('StateDirectory')).toEqual(['cd4ml'])
    for (const name of ['NoNewPrivileges', 'DynamicUser', 'ProtectHome', 'PrivateTmp']) {
      expect(setting(name), name).toEqual(['yes'])
    }
    expect(setting('ProtectSystem')).toEqual(['strict'])
  })
})

it('gives serve no option that it does not have, wherever it is deployed', async () => {
  const { stdout } = await cd4ml(repository, ['serve', '--help'])
  const command = (rest: string) => rest.match(/--[a-z-]+/g) ?? []
  const used = [
    ...command(containerfile.findLast(({ name }) => name === 'CMD')!.rest),
    ...command(compose.services.service.command.join(' ')),
    ...command(setting('ExecStart')[0]),
  ]
  expect(used.length).toBeGreaterThan(8)
  const known = stdout.match(/--[a-z-]+/g) ?? []
  expect(known).toEqual(expect.arrayContaining(used))
})

it('has proxy, service and health check meet at one port and at addresses that there are', () => {
  const ports = [
    ...containerfile.filter(({ name }) => name === 'EXPOSE').map(({ rest }) => rest),
    /127\.0\.0\.1:(\d+)\/health\/live/.exec(containerfile.map(({ rest }) => rest).join())?.[1],
    /"--port", "(\d+)"/.exec(containerfile.findLast(({ name }) => name === 'CMD')!.rest)?.[1],
    compose.services.service.command[compose.services.service.command.indexOf('--port') + 1],
    compose.services.proxy.environment.SERVICE.split(':')[1],
    /--port (\d+)/.exec(setting('ExecStart')[0])?.[1],
    /SERVICE:127\.0\.0\.1:(\d+)/.exec(caddyfile)?.[1],
  ]
  expect(ports).toEqual(ports.map(() => '8080'))
  const routes = read('src/service/ops/ops-routes.ts')
  for (const address of ['/health/live', '/health/ready', '/metrics']) {
    expect(routes).toContain(`'${address}'`)
  }
  expect(caddyfile).toContain('health_uri /health/ready')
})

/** The instructions of a Containerfile, with continued lines put together. */
function instructions(text: string): { name: string; rest: string }[] {
  return text
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name, rest] = /^(\S+)\s+(.*)$/.exec(line)!
      return { name, rest }
    })
}

function setting(name: string): string[] {
  return Array.from(unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm')), ([, value]) => value)
}
