import type { Language } from '../../base/language.ts'
import type { DashboardData, VersionShown } from '../../monitoring/dashboard/dashboard-data.ts'
import type { HealthRecord } from '../../monitoring/health/health-record.ts'
import type { Manifest } from '../../registry/manifest.ts'
import { differenceText } from '../format.ts'
import { type Html, html, type Part } from '../html.ts'
import { htmlTable } from '../html-table.ts'
import { comparingTexts } from '../texts/comparing.ts'
import { numbersIn } from '../texts/numbers.ts'
import { siteTexts } from '../texts/site.ts'
import { levelBadge } from './level-badge.ts'
import type { SitePlace } from './site-place.ts'

/** What was in production, newest first, what each version changed, and what became of it. */
export function versionsPage({ versions, health }: DashboardData, { language }: SitePlace): Html {
  const say = siteTexts[language]
  if (versions.length === 0) return html`<p class="empty">${say.noVersions}</p>`
  const headers = [
    say.version,
    say.since,
    say.until,
    say.model,
    say.trainedThrough,
    say.changed,
    say.gain,
    say.course,
  ]
  return htmlTable(
    say.versionsTitle,
    headers.map((text) => ({ text })),
    versions.map((version, i) => rowOf(version, versions.slice(i + 1), health, language)),
  )
}

function rowOf(
  version: VersionShown,
  earlier: readonly VersionShown[],
  health: readonly HealthRecord[],
  language: Language,
): Part[] {
  const say = siteTexts[language]
  const { day } = numbersIn[language]
  const when = [
    inOneLine(day(version.since.slice(0, 10))),
    version.until === undefined ? say.now : inOneLine(day(version.until.slice(0, 10))),
  ]
  if (version.found === 'nothing') return ['–', ...when, say.nothingThere, '–', '–', '–', '–']
  if (version.found === 'unreadable') {
    return ['?', ...when, html`${say.unreadable}: ${version.problem}`, '–', '–', '–', '–']
  }
  const { manifest, model } = version
  return [
    `v${manifest.version}`,
    ...when,
    html`<bdi>${model}</bdi>`,
    inOneLine(day(manifest.trainedThrough)),
    changesOf(manifest, earlier, language),
    gainOf(version, language),
    courseOf(version, health, language),
  ]
}

function changesOf(manifest: Manifest, earlier: readonly VersionShown[], language: Language): Html {
  const say = siteTexts[language]
  const { restores, lineage } = manifest
  if (restores) return html`<bdi>${say.restores(String(restores.version), restores.reason)}</bdi>`
  const before = earlier.find((it) => it.found === 'version')
  if (before?.found !== 'version') return html`${say.first}`
  const parts = ['data', 'recipe', 'code', 'contract', 'policy', 'ordering', 'lockfile'] as const
  const changed = parts.filter(
    (part) => lineage[part]?.object !== before.manifest.lineage[part]?.object,
  )
  if (changed.length === 0) return html`${say.nothingElse}`
  return html`${changed.map((part) => say.changes[part]).join(', ')}`
}

function gainOf({ gain }: VersionShown, language: Language): string {
  if (gain === undefined) return '–'
  const { metric, difference, against } = gain
  const { metricLabels, reference } = comparingTexts[language]
  const told = `${metricLabels[metric]} ${differenceText(metric, difference, language)}`
  return siteTexts[language].gainAgainst(told, reference[against])
}

function courseOf(
  { since }: VersionShown,
  health: readonly HealthRecord[],
  language: Language,
): Part {
  const say = siteTexts[language]
  const record = health.findLast(({ production }) => production.since === since)
  if (record === undefined) return '–'
  const { standing } = record
  if (standing.outcome === 'cannot tell') return levelBadge('cannot tell', language)
  return html`${levelBadge(standing.level, language)} <small>${say.countedBlocks(standing.counted)}</small>`
}

function inOneLine(text: string): Html {
  return html`<span class="span">${text}</span>`
}
