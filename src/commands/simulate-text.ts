import { counted, percent } from '../base/wording.ts'
import type { SimulatedShift, SimulatedWeek } from '../steps/simulation/live-on.ts'

/** The head of the timeline, which grows line by line. */
export function timelineHead(): string {
  return lineOf(['Week', 'Through', 'Version', 'Level', 'Loss', 'E', 'R', 'What happened'])
}

/** What a week came to: loss as a share of that of seasonal naive. */
export function weekLine(seen: SimulatedWeek, shifts: readonly SimulatedShift[]): string {
  const { week, through, health } = seen
  const { standing, production } = health
  const block = health.blocks.findLast((one) => one.to === through)
  const told = block?.outcome === 'counted' ? block : undefined
  return lineOf([
    String(week),
    through,
    String(production.version),
    standing.outcome === 'judged' ? standing.level : standing.outcome,
    told ? percent(Math.exp(told.logRatio)) : '–',
    told ? told.e.toFixed(1) : '–',
    told ? told.r.toFixed(1) : '–',
    [...shifted(week, shifts), ...done(seen)].join('; '),
  ])
}

/** What it came to in the end, and where it can be looked at. */
export function closingText(weeks: readonly SimulatedWeek[], folder: string): string {
  const last = weeks[weeks.length - 1]
  const promoted = weeks.filter(({ retrained }) => retrained?.outcome === 'promoted').length
  const retrained = weeks.filter((week) => week.retrained !== undefined).length
  const made = weeks.reduce((sum, { decisions }) => sum + decisions.made, 0)
  const changed = weeks.reduce((sum, { decisions }) => sum + decisions.changed, 0)
  const met = 1 - last.supplied.lost / last.supplied.wanted
  return [
    '',
    `${counted(weeks.length, 'week')}: ${counted(retrained, 'retraining')}, ${counted(promoted, 'promotion')}. ${counted(made, 'order')} decided on, ${changed} of them changed; ${percent(met)} of the demand was met.`,
    '',
    `Loss is that of the model in production as a share of seasonal naive's. Look at it where it lives:`,
    '',
    `  cd ${folder}`,
    '  npx cd4ml dashboard                # then open .cd4ml/dashboard/index.html',
    '  npx cd4ml ledger --ledger branch   # what was advised, decided and sold',
    '  npx cd4ml history                  # what was in production, and when',
    '  git log --oneline ledger           # everything that was recorded',
  ].join('\n')
}

function shifted(week: number, shifts: readonly SimulatedShift[]): string[] {
  return shifts.flatMap((shift) => (shift.week === week ? [shiftText(shift)] : []))
}

/** What has become of demand, as a short sentence. */
function shiftText({ kind, share }: SimulatedShift): string {
  const size = percent(Math.abs(share))
  if (kind === 'restless') return `demand begins to go up or down by ${size} from week to week`
  const direction = share < 0 ? 'less' : 'more'
  return kind === 'level'
    ? `demand is ${size} ${direction} from here on`
    : `demand begins to be ${size} ${direction} every week`
}

/** What GitHub would show: the issue, the retraining, its pull request. */
function done({ health, issue, retrained, shadow }: SimulatedWeek): string[] {
  return [
    ...(issue === 'opened' ? ['issue opened'] : []),
    ...(issue === 'closed' ? [`issue closed by version ${health.production.version}`] : []),
    ...(issue === 'withdrawn' ? ['issue closed by revised sales'] : []),
    ...(retrained === undefined ? [] : [retrainedText(retrained)]),
    ...(shadow ? [`${shadow.name} begins to forecast beside it`] : []),
  ]
}

function retrainedText(retrained: NonNullable<SimulatedWeek['retrained']>): string {
  const { verdict } = retrained.evaluation.decision
  return retrained.outcome === 'promoted'
    ? `retrained: ${verdict}, pull request of version ${retrained.version} merged`
    : `retrained: ${verdict}, production stays`
}

const WIDTHS = [-4, 10, -7, 12, -5, -7, -9]

/** Numbers to the right. */
function lineOf(cells: readonly string[]): string {
  return cells
    .map((cell, column) => {
      const width = WIDTHS[column] ?? 0
      return width < 0 ? cell.padStart(-width) : cell.padEnd(width)
    })
    .join('  ')
    .trimEnd()
}
