import { dayFromIso } from '../base/day.ts'
import type { Language } from '../base/language.ts'
import type { DataChange, Replaced, VersionMade } from '../registry/data-change.ts'
import type { Manifest } from '../registry/manifest.ts'
import { shortId } from './format.ts'
import { compareUrl } from './links.ts'
import { link } from './markdown.ts'
import { recipeDiff } from './recipe-diff.ts'
import { promotionTexts } from './texts/promotion.ts'

/** A page of the repository on GitHub, absent where there is none, and in which language. */
type Reader = { repository?: string | undefined; language: Language }

/**
 * What changed from one version to the next: recipe as a diff, sales, and the files of the
 * repository that it was made with.
 */
export function changesSection(from: Replaced, to: VersionMade, reader: Reader): string {
  const say = promotionTexts[reader.language]
  const diff = recipeDiff(from.recipe, to.recipe)
  const recipe = diff.length === 0 ? say.theSame : say.settingsChanged(settingsIn(diff))
  return [
    `### ${say.changedSince(from.manifest.version)}\n\n`,
    `- **${say.recipe}:** ${recipe}.\n`,
    originChanges(from.manifest, to.manifest, { data: from.data, ...reader }),
    diff.length > 0 && `\n\`\`\`diff\n${diff.join('\n')}\n\`\`\`\n`,
  ]
    .filter(Boolean)
    .join('')
}

/** The part of it that manifests tell, as a list. */
export function originChanges(
  from: Manifest,
  to: Manifest,
  { data, ...reader }: Reader & { data?: DataChange | undefined },
): string {
  const say = promotionTexts[reader.language]
  return [
    `- **${say.data}:** ${salesSentence(from, to, data, reader.language)}\n`,
    ...filesSentences(from, to, reader).map((line) => `- ${line}\n`),
  ].join('')
}

function settingsIn(diff: string[]): number {
  return new Set(diff.map((line) => line.slice(2, line.indexOf(':')))).size
}

function salesSentence(
  from: Manifest,
  to: Manifest,
  data: DataChange | undefined,
  language: Language,
): string {
  const say = promotionTexts[language]
  const before = dayFromIso(from.trainedThrough)
  const after = dayFromIso(to.trainedThrough)
  const days = before === undefined || after === undefined ? 0 : after - before
  const span = say.salesSpan({ before: from.trainedThrough, now: to.trainedThrough, days })
  const isSame = from.lineage.data.object === to.lineage.data.object
  const files = data ? say.lines(data) : say.otherFiles
  const plan = data?.plan ? `; ${say.plan(say.lines(data.plan))}` : ''
  return `${span}; ${isSame ? say.sameFiles : files}${plan}.`
}

/** The objects are compared, and not the commits: these differ whenever anything does. */
function filesSentences(from: Manifest, to: Manifest, { repository, language }: Reader): string[] {
  const say = promotionTexts[language]
  const [before, after] = [from.lineage.commit, to.lineage.commit]
  const commits = `${shortId(before)}...${shortId(after)}`
  const shown = repository ? link(commits, compareUrl(repository, before, after)) : commits
  const files = [
    [say.parts.code, from.lineage.code.object, to.lineage.code.object],
    [say.parts.packages, from.lineage.lockfile.object, to.lineage.lockfile.object],
    [say.parts.contract, from.lineage.contract.object, to.lineage.contract.object],
  ]
  return files.map(
    ([what, old, now]) => `**${what}:** ${old === now ? say.theSame : say.changed(shown)}.`,
  )
}
