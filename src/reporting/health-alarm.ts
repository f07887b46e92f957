import type { Language } from '../base/language.ts'
import {
  type HealthEnd,
  lastCounted,
  type Reached,
  reachedLevel,
} from '../monitoring/health/alarm.ts'
import type { HealthRecord } from '../monitoring/health/health-record.ts'
import { driftExplanation } from './circumstances.ts'
import { rollbackCommand } from './commands.ts'
import { metricValue } from './format.ts'
import { fileUrl, workflowUrl } from './links.ts'
import { inlineText, link, table } from './markdown.ts'
import type { RequestText } from './pull-request.ts'
import { comparingTexts } from './texts/comparing.ts'
import { healthAlarmTexts } from './texts/health-alarm.ts'
import { numbersIn } from './texts/numbers.ts'
import { promotionTexts } from './texts/promotion.ts'

type Reader = {
  /** Page of the repository. */
  repository: string
  language: Language
}

/**
 * The issue that says that production does less than it promised. It says the same until something is
 * new: who only reads it again does not change it.
 */
export function healthIssue(
  record: HealthRecord,
  { goBackTo, ...reader }: Reader & { goBackTo: number | undefined },
): RequestText {
  const { repository, language } = reader
  const say = healthAlarmTexts[language]
  const reached = reachedLevel(record)
  const { version } = record.production
  const wayBack = wayBackSection(goBackTo, reader)
  const retrain = link('retrain', workflowUrl(repository, 'retrain.yml'))
  const monitor = link('monitor', workflowUrl(repository, 'monitor.yml'))
  const isWreck = reached.level === 'wreck'
  const body = [
    versionMark(version),
    `${isWreck ? '🚨' : '❌'} **${say.found(version)[reached.level]}**\n`,
    isWreck && wayBack,
    evidenceTable(record, reached, language),
    driftSection(record, language),
    `### ${say.whatYouCanDo}\n\n${say.look(monitor)}\n`,
    `### ${say.byItself}\n\n${say.retrains(retrain)} ${say.protects}\n`,
    !isWreck && wayBack,
    `${say.closes}\n`,
  ]
  return { title: say.title[reached.level], body: body.filter(Boolean).join('\n') }
}

/** The version that an issue of `healthIssue` is about; undefined where somebody has taken it out. */
export function versionOfIssue(body: string): number | undefined {
  const [, version] = /^<!-- version (\d{1,9}) -->\r?$/m.exec(body) ?? []
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
  const say = healthAlarmTexts[language]
  const reached = reachedLevel(record)
  const monitor =
    repository === undefined ? 'monitor' : link('monitor', workflowUrl(repository, 'monitor.yml'))
  const found = say.found(record.production.version)[reached.level]
  return [
    `### ${say.whyNow}\n`,
    `**${found}** ${say.asked(monitor)}\n`,
    evidenceTable(record, reached, language),
    driftSection(record, language),
  ]
    .filter(Boolean)
    .join('\n')
}

/** How to bring the version back that was in production before. */
function wayBackSection(version: number | undefined, { repository, language }: Reader): string {
  const say = healthAlarmTexts[language]
  if (version === undefined) return `### ${say.wayBack}\n\n${say.noEarlier}\n`
  const rollback = link('rollback', workflowUrl(repository, 'rollback.yml'))
  const command = rollbackCommand(version, promotionTexts[language].whatWentWrong)
  return `### ${say.wayBack}\n\n${say.rollBack(rollback, version)}\n\n${command}`
}

function evidenceTable(record: HealthRecord, reached: Reached, language: Language): string {
  const { headers, rows: say, span } = healthAlarmTexts[language]
  const { day, integer, amount } = numbersIn[language]
  const { production, sales, standing, decidedBy } = record
  const last = lastCounted(record)
  const shown = (value: number) => amount(Number(value.toPrecision(3)))
  const loss = (value: number) => metricValue(decidedBy, value, language)
  const days = (block: { from: string; to: string }) =>
    span({ from: day(block.from), to: day(block.to) })
  const rows = [
    [say.inProductionSince, day(production.since.slice(0, 10))],
    ...('since' in reached && reached.since ? [[say.since, days(reached.since)]] : []),
    ...(last
      ? [
          [
            say.lastBlock(comparingTexts[language].metricLabels[decidedBy]),
            say.loss(loss(last.loss.model), loss(last.loss.naive)),
          ],
        ]
      : []),
    ...(last && standing.outcome === 'judged'
      ? [
          [say.degraded(shown(standing.thresholds.degraded)), shown(last.e)],
          [say.watch(shown(standing.thresholds.watch)), shown(last.r)],
          [say.counted, integer(standing.counted)],
        ]
      : []),
    [say.forecastsFrom, day(sales.through)],
  ]
  return table(headers, rows)
}

/** What is different in the sales and may explain it, where anything is. */
function driftSection(record: HealthRecord, language: Language): string | undefined {
  const [about, ...signs] = driftExplanation(record, language)
  if (about === undefined) return undefined
  const list = signs.map((sign) => `- ${inlineText(sign)}\n`).join('')
  return `### ${healthAlarmTexts[language].different}\n\n${inlineText(about)}\n\n${list}`
}

function versionMark(version: number): string {
  return `<!-- version ${version} -->`
}
