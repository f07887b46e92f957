import { randomUUID } from 'node:crypto'
import type { Language } from '../../base/language.ts'
import { shortened } from '../../base/wording.ts'
import type { DecisionReason } from '../../ordering/decision-reasons.ts'
import type { SeriesOrder } from '../../ordering/forecaster.ts'
import { orderReason } from '../../reporting/order-reason.ts'
import { numbersIn } from '../../reporting/texts/numbers.ts'
import { attributes, type Html, html, type Part } from './html.ts'
import { type PageReader, productPath } from './layout.ts'
import type { OrderRow, PastDecision } from './orders-of-day.ts'
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

/** What is wrong with an entry, by its field. */
export type EntryProblems = Partial<Record<'choice' | 'quantity' | 'reason' | 'note', string>>

export type Decidable = {
  row: OrderRow
  entry?: Entry
  problems?: EntryProblems
}

/** Characters of a note. */
export const MOST_NOTE = 500

/**
 * Orders as a list, each with its decision to make: one form for all of them. The first field that
 * needs another look has the focus.
 */
export function decisionForm(
  items: readonly Decidable[],
  reader: PageReader & { names: ReadonlyMap<string, string>; reasons: readonly DecisionReason[] },
  { back, key = randomUUID(), label }: { back: string; key?: string; label: string },
): Html {
  const say = pageTexts[reader.language]
  const decidable = reader.decides && items.some(({ row }) => row.event !== undefined)
  const rows = items.map((item, index) => orderItem(item, index, reader))
  const list = html`<ul class="rows" aria-label="${label}">
${rows}
</ul>`
  if (!decidable) return list
  const open = items.filter(({ row }) => isOpen(row)).length
  return html`<form method="post" action="/decisions" class="decide">
<input type="hidden"${attributes({ name: 'formToken', value: reader.formToken })}>
<input type="hidden"${attributes({ name: 'key', value: key })}>
<input type="hidden"${attributes({ name: 'back', value: back })}>
${list}
<p class="buttons"><button type="submit">${items.length === 1 ? say.saveOne : say.save}</button>
${open > 1 && html`<button type="submit" class="quiet" name="all" value="accept">${say.acceptAll(open)}</button>`}</p>
</form>`
}

/** Nothing is decided on it yet, and it says how many. */
function isOpen({ decided, order, event }: OrderRow): boolean {
  return event !== undefined && decided === undefined && order.outcome !== 'unknown'
}

type Context = Parameters<typeof decisionForm>[1]

function orderItem(item: Decidable, index: number, context: Context): Html {
  const { row } = item
  const { language } = context
  const say = pageTexts[language]
  const { order, decided } = row
  const controls =
    context.decides &&
    row.event !== undefined &&
    decisionControls(row.event, index, item, context, order)
  const needsLook = item.problems !== undefined
  return html`<li class="row"><fieldset>
<legend><a href="${productPath(order)}">${nameOf(order)}</a> <span class="id">${identityOf(order, language)}</span></legend>
${row.attention.length > 0 && html`<ul class="why">${row.attention.map((reason) => html`<li>${say.attention[reason]}</li>`)}</ul>`}
${orderFacts(order, language)}
<p class="reason">${orderReason(order, language)}</p>
${decided && decidedText(decided, context)}
${
  controls &&
  (decided && !needsLook
    ? html`<details><summary>${say.correct}</summary>${controls}</details>`
    : controls)
}
</fieldset></li>
`
}

/** A name that cannot reach into the text around it, whichever way it is written. */
export function nameOf({ productId, name }: { productId: string; name?: string }): Html {
  return html`<bdi>${shortened(name?.trim() || productId.trim() || '–', MOST_NAME)}</bdi>`
}

const MOST_NAME = 80

function identityOf({ productId, storeId }: SeriesOrder, language: Language): Html {
  const say = pageTexts[language]
  const id = html`<bdi>${shortened(productId, MOST_NAME)}</bdi>`
  return storeId === undefined
    ? id
    : html`${id}, <bdi>${say.inStore(shortened(storeId, MOST_NAME))}</bdi>`
}

/** What is on hand, the forecast with its interval, and what to order. */
export function orderFacts(order: SeriesOrder, language: Language): Html {
  const say = pageTexts[language]
  const { integer, day } = numbersIn[language]
  const fact = (name: string, value: Part, more: Part = undefined) =>
    html`<div><dt>${name}</dt><dd><b>${value}</b>${more !== undefined && html` <small>${more}</small>`}</dd></div>`
  if (order.outcome === 'unknown')
    return html`<dl class="facts">${fact(say.order, say.unknown)}</dl>`
  const { onHand, forecast, through, units, packs, pack } = order
  const interval = say.interval(integer(forecast.p10), integer(forecast.p90))
  const inPacks = units > 0 && pack > 1 ? say.packs(packs, integer(pack)) : undefined
  return html`<dl class="facts">
${fact(say.onHand, integer(onHand))}
${fact(say.forecast, integer(forecast.mean), `${interval}, ${say.through(day(through))}`)}
${fact(say.order, integer(units), inPacks)}
</dl>`
}

/** What was decided, by whom and when. */
function decidedText(decided: PastDecision, { language, names, reasons, moment }: Context): Html {
  const say = pageTexts[language]
  const why = reasons.find(({ id }) => id === decided.reason)?.[language] ?? decided.reason
  return html`<p class="decided"><b>${decisionText(decided, language)}</b>${why !== undefined && html` (${why})`}
<small>${say.by(names.get(decided.by) ?? decided.by, moment(decided.time))}</small></p>`
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
  index: number,
  { row, entry, problems = {} }: Decidable,
  { language, reasons }: Context,
  order: SeriesOrder,
): Html {
  const say = pageTexts[language]
  const { amount } = numbersIn[language]
  const first = Object.keys(problems)[0]
  const name = (field: string) => `${field}.${index}`
  const field = (of: keyof EntryProblems) => ({
    id: name(of),
    name: name(of),
    'aria-invalid': problems[of] !== undefined && 'true',
    'aria-describedby': problems[of] !== undefined && `problem.${name(of)}`,
    autofocus: of === first,
  })
  const problem = (of: keyof EntryProblems) =>
    problems[of] !== undefined &&
    html`<span class="problem"${attributes({ id: `problem.${name(of)}` })}>${problems[of]}</span>`
  const choice = (value: string, text: string, focus = false) =>
    html`<label><input type="radio"${attributes({
      name: name('choice'),
      value,
      checked: entry?.choice === value,
      'aria-describedby': problems.choice !== undefined && `problem.${name('choice')}`,
      autofocus: focus && first === 'choice',
    })}> ${text}</label>`
  const isKnown = order.outcome !== 'unknown'
  const seen = row.decided?.on === event ? row.decided.id : ''
  return html`<input type="hidden"${attributes({ name: name('of'), value: event })}>
<input type="hidden"${attributes({ name: name('seen'), value: seen })}>
<input type="hidden"${attributes({ name: name('series'), value: row.subject })}>
<div class="choices" role="radiogroup"${attributes({ 'aria-label': say.decision(order.name ?? order.productId) })}>
${isKnown && choice('accept', say.accept(amount(order.units)), true)}
${choice('change', say.change, !isKnown)}
${choice('later', say.notNow)}
${problem('choice')}
</div>
<div class="change">
<p><label${attributes({ for: name('quantity') })}>${say.quantity}</label>
<input type="text" inputmode="decimal" autocomplete="off" maxlength="30"${attributes({ ...field('quantity'), value: entry?.quantity ?? '' })}>${problem('quantity')}</p>
<p><label${attributes({ for: name('reason') })}>${say.reason}</label>
${reasonSelect(reasons, entry?.reason, field('reason'), language)}${problem('reason')}</p>
<p><label${attributes({ for: name('note') })}>${say.note}</label>
<input type="text" autocomplete="off"${attributes({ ...field('note'), maxlength: MOST_NOTE, value: entry?.note ?? '' })}>${problem('note')}</p>
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
