import type { EventOf } from '../../ledger/events/event.ts'
import type { Answered, Engine, ForecastAnswered } from '../engine/engine.ts'
import { envelope, type Prepared, type Recording } from './prepared.ts'

/** A forecast with the event by which the ledger has it. */
export type RecordedForecast = ForecastAnswered & {
  id: string
  basis: EventOf<'cd4ml.forecast.v1'>['data']['basis']
}

/** Asks, and prepares an event for every answer. As many answers as questions, in their order. */
export async function prepareForecasts(
  engine: Engine,
  questions: readonly unknown[],
  by: Recording,
): Promise<Prepared<Answered<RecordedForecast>>> {
  const { basis, answers } = await engine.forecasts(questions)
  const events: EventOf<'cd4ml.forecast.v1'>[] = []
  const withIds = answers.map((answered): Answered<RecordedForecast> => {
    if (answered.outcome === 'refused') return answered
    const { answer } = answered
    // What the event does not keep: names change, and all of the model is in git.
    const {
      name: _name,
      category: _category,
      evaluatedUntil: _until,
      standsIn: _standsIn,
      ...data
    } = answer
    const event = {
      ...envelope(by, answer),
      type: 'cd4ml.forecast.v1' as const,
      data: { ...data, basis },
    }
    events.push(event)
    return { outcome: 'answered', answer: { ...answer, id: event.id, basis } }
  })
  return { events, answers: () => withIds }
}
