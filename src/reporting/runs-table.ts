import { counted, integer, shortened } from '../base/wording.ts'
import { metricNames } from '../evaluation/scoring/metrics.ts'
import type { LeftOut } from '../ledger/ledger.ts'
import type { RunRecord } from '../ledger/run-record.ts'
import { alignedColumns, terminalText } from './aligned-columns.ts'
import { metricValue, shortId } from './format.ts'
import { comparingTexts } from './texts/comparing.ts'

const { metricLabels } = comparingTexts.en

/** How a run is called by people: what tells it from others, which its id ends with. */
export function shortRunId(id: string): string {
  return id.slice(id.lastIndexOf('-') + 1)
}

/** Runs as plain text for a terminal, one a line in the order given, then the files not readable. */
export function runsTable(runs: RunRecord[], damaged: LeftOut[] = []): string {
  const shown = runs.slice(-MOST_RUNS)
  const left = runs.length - shown.length
  const older = left > 0 ? `${counted(left, 'older run')}, with --json.\n` : ''
  const list =
    runs.length === 0
      ? 'No runs yet: train and compare leave one each.\n'
      : alignedColumns({
          headers: ['Run', 'Started (UTC)', 'Name', 'Model', ...metricHeaders, 'Ended'],
          rows: shown.map((run) => [
            shortRunId(run.id),
            minute(run.startedAt),
            calledBy(run),
            shortened(run.model ?? '–', 50),
            metricValue('weightedQuantileLoss', run.metrics?.weightedQuantileLoss, 'en'),
            metricValue('wape', run.metrics?.wape, 'en'),
            ending(run),
          ]),
        })
  return list + older + damagedRuns(damaged)
}

/**
 * Two or more runs side by side, one a column; `*` marks the lines in which they differ. Those that
 * a line has no room for come below, beside the first, with which all are compared.
 */
export function runsComparison(runs: RunRecord[]): string {
  const [first, ...others] = runs
  const groups = others.length === 0 ? [[]] : inGroups(others, MOST_BESIDE)
  return groups.map((group) => sideBySide([first, ...group])).join('\n')
}

const MOST_RUNS = 30
/** With names of settings and the first run, four columns of 14 fit a terminal. */
const MOST_BESIDE = 3

function inGroups<T>(items: T[], size: number): T[][] {
  const groups = Array.from({ length: Math.ceil(items.length / size) })
  return groups.map((_, i) => items.slice(i * size, (i + 1) * size))
}

function sideBySide(runs: RunRecord[]): string {
  const fields: [string, (run: RunRecord) => string][] = [
    ['Name', (run) => shortened(run.name ?? '–', 30)],
    ['Kind', (run) => run.kind],
    ['Started (UTC)', (run) => minute(run.startedAt)],
    ['Seconds', (run) => integer(run.seconds)],
    ['As of', (run) => run.asOf ?? '–'],
    ['Branch', (run) => shortened(run.branch ?? '–', 30)],
    ['Commit', (run) => shortId(run.commit ?? '–')],
    ['Recipe', recipeOf],
    ['Data', (run) => shortId(run.data)],
    ...settingsOf(runs),
    ['Candidates searched', (run) => integer(run.searched.length)],
    ['Model', (run) => shortened(run.model ?? '–', 50)],
    ...metricNames.map((name): [string, (run: RunRecord) => string] => [
      metricLabels[name],
      (run) => metricValue(name, run.metrics?.[name], 'en'),
    ]),
    ['Ended', ending],
  ]
  return alignedColumns({
    headers: ['', 'Run', ...runs.map(({ id }) => shortRunId(id))],
    rows: fields.map(([label, value]) => {
      const values = runs.map(value)
      return [new Set(values).size > 1 ? '*' : '', label, ...values]
    }),
  })
}

/** Its name, and otherwise the branch that it was tried on. */
function calledBy({ name, branch }: RunRecord): string {
  if (name !== undefined) return shortened(name, 30)
  return shortened(branch ?? '–', 30)
}

/** Its digest, and whether nobody else has what was tried. */
function recipeOf({ recipe, committed }: RunRecord): string {
  return committed === false ? `${shortId(recipe)} (not committed)` : shortId(recipe)
}

/** What the recipes say, one line a setting. */
function settingsOf(runs: RunRecord[]): [string, (run: RunRecord) => string][] {
  const keys = new Set(runs.flatMap(({ settings = {} }) => Object.keys(settings)))
  return [...keys].map((key) => [
    shortened(key, 60),
    ({ settings = {} }) => shortened(settings[key] ?? '–', 60),
  ])
}

const metricHeaders = [metricLabels.weightedQuantileLoss, metricLabels.wape]

function minute(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ')
}

function ending({ kind, verdict, exitCode }: RunRecord): string {
  if (verdict) return verdict
  if (kind === 'train' && exitCode === 0) return 'trained'
  const words = ['done', 'refused', "user's mistake", 'bug']
  return words[exitCode] ?? `exit code ${exitCode}`
}

function damagedRuns(damaged: LeftOut[]): string {
  if (damaged.length === 0) return ''
  const lines = damaged.map(
    ({ file, problem }) => `  ${terminalText(file, 200)}: ${terminalText(problem, 200)}\n`,
  )
  return `\n${counted(damaged.length, 'file')} left out, not readable as a run:\n${lines.join('')}`
}
