import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { unlessMistaken } from '../../base/errors.ts'
import { type FitStore, fitStore } from '../../evaluation/search/fit-store.ts'
import { type FitProgress, type History, openHistory } from '../../evaluation/search/history.ts'
import type { Plan } from '../../sales/plan/plan.ts'
import { planOfPart } from '../../sales/plan/plan-of-part.ts'
import type { DailyTotals } from '../../sales/totals/daily-totals.ts'
import { releaseTotals } from '../../sales/totals/merged-totals.ts'
import { type PartedBy, seriesByPart, totalsOfSeries } from '../../sales/totals/parts.ts'
import type { ModelInputs, ValidInputs } from '../data/inputs.ts'
import type { OtherSales } from '../data/sales-in-parts.ts'

export type WithHistoryOptions = {
  /** Where fits are looked up and kept; without one, all are made anew, as a proof has to. */
  store?: FitStore
  onProgress?: FitProgress
}

/** Sales with the history of them. */
export type OpenedSales = { totals: DailyTotals; plan: Plan; history: History }

/** Opens the history of the sales for some work, on all cores, and closes it when that is over. */
export async function withHistory<T>(
  { totals, plan, asOf }: { totals: DailyTotals } & Pick<ModelInputs, 'plan' | 'asOf'>,
  work: (history: History) => Promise<T>,
  options: WithHistoryOptions = {},
): Promise<T> {
  const history = openHistory(totals, { asOf, plan, cores: availableParallelism(), ...options })
  try {
    return await work(history)
  } finally {
    await history.close()
  }
}

/** The sales that a model is made of, opened for as long as some work on them takes. */
export type Histories = {
  /** All sales; of a model in parts as much as they take together. */
  whole<T>(work: (opened: OpenedSales) => Promise<T>): Promise<T>
  /** One part of them, by its name. */
  part<T>(name: string, work: (opened: OpenedSales) => Promise<T>): Promise<T>
  /** Some parts of them together, as another model parts them. */
  partedBy<T>(partition: string, work: (others: OtherParts) => Promise<T>): Promise<T>
}

/** Sales in the parts of another model, whose periods are over when those of the chain are. */
export type OtherParts = {
  /** In the order of their bytes; the one without a name alone, where the sales know no such parts. */
  names: string[]
  /** What these of them sold. */
  open<T>(names: string[], work: (opened: OpenedSales) => Promise<T>): Promise<T>
}

/** Of sales that are opened already, all together. */
export function historiesOf(opened: OpenedSales): Histories {
  const inNoParts = () => Promise.reject(new Error('these sales are in no parts'))
  return { whole: (use) => use(opened), part: inNoParts, partedBy: inNoParts }
}

/**
 * Opens the sales for some work and closes them when that is over. All of them are opened once; of
 * those in parts one at a time, and its memory is given back before the next.
 */
export async function withHistories<T>(
  inputs: ValidInputs,
  work: (histories: Histories) => Promise<T>,
  { onProgress, ...options }: WithHistoryOptions = {},
): Promise<T> {
  const { plan, asOf, parts } = inputs
  if (!parts) {
    const { totals } = inputs
    const others: Histories['partedBy'] = async (partition, use) =>
      withOtherParts(inputs, partsOf(totals, await partedByIn(inputs, partition)), use, options)
    return await withHistory(
      inputs,
      (history) => work({ ...historiesOf({ totals, plan, history }), partedBy: others }),
      { ...options, ...(onProgress && { onProgress }) },
    )
  }
  let opened = 0
  const open = async <R>(
    totals: DailyTotals,
    plan: Plan,
    use: (opened: OpenedSales) => Promise<R>,
  ): Promise<R> => {
    const before = opened++
    const ofPart: FitProgress = (done, expected) =>
      onProgress?.(before + done / expected, Math.max(opened, parts.names.length))
    const used = await withHistory(
      { totals, plan, ...(asOf !== undefined && { asOf }) },
      (history) => use({ totals, plan, history }),
      { ...options, onProgress: ofPart },
    )
    releaseTotals(totals)
    return used
  }
  try {
    return await work({
      whole: async (use) => open(await parts.loadAll(), plan, use),
      part: async (name, use) => {
        const totals = await parts.load(name)
        return open(totals, planOfPart(plan, totals), use)
      },
      async partedBy(partition, use) {
        const others = await parts.repartitioned(await partedByIn(inputs, partition))
        const used = await withOtherParts(inputs, others, use, options)
        await others.close()
        return used
      },
    })
  } finally {
    await parts.close()
  }
}

/** A column that is gone says nothing of any series: they are all in the part without a name. */
async function partedByIn({ partedBy }: ValidInputs, partition: string): Promise<PartedBy> {
  return (await unlessMistaken(() => partedBy(partition))) ?? new Map<string, string>()
}

function partsOf(totals: DailyTotals, by: PartedBy): Pick<OtherSales, 'names' | 'load'> {
  const parts = seriesByPart(totals, by)
  return {
    names: [...parts.keys()],
    async load(names) {
      const series = names.flatMap((name) => parts.get(name) ?? [])
      return totalsOfSeries(
        totals,
        series.sort((a, b) => a - b),
      )
    },
  }
}

async function withOtherParts<T>(
  { plan, asOf }: ValidInputs,
  sales: Pick<OtherSales, 'names' | 'load'>,
  work: (others: OtherParts) => Promise<T>,
  options: WithHistoryOptions,
): Promise<T> {
  return await work({
    names: sales.names,
    async open(names, use) {
      const own = await sales.load(names)
      const opened = { totals: own, plan: planOfPart(plan, own) }
      const used = await withHistory(
        { ...opened, ...(asOf !== undefined && { asOf }) },
        (history) => use({ ...opened, history }),
        options,
      )
      releaseTotals(own)
      return used
    },
  })
}

/** The fits that the project's commands and actions hand on to each other. */
export function projectFits(project: string): FitStore {
  return fitStore(join(project, '.cd4ml', 'fits'))
}
