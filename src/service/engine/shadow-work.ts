import { UserError } from '../../base/errors.ts'
import { modelFrom } from '../../forecasting/model-file.ts'
import { inputsIn } from '../../steps/data/inputs.ts'
import { openForecasts } from '../../steps/forecasts/open-forecasts.ts'
import type { Answered, ForecastAnswered } from './engine.ts'
import { forecastsBy, type ProductionPlace } from './load-production.ts'

/** What the thread of a shadow is asked: first to load, then of many lists of questions at once. */
export type ShadowAsked =
  | { ask: 'load'; place: ProductionPlace; bytes: Uint8Array }
  | { ask: 'forecasts'; lists: (readonly unknown[])[] }

export type ShadowTold =
  | { told: 'loaded' }
  | { told: 'forecasts'; lists: Answered<ForecastAnswered>[][] }

/** Loads one model with the sales of production, and answers by it from then on. */
export function shadowWork(): (asked: ShadowAsked) => Promise<ShadowTold> {
  let forecasts: ReturnType<typeof forecastsBy> | undefined
  return async (asked) => {
    if (asked.ask === 'load') {
      forecasts = await loadShadow(asked.place, asked.bytes)
      return { told: 'loaded' }
    }
    const by = forecasts
    if (!by) throw new Error('a shadow was asked before it had loaded anything')
    return { told: 'forecasts', lists: asked.lists.map((questions) => by(questions)) }
  }
}

async function loadShadow({ project, today }: ProductionPlace, bytes: Uint8Array) {
  const model = modelFrom(bytes, 'model.json')
  const opened = await openForecasts(
    { kind: 'whole', model },
    inputsIn(project, today, { data: 'data' }),
  )
  if (opened.outcome === 'invalid') throw new UserError('the sales cannot be used')
  return forecastsBy(opened.forecaster)
}
