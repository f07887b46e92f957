import { type Day, isoFromDay } from '../../base/day.ts'
import type { Language } from '../../base/language.ts'
import { daysWritten } from '../../base/written-day.ts'
import type { Input, QuestionSchema } from '../../forecasting/question-schema.ts'
import { attributes, type Html, html } from '../../reporting/html.ts'
import { numbersIn } from '../../reporting/texts/numbers.ts'
import { monthWritten } from '../../sales/contract/written-month.ts'
import type { FieldProblem, RefusedQuestion } from '../engine/engine.ts'
import { typedQuantity } from './quantity.ts'
import { pageTexts } from './texts.ts'

/** A question to a model as a form: its fields are those that the model's own schema names. */
export type TypedQuestion = {
  /** What was typed, by the name of the input. */
  typed: Readonly<Record<string, string>>
  /** What the model is asked. */
  question: Record<string, string | number | boolean>
}

/** What a product's page knows already. */
const GIVEN = new Set(['product', 'store'])

/**
 * Reads what was typed into the form; undefined where nothing was: then nobody asks. Days and months
 * are read as people of the language write them; a month without its year is the next one.
 */
export function typedQuestion(
  schema: QuestionSchema,
  query: ReadonlyMap<string, string>,
  reader: { language: Language; today: Day },
): TypedQuestion | undefined {
  const fields = inputsOf(schema)
  const typed = Object.fromEntries(
    fields.flatMap(([name]) => {
      const text = query.get(`in.${name}`)?.trim().slice(0, MOST_TYPED)
      return text ? [[name, text]] : []
    }),
  )
  if (Object.keys(typed).length === 0) return undefined
  const question = Object.fromEntries(
    Object.entries(typed).map(([name, text]) => [
      name,
      inputOf(name, schema.properties[name], text, reader),
    ]),
  )
  return { typed, question }
}

/** First those of which one has to be chosen, as the form says it: artifacts sort their keys. */
function inputsOf({ properties, oneOf = [] }: QuestionSchema): [name: string, Input][] {
  const first = oneOf.flatMap(({ required }) => required)
  return [...new Set([...first, ...Object.keys(properties)])]
    .filter((name) => !GIVEN.has(name))
    .map((name) => [name, properties[name]])
}

/** Characters. */
const MOST_TYPED = 200

/** As the schema has it where the text can be that, otherwise the text: the model says what is wrong. */
function inputOf(
  name: string,
  input: Input,
  text: string,
  { language, today }: { language: Language; today: Day },
): string | number | boolean {
  switch (input.type) {
    case 'boolean':
      return text === 'yes' ? true : text === 'no' ? false : text
    case 'number':
    case 'integer':
      return typedNumber(text) ?? text
    case 'string':
      if (input.format === 'date') return isoOfDay(text, language)
      return name === 'month' ? isoOfMonth(text, today) : text
  }
}

/** `2,5`, `2.5`, `-1`, `1.234,50`: undefined where it is none, or can mean two things. */
function typedNumber(text: string): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1
  const read = typedQuantity(sign < 0 ? text.slice(1) : text)
  return read.outcome === 'read' ? sign * read.quantity : undefined
}

/** `24/12/2026` → `2026-12-24`; what can be two days, or none, as it is. */
function isoOfDay(text: string, language: Language): string {
  const [day, ...others] = daysWritten(text, language)
  return day === undefined || others.length > 0 ? text : isoFromDay(day)
}

/** `dez/2026` → `2026-12`; what is no month as it is. */
function isoOfMonth(text: string, today: Day): string {
  const first = monthWritten(text, today)
  return first === undefined ? text : isoFromDay(first).slice(0, 7)
}

/** The form, with what was typed and what is wrong with it, each beside its field. */
export function questionForm(
  schema: QuestionSchema,
  {
    action,
    given,
    asked,
    refused,
    language,
  }: {
    /** Where it is sent, and what goes with it. */
    action: string
    given: Readonly<Record<string, string>>
    asked: TypedQuestion | undefined
    refused?: RefusedQuestion
    language: Language
  },
): Html {
  const say = pageTexts[language]
  const { problems = [], noAnswer } = refused ?? {}
  const fields = inputsOf(schema)
  const titles = (names: readonly string[]) =>
    names.map((name) => titleOf(schema, name, language)).join(say.and)
  const either = schema.oneOf?.map(({ required }) => titles(required)).join(say.or)
  const known = new Set(fields.map(([name]) => `/${name}`))
  const whole = problems.filter(({ field }) => !known.has(field))
  const first = problems.find(({ field }) => known.has(field))?.field
  return html`<form method="get" class="ask" action="${action}">
${Object.entries(given).map(([name, value]) => html`<input type="hidden"${attributes({ name, value })}>`)}
${either !== undefined && html`<p class="${whole.length > 0 ? 'whole problem' : 'whole'}">${say.either(either)}</p>`}
${either === undefined && whole.map(({ expected }) => html`<p class="whole problem">${say.inputs.other} ${asModelSays(expected)}</p>`)}
${fields.map(([name, input]) => {
  const problem = problems.find(({ field }) => field === `/${name}`)
  const id = `in.${name}`
  const description = hintOf(name, say.hints) ?? input['x-description']?.[language]
  const described = [problem && `problem.${id}`, description && `about.${id}`].filter(Boolean)
  const common = {
    id,
    name: id,
    'aria-invalid': problem !== undefined && 'true',
    'aria-describedby': described.length > 0 && described.join(' '),
    autofocus: first === `/${name}`,
  }
  return html`<p><label${attributes({ for: id })}>${titleOf(schema, name, language)}</label>
${field(name, input, asked?.typed[name] ?? '', common, language)}
${description && html`<small${attributes({ id: `about.${id}` })}>${description}</small>`}
${problem && html`<span class="problem"${attributes({ id: `problem.${id}` })}>${noAnswer ? daysText(noAnswer, language) : problemText(problem, name, input, asked?.question[name], language)}</span>`}</p>
`
})}
<p class="whole buttons"><button type="submit">${say.askButton}</button></p>
</form>`
}

/** What every model is asked, the page says itself, with days as its reader writes them. */
function hintOf(name: string, hints: Readonly<Record<string, string>>): string | undefined {
  return Object.hasOwn(hints, name) ? hints[name] : undefined
}

function titleOf({ properties }: QuestionSchema, name: string, language: Language): string {
  return properties[name]?.['x-title']?.[language] ?? name
}

function field(
  name: string,
  input: Input,
  typed: string,
  common: Record<string, string | boolean>,
  language: Language,
): Html {
  const say = pageTexts[language]
  const select = (values: readonly (readonly [string, string])[]) =>
    html`<select${attributes(common)}><option value=""></option>${values.map(([value, text]) => html`<option${attributes({ value, selected: value === typed })}>${text}</option>`)}</select>`
  if (input.type === 'boolean') {
    return select([
      ['yes', say.yes],
      ['no', say.no],
    ])
  }
  if (input.type === 'string' && input.enum) {
    return select(input.enum.map((value) => [value, value] as const))
  }
  const kind =
    input.type !== 'string'
      ? { type: 'text', inputmode: input.type === 'integer' ? 'numeric' : 'decimal' }
      : { type: input.format === 'date' ? 'date' : name === 'month' ? 'month' : 'text' }
  return html`<input autocomplete="off"${attributes({ ...kind, ...common, maxlength: kind.type === 'text' && MOST_TYPED, value: typed })}>`
}

/** Why nothing can be said of these days, with those of which it can. */
function daysText(noAnswer: NonNullable<RefusedQuestion['noAnswer']>, language: Language): string {
  const say = pageTexts[language].inputs
  const day = (on: Day) => numbersIn[language].day(isoFromDay(on))
  switch (noAnswer.outcome) {
    case 'over':
      return say.over(day(noAnswer.knownThrough))
    case 'too far':
      return say.tooFar(day(noAnswer.latest))
    case 'backward':
      return say.backward(day(noAnswer.from))
    // The page has found both.
    case 'unknown product':
    case 'unknown store':
      return say.other
  }
}

/** What is wrong, in the reader's language; what only the model knows, as it says it. */
function problemText(
  { expected }: FieldProblem,
  name: string,
  input: Input,
  asked: string | number | boolean | undefined,
  language: Language,
): Html {
  const say = pageTexts[language].inputs
  if (asked === undefined) return html`${say.missing}`
  if (input.type === 'boolean') return html`${say.boolean}`
  if (input.type !== 'string') return html`${say[input.type]}${boundsText(input, language)}`
  if (input.format === 'date') return html`${say.date}`
  if (name === 'month') return html`${say.month}`
  if (input.enum) return html`${say.listed}`
  return html`${say.other} ${asModelSays(expected)}`
}

function asModelSays(expected: string): Html {
  return html`<small lang="en">(${expected})</small>`
}

/** What a number may be: `, greater than 0 and at most 5.` */
function boundsText(input: Exclude<Input, { type: 'string' | 'boolean' }>, language: Language) {
  const say = pageTexts[language]
  const { amount } = numbersIn[language]
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = input
  const bounds = [
    minimum !== undefined && say.inputs.atLeast(amount(minimum)),
    exclusiveMinimum !== undefined && say.inputs.above(amount(exclusiveMinimum)),
    maximum !== undefined && say.inputs.atMost(amount(maximum)),
    exclusiveMaximum !== undefined && say.inputs.below(amount(exclusiveMaximum)),
  ].filter((bound) => bound !== false)
  return bounds.length > 0 && html` ${say.inputs.bounds(bounds.join(say.and))}`
}
