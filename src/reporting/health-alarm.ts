import type { Language } from '../base/language.ts'
import { type HealthEnd, lastCounted, reachedLevel } from '../monitoring/health/alarm.ts'
import type { HealthRecord } from '../monitoring/health/health-record.ts'
import { driftExplanation } from './circumstances.ts'
import { historyCommand, rollbackCommand } from './commands.ts'
import { healthMark, healthReasons, healthVerdict } from './health-sentences.ts'
import { fileUrl, workflowUrl } from './links.ts'
import { inlineText, link } from './markdown.ts'
import type { RequestText } from './request-text.ts'
import { healthAlarmTexts } from './texts/health-alarm.ts'
import { numbersIn } from './texts/numbers.ts'
import { promotionTexts } from './texts/promotion.ts'

type Reader = {
  /** Page of the repository. */
  repository: string
  language: Language
}

/** What the version in production has replaced, and which one it brings back. */
type Origin = { replaced: number | undefined; restores: number | undefined }

/**
 * The issue that says that production does less than it promised. `news` is the line of it that is
 * another one after each new block.
 */
export function healthIssue(
  record: HealthRecord,
  { replaced, restores, ...reader }: Reader & Origin,
): RequestText & { news: string } {
  const { repository, language } = reader
  const say = healthAlarmTexts[language]
  const wayBack = wayBackSection({ replaced, restores }, reader)
  const retrain = link('retrain', workflowUrl(repository, 'retrain.yml'))
  // Most looks are a part of its runs.
  const forecast = link('forecast', workflowUrl(repository, 'forecast.yml'))
  const news = newsOf(record)
  const isWreck = reachedLevel(record).level === 'wreck'
  const body = [
    news,
    verdictPart(record, language),
    isWreck && wayBack,
    `${say.look(forecast)}\n`,
    `### ${say.byItself}\n\n${say.retrains(retrain)} ${say.protects} ${say.closes}\n`,
    !isWreck && wayBack,
  ]
  const title = isWreck ? say.titles.wreck : say.titles.degraded
  return { title, body: body.filter(Boolean).join('\n'), news }
}

/** The version that an issue of `healthIssue` is about; undefined where somebody has taken it out. */
export function versionOfIssue(body: string): number | undefined {
  const [, version] = /^<!-- version (\d{1,9})\b[^\n]*-->\r?$/m.exec(body) ?? []
  return version === undefined ? undefined : Number(version)
}

/** The comment with which the issue is closed. */
export function healthEndText(
  { production, sales }: HealthRecord,
  end: HealthEnd,
  { repository, language }: Reader,
): string {
  const say = healthAlarmTexts[language]
  const { day } = numbersIn[language]
  const { version } = production
  if (end.because === 'other figures') {
    const record = link(end.id, fileUrl(repository, 'ledger', `health/${end.id}.json`))
    return `✅ ${say.notAnyMore(version, day(sales.through), record)}\n`
  }
  const since = day(production.since.slice(0, 10))
  const now =
    end.restores === undefined
      ? say.otherVersion(version, since)
      : say.rolledBack(version, end.restores, since)
  return `✅ ${now} ${say.beginsAgain}\n`
}

/** What stands in a pull request of the retraining that a health record has asked for. */
export function whyNowSection(
  record: HealthRecord,
  { repository, language }: { repository: string | undefined; language: Language },
): string {
  const { whyNow, asked } = healthAlarmTexts[language]
  const monitor =
    repository === undefined ? 'monitor' : link('monitor', workflowUrl(repository, 'monitor.yml'))
  return `### ${whyNow}\n\n${asked(monitor)}\n\n${verdictPart(record, language)}`
}

/**
 * How to bring the version back that was in production before: after a rollback that is the one that
 * was taken out, and people choose.
 */
function wayBackSection({ replaced, restores }: Origin, { repository, language }: Reader): string {
  const say = healthAlarmTexts[language]
  const section = (text: string) => `### ${say.wayBack}\n\n${text}`
  if (replaced === undefined) return section(`${say.noEarlier}\n`)
  const rollback = link('rollback', workflowUrl(repository, 'rollback.yml'))
  if (restores !== undefined) {
    return section(`${say.choose(rollback, restores, replaced)}\n\n${historyCommand()}`)
  }
  const command = rollbackCommand(replaced, promotionTexts[language].whatWentWrong)
  return section(`${say.rollBack(rollback, replaced)}\n\n${command}`)
}

/** How it is, since when, and what that rests on. */
function verdictPart(record: HealthRecord, language: Language): string {
  const { since, sinceBlock } = healthAlarmTexts[language]
  const { day } = numbersIn[language]
  const reached = reachedLevel(record)
  const when = [
    since(day(record.production.since.slice(0, 10))),
    ...('since' in reached && reached.since
      ? [sinceBlock(day(reached.since.from), day(reached.since.to))]
      : []),
  ]
  const reasons = healthReasons(record, language).map(inlineText)
  return [
    `${healthMark(record)} **${inlineText(healthVerdict(record, language))}** ${when.join(' ')}\n`,
    reasons.map((reason) => `- ${reason}\n`).join(''),
    driftSection(record, language),
  ]
    .filter(Boolean)
    .join('\n')
}

/** What is different in the sales and may explain it, where anything is. */
function driftSection(record: HealthRecord, language: Language): string | undefined {
  const [about, ...signs] = driftExplanation(record, language)
  if (about === undefined) return undefined
  const list = signs.map((sign) => `- ${inlineText(sign)}\n`).join('')
  return `### ${healthAlarmTexts[language].different}\n\n${inlineText(about)}\n\n${list}`
}

/** What GitHub does not show: what the issue is about, and after which block it was told last. */
function newsOf(record: HealthRecord): string {
  const { level } = reachedLevel(record)
  return `<!-- version ${record.production.version}, ${level}, ${lastCounted(record)?.to} -->`
}
