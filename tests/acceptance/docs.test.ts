import { globSync } from 'node:fs'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { isoFromDay } from '../../src/base/day.ts'
import { git } from '../../src/base/git.ts'
import { cd4ml, REPOSITORY, SAMPLE } from '../project.ts'
import { temporaryFolder } from '../repository.ts'
import { OPENING } from '../shop.ts'
import { argumentsOf, cutAs, type Transcript, transcriptsOf, typedIn } from './transcripts.ts'

const PAGES = ['README.md', 'README.pt-BR.md', ...globSync('docs/*.md', { cwd: REPOSITORY }).sort()]
const TEXTS = new Map(
  await Promise.all(PAGES.map(async (page) => [page, await text(page)] as const)),
)

/** In a repository with sales of its own, the pages tell of others. */
const withSample = it.runIf(SAMPLE === join(REPOSITORY, 'data'))

describe('who types what a page shows', () => {
  let clone: string

  beforeAll(async () => {
    const folder = await temporaryFolder()
    clone = join(folder, 'demand')
    await git(folder, ['clone', '--quiet', REPOSITORY, clone])
    await git(clone, ['switch', '--quiet', '--force-create', 'main'])
    await symlink(join(REPOSITORY, 'node_modules'), join(clone, 'node_modules'))
    // Fits are found by all that they follow from, so those of an earlier run will do.
    const fits = join(REPOSITORY, 'node_modules', '.cache', 'fits')
    await mkdir(fits, { recursive: true })
    await mkdir(join(clone, '.cd4ml'))
    await symlink(fits, join(clone, '.cd4ml', 'fits'))
    await writeFile(join(folder, 'vendas.csv'), vendas(), 'latin1')
  })

  // `npm run test:golden -- tests/acceptance/docs.test.ts` writes anew what has changed.
  withSample.each(PAGES.filter((page) => transcriptsOf(textOf(page)).some(isRun)))(
    'gets what stands in %s',
    async (page) => {
      const lines = textOf(page).split('\n')
      for (const transcript of transcriptsOf(textOf(page)).filter(isRun).reverse()) {
        lines.splice(transcript.start, transcript.lines.length, ...(await run(transcript)))
      }
      await expect(lines.join('\n')).toMatchFileSnapshot(join(REPOSITORY, page))
    },
  )

  async function run(transcript: Transcript): Promise<string[]> {
    const lines: string[] = []
    for (const [index, command] of typedIn(transcript).entries()) {
      const { code, stderr, screen } = await cd4ml(clone, argumentsOf(command))
      expect(code, stderr).toBeLessThan(3)
      // An empty line parts two commands.
      if (index > 0) lines.push('')
      const shown = command.shown.join('\n').trimEnd().split('\n')
      lines.push(...command.typed, ...cutAs(shown, screen.trimEnd().split('\n')))
    }
    return lines
  }
})

it.each([
  ['a number has changed', ['a 1', 'b 2'], ['a 1', 'b 3'], ['a 1', 'b 3']],
  ['a line came in between', ['a 1', 'b 2'], ['a 1', 'new', 'b 2'], ['a 1', 'new', 'b 2']],
  ['a line is not printed any more', ['a 1', '…', 'b 2'], ['a 1'], ['a 1', '…']],
  ['more is printed at the end', ['…', 'b 2'], ['a 1', 'b 2', 'c'], ['…', 'b 2', 'c']],
  ['only what is cut has changed', ['a 1', '…', 'b 2'], ['a 1', 'x', 'b 2'], ['a 1', '…', 'b 2']],
  ['only an id is another', ['at 12ab34cd56ef'], ['at 00ab34cd56ee'], ['at 12ab34cd56ef']],
])('a page that is old where %s shows it: the block is written as it now is', (_, ...lines) => {
  const [shown, printed, written] = lines
  expect(cutAs(shown, printed)).toEqual(written)
})

it('leaves out of what is run only what needs files that are not in the repository', () => {
  const left = PAGES.flatMap((page) => transcriptsOf(textOf(page)).filter((it) => !isRun(it)))
  expect(left.map(({ notRun }) => notRun)).toEqual(
    Array.from({ length: 4 }, () => 'needs the downloaded file'),
  )
})

it('finds every command and option by the name that a page or a README calls it', async () => {
  const readmes = globSync('actions/*/README.md', { cwd: REPOSITORY })
  const pages = [...TEXTS.values(), ...(await Promise.all(readmes.map(text)))]
  const options = Map.groupBy(pages.flatMap(namedIn), ({ command }) => command)
  expect([...options.keys()]).toEqual(expect.arrayContaining(['forecast', 'init', 'rollback']))
  for (const [command, named] of options) {
    const { code, stdout } = await cd4ml(REPOSITORY, [...command.split(' '), '--help'])
    expect(code, command).toBe(0)
    const missing = named.flatMap(({ option }) => (stdout.includes(option) ? [] : [option]))
    expect(missing, command).toEqual([])
  }
})

it('finds every script of npm that a page names', async () => {
  const { scripts } = JSON.parse(await text('package.json'))
  const named = [...TEXTS.values()].flatMap((page) =>
    Array.from(page.matchAll(/npm run ([\w:]+)/g), ([, name]) => name),
  )
  expect(named).toContain('pipeline')
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
})

/** `npx cd4ml order --format csv` → order and `--format`, wherever code is shown. */
function namedIn(page: string): { command: string; option: string }[] {
  const calls = page.replaceAll(/\\\n\s*/g, '').matchAll(/npx cd4ml ((?:token )?[a-z]+)([^`\n]*)/g)
  return Array.from(calls).flatMap(([, command, rest]) =>
    ['', ...Array.from(rest.matchAll(/--[a-z][a-z-]*/g), ([option]) => option)].map((option) => ({
      command,
      option,
    })),
  )
}

function isRun({ notRun }: Transcript): boolean {
  return notRun === undefined
}

function textOf(page: string): string {
  return TEXTS.get(page)!
}

function text(path: string): Promise<string> {
  return readFile(join(REPOSITORY, path), 'utf8')
}

/** What a Brazilian point of sale exports: three products in two shops, for 600 days. */
function vendas(): string {
  const products = [
    ['007', 'Pão de forma', '8,99'],
    ['012', 'Café torrado', '17,50'],
    ['113', 'Maçã', '1,25'],
  ]
  const header =
    'Código;Descrição;Loja;Data da Venda;Qtde pedida;Qtde faturada;Preço unitário;Vendedor'
  const rows = Array.from({ length: 600 }, (_, index) =>
    ['Centro', 'Norte'].flatMap((shop, place) =>
      products.map(([code, name, price], product) => {
        const [year, month, day] = isoFromDay(OPENING + 366 + index).split('-')
        const ordered = 4 + ((3 * index + 5 * product + 2 * place) % 7) - place
        const delivered = ordered - (index % 11 === product + 1 ? 1 : 0)
        const seller = place === 0 ? 'Ana' : 'João'
        return [
          code,
          name,
          shop,
          `${day}/${month}/${year}`,
          ordered,
          delivered,
          `R$ ${price}`,
          seller,
        ].join(';')
      }),
    ),
  ).flat()
  return `${[header, ...rows].join('\r\n')}\r\n`
}
