import type { Day } from '../../base/day.ts'
import type { Language } from '../../base/language.ts'
import { dashboardSite } from '../../reporting/site/site.ts'
import { inputsIn } from '../../steps/data/inputs.ts'
import { gatherDashboard } from '../../steps/monitoring/gather-dashboard.ts'

/** What a thread is asked: first to gather what the dashboard shows, then for its files. */
export type DashboardTask =
  | { ask: 'gather'; project: string; today: Day; at: string; usual: Language }
  | { ask: 'file'; path: string }

export type DashboardResult = { told: 'gathered' } | { told: 'file'; text: string | undefined }

/** Gathers once, and makes files of that from then on. */
export function dashboardWork(): (task: DashboardTask) => Promise<DashboardResult> {
  let site: ReadonlyMap<string, () => string> = new Map()
  return async (task) => {
    if (task.ask === 'file') return { told: 'file', text: site.get(task.path)?.() }
    const { project, today, at, usual } = task
    const data = await gatherDashboard({ options: inputsIn(project, today, { data: 'data' }), at })
    site = dashboardSite(data, { usual, home: '/' })
    return { told: 'gathered' }
  }
}
