import { randomUUID } from 'node:crypto'
import type { Language } from '../../base/language.ts'
import type { EventOf } from '../../ledger/events/event.ts'
import { LONGEST_NOTE } from '../../ledger/events/event-log.ts'
import type { DecisionReason } from '../../ordering/decision-reasons.ts'
import { attributes, type Html, html } from '../../reporting/html.ts'
import { numbersIn } from '../../reporting/texts/numbers.ts'
import type { PageReader } from './layout.ts'
import type { OrderRow, PastDecision } from './orders-of-day.ts'
import { forecastAsked, forecastSaid, orderAsked, orderSaid } from './said.ts'
import { pageTexts } from './texts.ts'

/** What a person entered beside one order or forecast: as it came, whatever that is. */
export type Entry = {
  /** The event that is decided on. */
  of: string
  /** Its series, as `seriesId` writes it. */
  series: string
  /** The decision on it that the person saw, which this one corrects; empty without one. */
  seen: string
  choice: string
  quantity: string
  reason: string
  note: string
}

/** A forecast that a person may agree to or not. */
export type ForecastRow = {
  forecast: EventOf<'cd4ml.forecast.v1'>['data']
  subject: string
  event: string
  decided?: PastDecision
}

/** What is wrong with an entry, by its field. */
export type EntryProblems = Partial<Record<'choice' | 'quantity' | 'reason' | 'note', string>>

export type Decidable = {
  row: OrderRow | ForecastRow
  entry?: Entry
  problems?: EntryProblems
}

/** Who reads, with what is said of decisions. */
export type DecisionReader = PageReader & {
  /** Of persons, by their pseudonyms. */
  names: ReadonlyMap<string, string>
  reasons: readonly DecisionReason[]
}

export type FormOptions = {
  /** Where the person goes on when it is saved: a page of ours. */
  back: string
  /** What the list is called. */
  label: string
  /** What the ids begin with, where a page has several such forms. */
  prefix?: string
}

type Place = { index: number; prefix: string }

/**
 * Orders as a list, each with its decision to make: one form for all of them. The first field that
 * needs another look has the focus.
 */
export function decisionForm(
  items: readonly Decidable[],
  reader: DecisionReader,
  { back, label, prefix = '' }: FormOptions,
): Html {
  const say = pageTexts[reader.language]
  const decidable = reader.decides && items.some(({ row }) => row.event !== undefined)
  const rows = items.map((item, index) => decidableItem(item, { index, prefix }, reader))
  const list = html`<ul class="rows" aria-label="${label}">
${rows}
</ul>`
  if (!decidable) return list
  const open = items.filter(({ row, entry }) => entry === undefined && isOpen(row)).length
  return html`<form method="post" action="/decisions" class="decide">
<input type="hidden"${attributes({ name: 'formToken', value: reader.formToken })}>
<input type="hidden"${attributes({ name: 'key', value: randomUUID() })}>
<input type="hidden"${attributes({ name: 'back', value: back })}>
${list}
<p class="save"><button type="submit">${items.length === 1 ? say.saveOne : say.save}</button></p>
${open > 1 && html`<p><button type="submit" class="quiet" name="all" value="accept">${say.acceptAll(open)}</button></p>`}
</form>`
}

/** An order on which nothing is decided yet, and that says how many. */
function isOpen({ decided, event, ...row }: Decidable['row']): boolean {
  if (event === undefined || decided !== undefined) return false
  return 'order' in row && row.order.outcome !== 'unknown'
}

function decidableItem(item: Decidable, place: Place, reader: DecisionReader): Html {
  const { row, problems } = item
  const { decided } = row
  const controls =
    reader.decides && row.event !== undefined && decisionControls(row.event, place, item, reader)
  const said =
    'order' in row
      ? orderSaid(row.order, row.attention, reader.language)
      : forecastSaid(row.forecast, reader.language)
  return html`<li class="row"><fieldset>
${said}
${decided && decidedText(decided, row, reader)}
${
  controls &&
  (decided && problems === undefined
    ? html`<details><summary>${pageTexts[reader.language].correct}</summary>${controls}</details>`
    : controls)
}
</fieldset></li>
`
}

/** What was decided, by whom and when. */
function decidedText(
  decided: PastDecision,
  row: Decidable['row'],
  { language, names, reasons, moment }: DecisionReader,
): Html {
  const say = pageTexts[language]
  const why = reasons.find(({ id }) => id === decided.reason)?.[language] ?? decided.reason
  const then = decided.on === row.event ? undefined : decided.advised
  return html`<p class="decided"><b>${decisionText(decided, language)}</b>${why !== undefined && html` (${why})`}
<small>${say.by(names.get(decided.by) ?? decided.by, moment(decided.time))}${then !== undefined && ` – ${say.decidedOnOther(numbersIn[language].amount(then))}`}</small></p>`
}

/** `Changed to 36`. */
export function decisionText(
  { decision, quantity, advised }: Pick<PastDecision, 'decision' | 'quantity' | 'advised'>,
  language: Language,
): string {
  const said = pageTexts[language].decidedAs
  const units = numbersIn[language].amount(quantity ?? advised ?? 0)
  return decision === 'none' ? said.none : said[decision](units)
}

/** The choices beside an order, with the fields of a change. */
function decisionControls(
  event: string,
  { index, prefix }: Place,
  { row, entry, problems = {} }: Decidable,
  { language, reasons }: DecisionReader,
): Html {
  const say = pageTexts[language]
  const asked = 'order' in row ? orderAsked(row.order, language) : forecastAsked(language)
  const first = Object.keys(problems)[0]
  const name = (field: string) => `${field}.${index}`
  const id = (field: string) => `${prefix}${name(field)}`
  const field = (of: keyof EntryProblems) => ({
    id: id(of),
    name: name(of),
    'aria-invalid': problems[of] !== undefined && 'true',
    'aria-describedby': problems[of] !== undefined && `problem.${id(of)}`,
    autofocus: of === first,
  })
  const problem = (of: keyof EntryProblems) =>
    problems[of] !== undefined &&
    html`<span class="problem"${attributes({ id: `problem.${id(of)}` })}>${problems[of]}</span>`
  const choice = (value: string, text: string, focus = false) =>
    html`<label><input type="radio"${attributes({
      name: name('choice'),
      value,
      checked: entry?.choice === value,
      'aria-describedby': problems.choice !== undefined && `problem.${id('choice')}`,
      autofocus: focus && first === 'choice',
    })}> ${text}</label>`
  const seen = row.decided?.on === event ? row.decided.id : ''
  return html`<input type="hidden"${attributes({ name: name('of'), value: event })}>
<input type="hidden"${attributes({ name: name('seen'), value: seen })}>
<input type="hidden"${attributes({ name: name('series'), value: row.subject })}>
<div class="choices" role="radiogroup"${attributes({ 'aria-label': asked.label })}>
${asked.accept !== undefined && choice('accept', asked.accept, true)}
${choice('change', asked.change, asked.accept === undefined)}
${choice('later', say.notNow)}
${problem('choice')}
</div>
<div class="change">
<p><label${attributes({ for: id('quantity') })}>${asked.quantity}</label>
<input type="text" inputmode="decimal" autocomplete="off" maxlength="30"${attributes({ ...field('quantity'), value: entry?.quantity ?? '' })}>${problem('quantity')}</p>
<p><label${attributes({ for: id('reason') })}>${say.reason}</label>
${reasonSelect(reasons, entry?.reason, field('reason'), language)}${problem('reason')}</p>
<p><label${attributes({ for: id('note') })}>${say.note}</label>
<input type="text" autocomplete="off"${attributes({ ...field('note'), maxlength: LONGEST_NOTE, value: entry?.note ?? '' })}>${problem('note')}</p>
</div>`
}

function reasonSelect(
  reasons: readonly DecisionReason[],
  chosen: string | undefined,
  field: Record<string, string | boolean>,
  language: Language,
): Html {
  const options = reasons.map(
    (reason) =>
      html`<option${attributes({ value: reason.id, selected: reason.id === chosen })}>${reason[language]}</option>`,
  )
  return html`<select${attributes(field)}><option value="">${pageTexts[language].choose}</option>${options}</select>`
}
