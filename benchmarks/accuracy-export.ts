import { join } from 'node:path'
import { isoFromDay } from '../src/base/day.ts'
import { writeWhole } from '../src/base/write-file.ts'
import { firstDay, season } from '../src/demand/calendar.ts'
import { uncensoredUnitsOf } from '../src/demand/demand-estimate.ts'
import type { Panel } from '../src/demand/panel.ts'
import { openHistory } from '../src/evaluation/search/history.ts'
import { mainKinds, planColumns } from '../src/forecasting/features/plan-columns.ts'
import { seriesId } from '../src/sales/totals/daily-totals.ts'
import type { Dataset } from './dataset.ts'

/**
 * Writes what `accuracy-peers.py` reads: `NAME.csv`, one row a series and period since its first
 * offer (`unique_id`, `ds` the first day of the period, `y`, `category`, `scored`), and `NAME.json`
 * with what is asked. `y` is what could have been sold, on which everybody is scored, so that the peers
 * need not know of stock-outs; where that is not known, `scored` is 0 and `y` what was sold. Where
 * something is planned, `NAME-plan.csv` as well: what is planned of a series for a period that is so
 * many `ahead` of `ds`, as it was known then, where that is anything.
 */
export async function exportPanel(folder: string, dataset: Dataset): Promise<void> {
  const { name, totals, plan, recipe, origins } = dataset
  const { frequency, horizon } = recipe
  const panel = openHistory(totals, { plan }).panel({ frequency, censoring: true })
  const lines = ['unique_id,ds,y,category,scored\n']
  for (let cell = 0; cell < panel.units.length; cell++) {
    if (Number.isNaN(panel.units[cell])) continue
    const series = panel.series[Math.floor(cell / panel.periods)]
    const day = firstDay(frequency, panel.firstPeriod + (cell % panel.periods))
    const demand = uncensoredUnitsOf(panel, cell)
    const [y, scored] = Number.isNaN(demand) ? [panel.units[cell], 0] : [demand, 1]
    lines.push(
      `${quoted(seriesId(series))},${isoFromDay(day)},${y},${quoted(series.category ?? '')},${scored}\n`,
    )
  }
  await writeWhole(join(folder, `${name}.csv`), lines.join(''))
  if (plan) await writeWhole(join(folder, `${name}-plan.csv`), plannedAhead(panel, horizon))
  const asked = { frequency, season: season(frequency), horizon, origins }
  await writeWhole(join(folder, `${name}.json`), `${JSON.stringify(asked)}\n`)
}

function plannedAhead(panel: Panel, horizon: number): string {
  const { series, periods, frequency, firstPeriod } = panel
  const columns = planColumns(panel, mainKinds(panel))
  const row = new Float64Array(columns.names.length)
  const lines = [`unique_id,ds,ahead,${columns.names.map(quoted).join(',')}\n`]
  for (const [index, one] of series.entries()) {
    const plan = columns.ofSeries(index)
    for (let period = 0; plan && period < periods; period++) {
      const day = isoFromDay(firstDay(frequency, firstPeriod + period))
      for (let ahead = 0; ahead <= horizon && period + ahead < periods; ahead++) {
        plan.write(row, period, period + ahead)
        if (row.some((value) => value !== 0)) {
          lines.push(`${quoted(seriesId(one))},${day},${ahead},${row.join(',')}\n`)
        }
      }
    }
  }
  return lines.join('')
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
