import { type Day, weekday } from '../../base/day.ts'
import { remembered } from '../../base/remembered.ts'
import { type Frequency, lastDay, periodOf } from '../../demand/calendar.ts'
import { buildPanel, endOf, type Panel, panelInSlices } from '../../demand/panel.ts'
import { planOn } from '../../demand/panel-plan.ts'
import { reportingFrequency } from '../../demand/reporting-frequency.ts'
import { fitContext } from '../../forecasting/model.ts'
import type { Candidate, Recipe } from '../../forecasting/recipe.ts'
import type { Plan } from '../../sales/plan/plan.ts'
import type { DailyTotals } from '../../sales/totals/daily-totals.ts'
import { type Computer, fitKey, panelDigest, thisComputer } from './fit-key.ts'
import { fitPool } from './fit-pool.ts'
import type { FitStore } from './fit-store.ts'
import {
  type FitResult,
  type FitTask,
  fitSeconds,
  fitTask,
  isFitOf,
  mostBytesOf,
} from './fit-task.ts'

/**
 * Sales as they were known on any day. Every panel is built from those entries of the totals that were
 * known on its day, so nothing later can leak into it; every panel, and every fit of a candidate, is
 * made once and shared.
 */
export type History = {
  /** The panel as on `day`; without one, and for later ones, as on the history's own last day. */
  panel(view: PanelView, day?: Day): Panel
  /** The newest panel, some of its series after the others. Made anew each time. */
  slices(view: PanelView): Iterable<Panel>
  /**
   * The days from one to another of some series, as known on the latter; undefined where the sales are
   * totals of longer periods. Made anew each time.
   */
  days(view: PanelView, from: Day, to: Day, only: ReadonlySet<string>): Panel | undefined
  /** A candidate fitted on what was known on the day. */
  fit(recipe: Recipe, candidate: Candidate, day: Day): Promise<FitResult>
  /** Whether the store has what `fit` would come to, so that nothing would be made. */
  isStored(recipe: Recipe, candidate: Candidate, day: Day): Promise<boolean>
  /** Announces work of about so many reference seconds, for `onProgress`. */
  expect(seconds: number): ExpectedWork
  /** How many fits were asked for so far. */
  readonly fits: number
  /**
   * Gives back what the threads that fit hold on to, and what can be built or read again: panels, and
   * fits that the store has. Whoever asks for them later gets the same.
   */
  rest(): Promise<void>
  /** Ends the threads that fit. */
  close(): Promise<void>
}

export type PanelView = { frequency: Frequency; censoring: boolean }

export type HistoryOptions = {
  /** The history ends on this day, inclusive; without one it is all that the totals hold. */
  asOf?: Day | undefined
  /** What was planned, and since when: every panel has what was known of it on its day. */
  plan?: Plan | undefined
  /** How many candidates are fitted at once, in threads of their own; with 1 in this one. */
  cores?: number
  /** Where fits are looked up and kept; without one, all are made anew. */
  store?: FitStore | undefined
  onProgress?: FitProgress
}

/** How much is done of the work that was announced so far, in reference seconds. */
export type FitProgress = (done: number, expected: number) => void

/** Work that is going on: what of it has been done, and that nothing more comes. */
export type ExpectedWork = { did(seconds: number): void; end(): void }

/** Equal for fits of one history that are the same. */
export function fitId(recipe: Recipe, candidate: Pick<Candidate, 'name'>, day: Day): string {
  const { frequency, censoring, horizon, holidays, seed } = recipe
  return JSON.stringify([frequency, censoring, horizon, holidays, seed, candidate.name, day])
}

/** The history of some sales. Where `cores` are more than one, it has threads until it is closed. */
export function openHistory(
  totals: DailyTotals,
  { asOf, plan, cores = 1, store, onProgress = () => {} }: HistoryOptions = {},
): History {
  const panels = new Map<string, Panel>()
  const fits = new Map<string, Promise<FitResult>>()
  const asked = new Set<string>()
  const threads = cores > 1 ? cores : 0
  const pool = fitPool(threads)

  const lastDayOf = (day = asOf) => (day === undefined ? undefined : Math.min(day, asOf ?? day))
  const keyOf = ({ frequency, censoring }: PanelView, day?: Day) =>
    JSON.stringify([frequency, censoring, lastDayOf(day)])

  const panel = (view: PanelView, day?: Day): Panel =>
    remembered(panels, keyOf(view, day), () => {
      const last = lastDayOf(day)
      return buildPanel(totals, {
        frequency: view.frequency,
        ignoreStock: !view.censoring,
        ...(last !== undefined && { asOf: last }),
        ...(plan && { plan: planOn(plan, planDay(view, day)) }),
      })
    })
  // Whoever forecasts from the newest period knows what was planned since it ended.
  const planDay = (view: PanelView, day: Day | undefined) =>
    day === undefined || day >= endOf(panel(view)) ? asOf : day

  const make = async (task: FitTask) => {
    const isShort = fitSeconds(task.panel, task.context, task.candidate) < LEAST_SECONDS
    return isShort ? fitTask(task) : await pool.run(task)
  }
  const stored = store && fitsIn(store)

  const taskOf = (recipe: Recipe, { family, settings }: Candidate, day: Day): FitTask => ({
    panelKey: keyOf(recipe, day),
    panel: panel(recipe, day),
    candidate: { family, settings },
    context: fitContext(recipe),
  })

  const fit = (recipe: Recipe, candidate: Candidate, day: Day) => {
    const id = fitId(recipe, candidate, day)
    asked.add(id)
    return remembered(fits, id, async () => {
      const task = taskOf(recipe, candidate, day)
      const known = await stored?.find(task)
      if (known) return known
      const made = await make(task)
      await stored?.keep(task, made)
      return made
    })
  }

  const isStored: History['isStored'] = async (recipe, candidate, day) =>
    (await stored?.find(taskOf(recipe, candidate, day))) !== undefined

  const slices: History['slices'] = ({ frequency, censoring }) =>
    panelInSlices(totals, {
      frequency,
      ignoreStock: !censoring,
      ...(asOf !== undefined && { asOf }),
    })

  const days: History['days'] = ({ censoring }, from, to, only) =>
    reportingFrequency(totals, to) === 'day'
      ? buildPanel(totals, {
          frequency: 'day',
          ignoreStock: !censoring,
          asOf: to,
          from,
          only,
        })
      : undefined

  return {
    panel,
    slices,
    days,
    fit,
    isStored,
    expect: workOf(onProgress),
    get fits() {
      return asked.size
    },
    async rest() {
      panels.clear()
      if (stored) fits.clear()
      await pool.rest()
    },
    close: pool.close,
  }
}

/** Adds up all work that is announced, and tells how much of it is done. */
function workOf(onProgress: FitProgress): History['expect'] {
  const seconds = { done: 0, expected: 0 }
  return (expected) => {
    let own = 0
    seconds.expected += expected
    return {
      did(done) {
        own += done
        seconds.done += done
        onProgress(seconds.done, Math.max(seconds.done, seconds.expected))
      },
      end() {
        seconds.expected += own - expected
      },
    }
  }
}

/**
 * Up to `wanted` origins whose horizons lie within the panel, ascending, as the last day known at
 * each. They are `step` periods apart, the last one a horizon before the panel's end; of days whose
 * step is whole weeks they end the weeks before that, so that they are the same all week, and what was
 * fitted at them is known tomorrow. Where the history is too short they are counted back from the
 * panel's end all the same, move closer together, and then become fewer.
 */
export function rollingOrigins(panel: Panel, horizon: number, wanted: number, step: number): Day[] {
  const last = panel.firstPeriod + panel.periods - 1 - horizon
  const first = panel.firstPeriod + shortestHistory(horizon) - 1
  const span = { first, last }
  const byWeek = step % 7 === 0 ? endingWeeks(panel, span, wanted, step) : undefined
  return byWeek ?? spreadBackwards(panel, span, wanted, step)
}

/**
 * Up to `wanted` origins after `since` of whose horizons at least one period is over, ascending. They
 * are as many periods apart as it takes to spread them over one horizon, the last one a period before
 * the panel's end; of days in whole weeks, and at the end of a week, as for `rollingOrigins`, where
 * there is room. Where less than that has passed since, they move closer together.
 */
export function originsSince(panel: Panel, since: Day, horizon: number, wanted: number): Day[] {
  const last = panel.firstPeriod + panel.periods - 2
  const first = Math.max(panel.firstPeriod, periodOf(panel.frequency, since) + 1)
  const span = { first, last }
  const step = Math.ceil(horizon / wanted)
  const byWeek = endingWeeks(panel, span, wanted, 7 * Math.ceil(step / 7))
  return byWeek ?? spreadBackwards(panel, span, wanted, step)
}

/** The first and the last period that may be an origin. */
type Span = { first: number; last: number }

/** Of days, `step` apart, the ends of weeks: all of them in the span, and with sales. */
function endingWeeks(panel: Panel, { first, last }: Span, wanted: number, step: number) {
  if (panel.frequency !== 'day') return undefined
  return CLOSING_DAYS.map((closing) =>
    countedBack(last - ((weekday(last) - closing + 7) % 7), wanted, step),
  ).find((days) => days[0] >= first && days.every((day) => hasSold(panel, day)))
}

function spreadBackwards(panel: Panel, { first, last }: Span, wanted: number, step: number): Day[] {
  const room = last - first
  if (room < 0) return []
  const apart = wanted > 1 ? Math.max(1, Math.min(step, Math.floor(room / (wanted - 1)))) : step
  const count = Math.min(wanted, Math.floor(room / apart) + 1)
  return countedBack(last, count, apart).map((period) => lastDay(panel.frequency, period))
}

function countedBack(last: number, count: number, apart: number): number[] {
  return Array.from({ length: count }, (_, k) => last - (count - 1 - k) * apart)
}

/** From Sunday to Monday: a chain that opens on few Sundays has weeks that end on Saturday. */
const CLOSING_DAYS = [6, 5, 4, 3, 2, 1, 0]

/** Whether anything was sold in a period: an origin before which nothing was is left out. */
function hasSold({ series, units, firstPeriod, periods }: Panel, period: number): boolean {
  return series.some((_, index) => units[index * periods + period - firstPeriod] > 0)
}

/**
 * The panels as they were known at these origins. An origin is left out where nothing had been sold
 * for a whole period, so that the panel known then ended before it.
 */
export function panelsAt(history: History, view: PanelView, origins: Day[]): Panel[] {
  return origins.flatMap((day) => {
    const panel = history.panel(view, day)
    return endOf(panel) === day ? [panel] : []
  })
}

/** What takes less than this, in reference seconds, is not worth the way to another thread. */
const LEAST_SECONDS = 0.02

/** The fits of a store by what they are to be fitted on, not by their keys. */
function fitsIn(store: FitStore) {
  let computer: Promise<Computer> | undefined
  const digests = new WeakMap<Panel, string>()
  const keyOf = async (task: FitTask) => {
    const digest = remembered(digests, task.panel, () => panelDigest(task.panel))
    computer ??= thisComputer()
    return fitKey(task, digest, await computer)
  }
  return {
    async find(task: FitTask): Promise<FitResult | undefined> {
      const known = await store.get(await keyOf(task), mostBytesOf(task))
      return known && isFitOf(task, known) ? known : undefined
    },
    async keep(task: FitTask, fit: FitResult): Promise<void> {
      await store.put(await keyOf(task), fit)
    },
  }
}

/** Periods that must be known before the first origin. */
export function shortestHistory(horizon: number): number {
  return Math.max(3, Math.min(horizon, 8))
}
