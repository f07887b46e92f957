import { dayFromIso } from '../base/day.ts'
import { counted, integer } from '../base/wording.ts'
import type { DataChange, Replaced, VersionMade } from '../registry/data-change.ts'
import type { Manifest } from '../registry/manifest.ts'
import { shortId } from './format.ts'
import { compareUrl } from './links.ts'
import { link } from './markdown.ts'
import { recipeDiff } from './recipe-diff.ts'

/**
 * What changed from one version to the next: recipe as a diff, sales, and the files of the
 * repository that it was made with. `repository` is its page on GitHub.
 */
export function changesSection(from: Replaced, to: VersionMade, repository?: string): string {
  const diff = recipeDiff(from.recipe, to.recipe)
  const recipe = diff.length === 0 ? 'the same' : `${counted(settingsIn(diff), 'setting')} changed`
  return [
    `### What changed since v${from.manifest.version}\n\n`,
    `- **Recipe:** ${recipe}.\n`,
    originChanges(from.manifest, to.manifest, { data: from.data, repository }),
    diff.length > 0 && `\n\`\`\`diff\n${diff.join('\n')}\n\`\`\`\n`,
  ]
    .filter(Boolean)
    .join('')
}

/** The part of it that manifests tell, as a list. */
export function originChanges(
  from: Manifest,
  to: Manifest,
  { data, repository }: { data?: DataChange | undefined; repository?: string | undefined },
): string {
  return [
    `- **Data:** ${salesSentence(from, to, data)}\n`,
    ...filesSentences(from, to, repository).map((line) => `- ${line}\n`),
  ].join('')
}

function settingsIn(diff: string[]): number {
  return new Set(diff.map((line) => line.slice(2, line.indexOf(':')))).size
}

function salesSentence(from: Manifest, to: Manifest, data: DataChange | undefined): string {
  const before = dayFromIso(from.trainedThrough)
  const after = dayFromIso(to.trainedThrough)
  const days = before === undefined || after === undefined ? 0 : after - before
  const more = days > 0 ? 'more' : 'fewer'
  const span =
    days === 0
      ? `sales through ${to.trainedThrough}, as before`
      : `${counted(Math.abs(days), `${more} day`)} of sales, through ${to.trainedThrough} instead of ${from.trainedThrough}`
  if (from.lineage.data.object === to.lineage.data.object) {
    return `${span}; the files are the same.`
  }
  if (!data) return `${span}; other files.`
  return `${span}; ${counted(data.added, 'line')} added and ${integer(data.removed)} removed in ${counted(data.files, 'file')}.`
}

/** The objects are compared, and not the commits: these differ whenever anything does. */
function filesSentences(from: Manifest, to: Manifest, repository: string | undefined): string[] {
  const [before, after] = [from.lineage.commit, to.lineage.commit]
  const commits = `${shortId(before)}...${shortId(after)}`
  const shown = repository ? link(commits, compareUrl(repository, before, after)) : commits
  const files = [
    ['Code', from.lineage.code.object, to.lineage.code.object],
    ['Packages', from.lineage.lockfile.object, to.lineage.lockfile.object],
    ['Data contract', from.lineage.contract.object, to.lineage.contract.object],
  ]
  return files.map(
    ([what, old, now]) => `**${what}:** ${old === now ? 'the same' : `changed, ${shown}`}.`,
  )
}
