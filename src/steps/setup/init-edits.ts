import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import { UserError } from '../../base/errors.ts'
import type { Language } from '../../base/language.ts'
import type { Frequency } from '../../demand/calendar.ts'
import type { Edit } from '../../registry/edited-tree.ts'
import { PRODUCTION } from '../../registry/production.ts'
import { projectReadme } from '../../reporting/project-readme.ts'
import type { SalesFile } from '../../sales/guess/sales-file.ts'
import { CODE_OWNERS, withOwners } from './code-owners.ts'

/** Where the sales that the template ships are kept, with the contract and the recipe for them. */
const SAMPLE = 'examples/supermarket'

const SECURITY = '.github/SECURITY.md'

/** A project can do without: then what is usual holds. */
const SETTINGS = 'project.yml'

const BASELINE = 'model-registry/baseline.yml'

export type NewProject = {
  /** Of the package and the data package, such as `demand-forecasts`. */
  name: string
  sales: SalesFile[]
  /** What `data/datapackage.json` is to hold. */
  dataPackage: object
  frequency: Frequency
  /** Periods ahead. */
  horizon: number
  /** Region; undefined where it stays that of the template. */
  holidays: string | undefined
  /** Of what is written for people who are no programmers. */
  language: Language
  /** As `withOwners` takes them; none where it is only asked what would change. */
  owners: string[]
}

/**
 * All that turns the copy of the template at `project` into somebody's own repository. Throws a
 * `UserError` where a file of the template is missing, and as `withOwners` does.
 */
export async function initEdits(project: string, to: NewProject): Promise<Edit[]> {
  const read = (path: string) => textOf(project, path)
  const edited = async (path: string, edit: (text: string) => string): Promise<Edit> => {
    return { kind: 'write', path, content: edit(await read(path)) }
  }
  return [
    { kind: 'move', path: 'data', to: SAMPLE },
    { kind: 'write', path: `${SAMPLE}/recipe.yml`, content: await read('recipe.yml') },
    { kind: 'write', path: `${SAMPLE}/ordering.yml`, content: await read('ordering.yml') },
    ...to.sales.map(
      ({ name, path }): Edit => ({ kind: 'add', path: `data/sales/${name}`, file: path }),
    ),
    { kind: 'write', path: 'data/datapackage.json', content: json(to.dataPackage) },
    await edited('recipe.yml', (text) => withPeriods(text, to)),
    await edited('ordering.yml', withoutExceptions),
    {
      kind: 'write',
      path: SETTINGS,
      content: withLanguage(existsSync(join(project, SETTINGS)) ? await read(SETTINGS) : '', to),
    },
    await edited(BASELINE, (text) => withPeriods(text, to)),
    { kind: 'remove', path: PRODUCTION },
    ...(to.owners.length > 0
      ? [await edited(CODE_OWNERS, (text) => withOwners(text, to.owners))]
      : []),
    ...(existsSync(join(project, SECURITY)) ? [await edited(SECURITY, withoutPromises)] : []),
    await edited('package.json', (text) => withName(text, to.name)),
    await edited('package-lock.json', (text) => withName(text, to.name)),
    { kind: 'write', path: 'README.md', content: projectReadme(to, 'en') },
    { kind: 'write', path: 'README.pt-BR.md', content: projectReadme(to, 'pt-BR') },
  ]
}

async function textOf(project: string, path: string): Promise<string> {
  return await readFile(join(project, path), 'utf8').catch((cause) => {
    throw new UserError(`cannot be read: ${cause.message}`, {
      file: path,
      remedy: 'Begin with a fresh copy of the template.',
      cause,
    })
  })
}

/** The recipe with other periods; its comments stay. */
function withPeriods(recipe: string, { frequency, horizon, holidays }: NewProject): string {
  const document = parseDocument(recipe)
  document.set('frequency', frequency)
  document.set('horizon', horizon)
  if (holidays !== undefined) document.set('holidays', holidays)
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}

/** The terms of ordering without those of the sample's suppliers; its comments stay. */
function withoutExceptions(ordering: string): string {
  const document = parseDocument(ordering)
  document.setIn(['defaults', 'pack'], 1)
  document.set('categories', null)
  document.set('products', null)
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}

/** The settings with the language; their comments stay. */
function withLanguage(settings: string, { language }: NewProject): string {
  const document = parseDocument(settings)
  document.set('language', language)
  return document.toString({ lineWidth: 0 })
}

/** How to report and when there is an answer is for the new owner to promise. */
function withoutPromises(security: string): string {
  return security.replace(/^## Reporting\n[\s\S]*?(?=^## )/m, '')
}

/** A package.json or package-lock.json, whose keys stay in their order. */
function withName(text: string, name: string): string {
  const content = JSON.parse(text)
  content.name = name
  if (content.packages) content.packages[''].name = name
  return json(content)
}

function json(content: object): string {
  return `${JSON.stringify(content, null, 2)}\n`
}
