import type { Language } from '../base/language.ts'
import { driftSigns } from '../monitoring/drift/drift-signs.ts'
import type { HealthRecord } from '../monitoring/health/health-record.ts'
import { circumstancesTexts } from './texts/circumstances.ts'

/**
 * What a health record says of the circumstances, as whole sentences by what they are about. Names and
 * problems in them come from outside: whoever shows them escapes them.
 */
export function circumstances(
  health: HealthRecord,
  language: Language,
): Record<'drift' | 'supply' | 'ages' | 'runs' | 'sales', string[]> {
  return {
    drift: driftSentences(health, language),
    supply: supplySentences(health, language),
    ages: ageSentences(health, language),
    runs: runSentences(health, language),
    sales: salesSentences(health, language),
  }
}

/**
 * What has been compared in the sales, and then what is different by more than chance explains: what may
 * explain a loss. Empty where nothing is, or it cannot be told. The same escaping is owed.
 */
export function driftExplanation(
  { drift }: Pick<HealthRecord, 'drift'>,
  language: Language,
): string[] {
  const texts = circumstancesTexts[language].drift
  if (drift.outcome !== 'compared') return []
  const signs = driftSigns(drift).map(texts.sign)
  return signs.length > 0 ? [texts.compared(drift), ...signs] : []
}

function driftSentences({ drift }: HealthRecord, language: Language): string[] {
  const texts = circumstancesTexts[language].drift
  if (drift.outcome === 'cannot tell') {
    return [drift.reason === 'the history is too short' ? texts.tooShort : texts.nothingSold]
  }
  const signs = driftSigns(drift).map(texts.sign)
  return [
    texts.compared(drift),
    ...(signs.length > 0 ? [...signs, texts.explains] : [texts.nothing]),
  ]
}

function supplySentences({ supply }: HealthRecord, language: Language): string[] {
  const texts = circumstancesTexts[language].supply
  if (supply.outcome === 'cannot tell') return [texts.nothingOver]
  const { stockOuts, waste } = supply
  return [
    stockOuts.outcome === 'cannot tell'
      ? texts.stockUnknown
      : stockOuts.series > 0
        ? texts.stockOuts(stockOuts)
        : texts.noStockOuts,
    waste.outcome === 'cannot tell'
      ? texts.wasteUnknown
      : waste.units > 0
        ? texts.waste(waste)
        : texts.noWaste,
  ]
}

function ageSentences({ ages }: HealthRecord, language: Language): string[] {
  const texts = circumstancesTexts[language].ages
  return [texts.model(ages.model), texts.sales(ages.sales)]
}

function runSentences({ runs }: HealthRecord, language: Language): string[] {
  const texts = circumstancesTexts[language].runs
  const { forecasts, retraining } = runs
  return [
    ...(forecasts.absent > 0 ? [texts.absent(forecasts)] : []),
    ...(forecasts.kept > 0 ? [texts.kept(forecasts)] : []),
    ...(forecasts.last?.problem === undefined ? [] : [texts.lastKept(forecasts.last.problem)]),
    // 0 and 1 are answers: promoted, or a gate that said no.
    ...(retraining && retraining.exitCode > 1
      ? [texts.retrainingFailed(retraining.at.slice(0, 10))]
      : []),
  ]
}

function salesSentences(
  { revised, reports, ledger: { checked } }: HealthRecord,
  language: Language,
): string[] {
  const texts = circumstancesTexts[language].actuals
  const told = revised.flatMap(({ from, before, now }) =>
    before === undefined || now === undefined ? [] : [{ from, before, now }],
  )
  const [largest] = told.sort((a, b) => changeOf(b) - changeOf(a))
  const { forecasts, decisions, reports: unknown } = reports.orphaned
  return [
    ...(revised.length > 0 ? [texts.revised(revised.length, largest)] : []),
    ...(forecasts + decisions + unknown > 0 ? [texts.orphaned(reports.orphaned)] : []),
    ...(reports.ahead.reports > 0 ? [texts.ahead(reports.ahead)] : []),
    ...(reports.known.otherwise > 0 ? [texts.otherwise(reports.known)] : []),
    ...(reports.late > 0 ? [texts.late(reports.late)] : []),
    ...(checked ? [texts.checked(checked)] : []),
  ]
}

function changeOf({ before, now }: { before: number; now: number }): number {
  return Math.abs(now - before)
}
