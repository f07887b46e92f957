import { rename, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { git } from '../../../src/base/git.ts'
import { requireRecordable } from '../../../src/registry/recordable.ts'
import { failure } from '../../integration/registry-fixture.ts'
import { commitAll, copyOf, initialise, put, temporaryFolder } from '../../repository.ts'

const OCTOBER = 'data/sales/2026-10.csv'
const NOVEMBER = 'data/sales/2026-11.csv'
const FILES = ['data/datapackage.json', 'recipe.yml', 'package-lock.json', 'policy.yml']

let project: string

beforeAll(async () => {
  project = await temporaryFolder()
  await initialise(project)
  await put(project, {
    [OCTOBER]: 'id;name\r\n1;Pão\r\n',
    'data/datapackage.json': '{}\n',
    'recipe.yml': 'families: {}\n',
    'package-lock.json': '{}\n',
    'policy.yml': 'origins: 4\n',
    'src/cli.ts': 'export {}\n',
    '.gitignore': '.DS_Store\n',
  })
  await commitAll(project, 'Begin')
})

type Change = (repo: string) => Promise<unknown>
const ignoreIn = (file: string, lines: string): Change => {
  return (repo) => put(repo, { [file]: lines, [NOVEMBER]: 'id;name\n' })
}

describe('is refused by name before anything is trained:', () => {
  test.each<[string, string, RegExp, Change]>([
    ['sales that .gitignore names', NOVEMBER, /git ignores/, ignoreIn('.gitignore', '*-11.csv\n')],
    [
      'sales that only this clone ignores',
      NOVEMBER,
      /git ignores/,
      ignoreIn('.git/info/exclude', 'data/sales/*\n'),
    ],
    [
      'sales that the settings of one person ignore',
      NOVEMBER,
      /git ignores/,
      async (repo) => {
        const folder = await temporaryFolder()
        await put(folder, { ignore: '*.csv\n' })
        await git(repo, ['config', 'core.excludesFile', join(folder, 'ignore')])
        await put(repo, { [NOVEMBER]: 'id;name\n' })
      },
    ],
    [
      'a recipe that git ignores',
      'recipe.yml',
      /git ignores/,
      async (repo) => {
        await git(repo, ['rm', '--quiet', '--cached', 'recipe.yml'])
        await put(repo, { '.gitignore': '*.yml\n' })
        await commitAll(repo, 'Hide')
      },
    ],
    [
      'code that git ignores',
      'src/local.ts',
      /git ignores/,
      (repo) => put(repo, { '.gitignore': 'local.*\n', 'src/local.ts': 'export {}\n' }),
    ],
    [
      'a month behind a link',
      NOVEMBER,
      /is a link/,
      async (repo) => {
        await put(repo, { 'elsewhere.csv': 'id;name\n' })
        await symlink('../../elsewhere.csv', join(repo, NOVEMBER))
      },
    ],
    [
      'a folder of sales that is a link',
      OCTOBER,
      /behind the link data\/sales/,
      async (repo) => {
        await rename(join(repo, 'data/sales'), join(repo, 'elsewhere'))
        await symlink('../elsewhere', join(repo, 'data/sales'))
      },
    ],
    [
      'a policy that is a link',
      'policy.yml',
      /is a link/,
      async (repo) => {
        await rename(join(repo, 'policy.yml'), join(repo, 'lax.yml'))
        await symlink('lax.yml', join(repo, 'policy.yml'))
        await commitAll(repo, 'Link')
      },
    ],
    [
      'a module that is a link',
      'src/linked.ts',
      /is a link/,
      async (repo) => {
        await symlink('cli.ts', join(repo, 'src/linked.ts'))
        await commitAll(repo, 'Link')
      },
    ],
    [
      'sales in a repository within the repository',
      OCTOBER,
      /is in data\/sales, a repository within/,
      (repo) => git(repo, ['init', '--quiet', 'data/sales']),
    ],
    [
      'sales of a submodule',
      OCTOBER,
      /is in data\/sales, a repository within/,
      async (repo) => {
        const other = await temporaryFolder()
        await initialise(other)
        await put(other, { '2026-10.csv': 'id\n' })
        await commitAll(other, 'Begin')
        await git(repo, ['rm', '-r', '--quiet', 'data/sales'])
        const add = ['submodule', '--quiet', 'add', '--force', other, 'data/sales']
        await git(repo, ['-c', 'protocol.file.allow=always', ...add])
        await commitAll(repo, 'Add a submodule')
      },
    ],
    [
      'code of a submodule',
      'src/shared',
      /is a submodule/,
      async (repo) => {
        const other = await temporaryFolder()
        await initialise(other)
        await put(other, { 'all.ts': 'export {}\n' })
        await commitAll(other, 'Begin')
        const add = ['submodule', '--quiet', 'add', other, 'src/shared']
        await git(repo, ['-c', 'protocol.file.allow=always', ...add])
        await commitAll(repo, 'Add a submodule')
      },
    ],
    [
      'a month whose changes git was told not to see',
      OCTOBER,
      /assume-unchanged/,
      async (repo) => {
        await git(repo, ['update-index', '--assume-unchanged', OCTOBER])
        await put(repo, { [OCTOBER]: 'id;name\n9;Other\n' })
      },
    ],
    [
      'a month that a sparse checkout leaves out',
      OCTOBER,
      /skip-worktree/,
      async (repo) => {
        await put(repo, { [NOVEMBER]: 'id;name\n' })
        await commitAll(repo, 'Add November')
        await git(repo, ['update-index', '--skip-worktree', OCTOBER])
        await rm(join(repo, OCTOBER))
      },
    ],
    [
      'sales that a filter such as Git LFS keeps elsewhere',
      OCTOBER,
      /a filter of .gitattributes/,
      async (repo) => {
        await git(repo, ['config', 'filter.store.clean', 'echo pointer'])
        await put(repo, { '.gitattributes': '*.csv filter=store\n' })
        await git(repo, ['add', '--renormalize', '.'])
        await commitAll(repo, 'Store')
      },
    ],
    [
      'sales in another encoding than git holds',
      OCTOBER,
      /a filter of .gitattributes/,
      async (repo) => {
        await put(repo, {
          '.gitattributes': '*.csv working-tree-encoding=UTF-16LE\n',
          [OCTOBER]: Buffer.from('id;name\n1;Pão\n', 'utf16le'),
        })
        await commitAll(repo, 'Encode')
      },
    ],
    [
      'a recipe with an expanded $Id$',
      'recipe.yml',
      /a filter of .gitattributes/,
      async (repo) => {
        await put(repo, { '.gitattributes': '*.yml ident\n', 'recipe.yml': '# $Id: x $\n' })
        await commitAll(repo, 'Ident')
      },
    ],
    [
      'a cell whose line ends git converts',
      NOVEMBER,
      /a filter of .gitattributes/,
      async (repo) => {
        await put(repo, {
          '.gitattributes': '* text=auto eol=lf\n',
          [NOVEMBER]: 'id;name\r\n1;"Two\r\nlines"\r\n',
        })
        await commitAll(repo, 'Convert')
      },
    ],
  ])('%s', async (_, file, message, change) => {
    const repo = await copyOf(project)
    await change(repo)
    const error = await failure(check(repo))
    expect(error.place.file).toBe(file)
    expect(error.message).toMatch(message)
  })
})

describe('is no mistake:', () => {
  test.each<[string, Change]>([
    ['nothing but what was committed', async () => {}],
    [
      'what is new or changed, an experiment until it is committed',
      (repo) => put(repo, { [NOVEMBER]: 'id\n', [OCTOBER]: 'id\n', 'recipe.yml': '{}\n' }),
    ],
    [
      'line ends that git converts between rows, as on Windows',
      async (repo) => {
        await put(repo, {
          '.gitattributes': '* text=auto eol=lf\n',
          [NOVEMBER]: 'id;name\r\n1;"Pão, francês"\r\n',
          'recipe.yml': 'families: {}\r\n',
        })
        await commitAll(repo, 'Convert')
      },
    ],
    [
      'a name that begins with a quote',
      async (repo) => {
        await put(repo, { '"old".yml': '{}\n' })
        await commitAll(repo, 'Quote')
        await requireRecordable(repo, { files: [join(repo, '"old".yml')] })
      },
    ],
    [
      'litter that git ignores',
      (repo) => put(repo, { 'src/.DS_Store': 'x', 'data/.DS_Store': 'x' }),
    ],
    [
      'sales of which git holds none',
      async (repo) => {
        await git(repo, ['rm', '-r', '--quiet', '--cached', 'data'])
        await put(repo, { '.gitignore': 'data/\n' })
        await git(repo, ['commit', '--quiet', '-am', 'Hold none'])
      },
    ],
    ['a folder without git', (repo) => rm(join(repo, '.git'), { recursive: true })],
  ])('%s', async (what, change) => {
    const repo = await copyOf(project)
    await change(repo)
    const files = what.includes('holds none') ? FILES.slice(1) : FILES
    await check(repo, files)
  })
})

async function check(repo: string, files = FILES): Promise<void> {
  const sales = [OCTOBER, NOVEMBER].map((path) => join(repo, path))
  const there = await Promise.all(
    sales.map(async (path) => (await git(repo, ['hash-object', path]).catch(() => '')) !== ''),
  )
  await requireRecordable(repo, {
    data: { folder: join(repo, 'data'), files: sales.filter((_, i) => there[i]) },
    files: files.map((path) => join(repo, path)),
    code: true,
  })
}
