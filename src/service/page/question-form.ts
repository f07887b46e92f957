import type { Language } from '../../base/language.ts'
import type { FieldProblem } from '../../base/schema.ts'
import type { Input, QuestionSchema } from '../../forecasting/question-schema.ts'
import { attributes, type Html, html } from './html.ts'
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

/** Reads what was typed into the form; undefined where nothing was: then nobody asks. */
export function typedQuestion(
  schema: QuestionSchema,
  query: ReadonlyMap<string, string>,
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
    Object.entries(typed).map(([name, text]) => [name, inputOf(schema.properties[name], text)]),
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
function inputOf(input: Input, text: string): string | number | boolean {
  switch (input.type) {
    case 'boolean':
      return text === 'yes' ? true : text === 'no' ? false : text
    case 'number':
    case 'integer':
      return typedNumber(text) ?? text
    case 'string':
      return isoOf(text)
  }
}

/** `2,5`, `2.5`, `-1`, `1.234,50`: undefined where it is none, or can mean two things. */
function typedNumber(text: string): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1
  const read = typedQuantity(sign < 0 ? text.slice(1) : text)
  return read.outcome === 'read' ? sign * read.quantity : undefined
}

/** `24/12/2026` → `2026-12-24`, `12/2026` → `2026-12`; anything else as it is. */
function isoOf(text: string): string {
  const [, day, month, year] = /^(?:(\d{1,2})\/)?(\d{1,2})\/(\d{4})$/.exec(text) ?? []
  if (year === undefined) return text
  return [year, month, ...(day ? [day] : [])].map((part) => part.padStart(2, '0')).join('-')
}

/** The form, with what was typed and what is wrong with it, each beside its field. */
export function questionForm(
  schema: QuestionSchema,
  {
    action,
    given,
    asked,
    problems = [],
    language,
  }: {
    /** Where it is sent, and what goes with it. */
    action: string
    given: Readonly<Record<string, string>>
    asked: TypedQuestion | undefined
    problems?: readonly FieldProblem[]
    language: Language
  },
): Html {
  const say = pageTexts[language]
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
${either === undefined && whole.map((problem) => html`<p class="whole problem">${problemText(problem, undefined, language)}</p>`)}
${fields.map(([name, input]) => {
  const problem = problems.find(({ field }) => field === `/${name}`)
  const id = `in.${name}`
  const description = input['x-description']?.[language]
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
${problem && html`<span class="problem"${attributes({ id: `problem.${id}` })}>${problemText(problem, input, language)}</span>`}</p>
`
})}
<p class="whole buttons"><button type="submit">${say.askButton}</button></p>
</form>`
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

/** What is wrong, in the reader's language; what only the model knows, as it says it. */
function problemText(
  { expected }: FieldProblem,
  input: Input | undefined,
  language: Language,
): Html {
  const say = pageTexts[language].inputs
  const kind =
    input?.type === 'string' && input.format === 'date' ? 'date' : (input?.type ?? 'string')
  return html`${say[kind]} <small lang="en">(${expected})</small>`
}
