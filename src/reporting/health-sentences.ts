import type { Language } from '../base/language.ts'
import { coverageShift } from '../monitoring/health/accuracy.ts'
import type { Block } from '../monitoring/health/block.ts'
import type { HealthRecord } from '../monitoring/health/health-record.ts'
import { metricValue, threeDigits } from './format.ts'
import { comparingTexts } from './texts/comparing.ts'
import { healthTexts } from './texts/health.ts'
import { numbersIn } from './texts/numbers.ts'

/** In one sentence, plain text: how the model in production is. */
export function healthVerdict(
  { standing, production: { version } }: Pick<HealthRecord, 'standing' | 'production'>,
  language: Language,
): string {
  const say = healthTexts[language]
  return standing.outcome === 'judged'
    ? say.verdict(version, standing.counted)[standing.level]
    : say.cannotTell(version, standing.reason)
}

/** ✅, 👀, ❌, 🚨 or ❔: what stands before the verdict. */
export function healthMark({ standing }: Pick<HealthRecord, 'standing'>): string {
  if (standing.outcome === 'cannot tell') return '❔'
  return { 'as promised': '✅', watch: '👀', degraded: '❌', wreck: '🚨' }[standing.level]
}

/** What it rests on and what it could not know, a sentence each, the most telling first: plain text. */
export function healthReasons(record: HealthRecord, language: Language): string[] {
  const say = healthTexts[language]
  const { standing, blocks, ledger, sales } = record
  const level = standing.outcome === 'judged' ? standing.level : 'as promised'
  const reproduced = blocks.filter(({ forecasts }) => forecasts === 'reproduced').length
  const { unforecast = 0 } = blocks.at(-1) ?? {}
  const leftOut = ledger.leftOut.length + (ledger.moreLeftOut ?? 0)
  return [
    level !== 'as promised' && say.what[level],
    newestSentence(record, language),
    ...promiseSentences(record, language),
    coverageSentence(record, language),
    untoldSentence(blocks, language),
    reproduced > 0 && say.reproduced(reproduced),
    unforecast > 0 && say.unforecast(unforecast),
    leftOut > 0 && say.leftOut(leftOut),
    say.salesThrough(numbersIn[language].day(sales.through)),
  ].filter((sentence) => typeof sentence === 'string')
}

/** Why nothing can be told of a block; undefined where something can. */
export function untoldReason(block: Block, language: Language): string | undefined {
  if (block.outcome !== 'cannot tell') return undefined
  const say = healthTexts[language]
  const { reason, stores = [] } = block
  return reason === 'sales missing' && stores.length > 0
    ? say.salesMissing(comparingTexts[language].firstOf(stores))
    : say.untoldReasons[reason]
}

function newestSentence({ blocks, decidedBy }: HealthRecord, language: Language) {
  const last = blocks.findLast((block) => block.outcome !== 'cannot tell')
  if (!last) return undefined
  const { day } = numbersIn[language]
  const loss = (value: number) => metricValue(decidedBy, value, language)
  return healthTexts[language].newest({
    from: day(last.from),
    to: day(last.to),
    metric: comparingTexts[language].metricInSentence(decidedBy),
    model: loss(last.loss.model),
    naive: loss(last.loss.naive),
    than: comparingTexts[language].change(Math.expm1(last.logRatio)),
  })
}

function promiseSentences({ standing, blocks }: HealthRecord, language: Language): string[] {
  const last = blocks.findLast((block) => block.outcome === 'counted')
  if (standing.outcome !== 'judged' || !last) return []
  const say = healthTexts[language]
  const { promise, thresholds } = standing
  const shown = (value: number) => numbersIn[language].amount(threeDigits(value))
  return [
    say.promised(comparingTexts[language].change(Math.expm1(promise.mean)), promise.origins),
    say.evidence({
      e: shown(last.e),
      degraded: shown(thresholds.degraded),
      r: shown(last.r),
      watch: shown(thresholds.watch),
    }),
    ...(promise.priorWeight > 0 ? [say.fewOrigins(promise.origins)] : []),
  ]
}

function coverageSentence({ accuracy }: HealthRecord, language: Language): string | undefined {
  const shift = coverageShift(accuracy)
  if (!shift) return undefined
  const shown = (value: number) => metricValue('coverage80', value, language)
  return healthTexts[language].coverage(shown(shift.mean), shown(shift.promised))
}

function untoldSentence(blocks: readonly Block[], language: Language): string | undefined {
  const reasons = blocks.flatMap((block) => untoldReason(block, language) ?? [])
  if (reasons.length === 0) return undefined
  const different = [...new Set(reasons)].slice(0, MOST_REASONS).join('; ')
  return healthTexts[language].untold(reasons.length, blocks.length, different)
}

const MOST_REASONS = 5
