import { UserError } from '../../base/errors.ts'
import { artifactOfFiles } from '../../registry/model-parts.ts'
import { inputsIn } from '../../steps/data/inputs.ts'
import type { KeptShadow } from '../../steps/forecasts/find-shadow.ts'
import { openForecasts } from '../../steps/forecasts/open-forecasts.ts'
import type { Answered, ForecastAnswered } from './engine.ts'
import { forecastsBy, type ProductionPlace } from './load-production.ts'

/** What the thread of a shadow is asked: first to load, then of many lists of questions at once. */
export type ShadowAsked =
  | { ask: 'load'; place: ProductionPlace; files: KeptShadow['files'] }
  | { ask: 'forecasts'; lists: (readonly unknown[])[] }

export type ShadowTold =
  | { told: 'loaded' }
  | { told: 'forecasts'; lists: Answered<ForecastAnswered>[][] }

/** Loads one model with the sales of production, and answers by it from then on. */
export function shadowWork(): (asked: ShadowAsked) => Promise<ShadowTold> {
  let forecasts: ReturnType<typeof forecastsBy> | undefined
  return async (asked) => {
    if (asked.ask === 'load') {
      forecasts = await loadShadow(asked.place, asked.files)
      return { told: 'loaded' }
    }
    const by = forecasts
    if (!by) throw new Error('a shadow was asked before it had loaded anything')
    return { told: 'forecasts', lists: asked.lists.map((questions) => by(questions)) }
  }
}

async function loadShadow({ project, today }: ProductionPlace, files: KeptShadow['files']) {
  const opened = await openForecasts(
    artifactOfFiles(files.get('model.json')!, files),
    inputsIn(project, today, { data: 'data' }),
  )
  if (opened.outcome === 'invalid') throw new UserError('the sales cannot be used')
  return forecastsBy(opened.forecaster)
}
