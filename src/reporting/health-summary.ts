import type { Language } from '../base/language.ts'
import { metricNames } from '../evaluation/scoring/metrics.ts'
import { type Accuracy, worstFirst } from '../monitoring/health/accuracy.ts'
import type { Block } from '../monitoring/health/block.ts'
import type { HealthRecord } from '../monitoring/health/health-record.ts'
import { alignedColumns, terminalText } from './aligned-columns.ts'
import { circumstances } from './circumstances.ts'
import { markdownTable, type Table } from './evaluation-table.ts'
import { metricValue, threeDigits } from './format.ts'
import { healthMark, healthReasons, healthVerdict, untoldReason } from './health-sentences.ts'
import { inlineText } from './markdown.ts'
import { shadowSentences } from './shadow-sentences.ts'
import { comparingTexts } from './texts/comparing.ts'
import { healthTexts } from './texts/health.ts'
import { numbersIn } from './texts/numbers.ts'
import { shadowTexts } from './texts/shadow.ts'
import { valueAddedTexts } from './texts/value-added.ts'
import { overridesTable, stepsTable, valueAddedSentences } from './value-added.ts'

/** The summary of a run, in Markdown: the verdict first, then what a person looks at. */
export function healthMarkdown(record: HealthRecord, language: Language): string {
  const say = healthTexts[language]
  const reasons = healthReasons(record, language).map((it) => `- ${inlineText(it)}\n`)
  return [
    `## ${say.title}\n`,
    `${healthMark(record)} **${inlineText(healthVerdict(record, language))}**\n`,
    reasons.join(''),
    ...sections(record, language).map(({ title, about, table, note, sentences = [] }) =>
      [
        `### ${title}\n`,
        about && `${inlineText(about)}\n`,
        table && markdownTable(table),
        note && `${inlineText(note)}\n`,
        sentences.map((it) => `- ${inlineText(it)}\n`).join(''),
      ]
        .filter(Boolean)
        .join('\n'),
    ),
  ].join('\n')
}

/** The same for a terminal. */
export function healthText(record: HealthRecord, language: Language): string {
  const reasons = healthReasons(record, language).map((it) => `${terminalText(it, 1000)}\n`)
  return [
    `${terminalText(healthVerdict(record, language), 1000)}\n`,
    reasons.join(''),
    ...sections(record, language).map(({ title, table, note, sentences = [] }) =>
      [
        `${title}\n`,
        table && alignedColumns(table),
        ...[...(note ? [note] : []), ...sentences].map((it) => `${terminalText(it, 2000)}\n`),
      ]
        .filter(Boolean)
        .join(''),
    ),
  ].join('\n')
}

type Section = {
  title: string
  about?: string
  table?: Table
  note?: string
  sentences?: string[]
}

function sections(record: HealthRecord, language: Language): Section[] {
  return [
    ...metricsSection(record, language),
    ...(record.blocks.length > 0 ? blockSections(record, language) : []),
    shadowPart(record, language),
    ...buyersSections(record, language),
    {
      title: healthTexts[language].circumstances,
      sentences: Object.values(circumstances(record, language)).flat(),
    },
  ]
}

function blockSections(record: HealthRecord, language: Language): Section[] {
  const say = healthTexts[language]
  const older = record.blocks.length - MOST_BLOCKS
  const worst = worstParts(record)
  const about = say.parts.about(comparingTexts[language].metricInSentence(record.decidedBy))
  return [
    {
      title: say.blocks.title,
      table: blocksTable(record, language),
      ...(older > 0 && { note: say.blocks.older(older) }),
    },
    worst.length > 0
      ? { title: say.parts.title, about, table: partsTable(record, worst, language) }
      : { title: say.parts.title, note: say.parts.none },
  ]
}

function buyersSections({ valueAdded: added }: HealthRecord, language: Language): Section[] {
  const say = valueAddedTexts[language]
  const sentences = valueAddedSentences(added, language)
  if (added.outcome === 'cannot tell') return [{ title: say.title, sentences }]
  const overrides = overridesTable(added, language)
  const { title, hidden } = say.overrides
  return [
    { title: say.title, table: stepsTable(added, language), sentences },
    ...(overrides
      ? [{ title, table: overrides, note: hidden(numbersIn[language].integer(added.needed)) }]
      : []),
  ]
}

function shadowPart({ shadow, decidedBy }: HealthRecord, language: Language): Section {
  const sentences = shadowSentences(shadow, decidedBy, language)
  return { title: shadowTexts[language].title, sentences }
}

const MOST_BLOCKS = 12
const MOST_PARTS = 8

function metricsSection({ accuracy }: HealthRecord, language: Language): Section[] {
  const { title, about, headers } = healthTexts[language].metrics
  const all = accuracy.find(({ by }) => by === 'all')
  if (!all) return []
  const rows = metricNames.map((name) => [
    comparingTexts[language].metricLabels[name],
    ...[all.model, all.promised, all.naive].map((of) => metricValue(name, of?.[name], language)),
  ])
  return [{ title, about, table: { headers, rows } }]
}

function blocksTable({ blocks, decidedBy }: HealthRecord, language: Language): Table {
  const say = healthTexts[language]
  const { day } = numbersIn[language]
  const rows = blocks
    .slice(-MOST_BLOCKS)
    .map((block) => [
      say.span(day(block.from), day(block.to)),
      ...blockCells(block, decidedBy, language),
    ])
  return { headers: say.blocks.headers, rows: rows.toReversed() }
}

function blockCells(
  block: Block,
  decidedBy: HealthRecord['decidedBy'],
  language: Language,
): string[] {
  const say = healthTexts[language]
  if (block.outcome === 'cannot tell') {
    return ['–', '–', '–', '–', '–', untoldReason(block, language) ?? '']
  }
  const { amount, signedPercent } = numbersIn[language]
  const shown = (value: number) => amount(threeDigits(value))
  const losses = [block.loss.model, block.loss.naive].map((it) =>
    metricValue(decidedBy, it, language),
  )
  const ratio = signedPercent(Math.expm1(block.logRatio))
  return block.outcome === 'counted'
    ? [...losses, ratio, shown(block.e), shown(block.r), say.levels[block.level]]
    : [...losses, ratio, '–', '–', say.levels['cannot tell']]
}

/** Categories, classes, stores and horizons, the worst first. */
function worstParts({ accuracy, decidedBy }: HealthRecord): Accuracy[] {
  const parts = accuracy.filter(
    ({ by, model }) => by !== 'all' && by !== 'block' && model[decidedBy] !== undefined,
  )
  return worstFirst(parts, decidedBy).slice(0, MOST_PARTS)
}

function partsTable(
  { decidedBy }: HealthRecord,
  parts: readonly Accuracy[],
  language: Language,
): Table {
  const { headers, by } = healthTexts[language].parts
  const { volumeClass } = comparingTexts[language]
  const rows = parts.map((part) => [
    `${by[part.by]}: ${part.by === 'volume class' ? volumeClass(part.name) : part.name}`,
    ...[part.model, part.promised, part.naive].map((of) =>
      metricValue(decidedBy, of?.[decidedBy], language),
    ),
    numbersIn[language].integer(part.rows),
  ])
  return { headers, rows }
}
