import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { RE2JS } from 're2js'
import { fieldProblems } from '../base/schema.ts'
import { counted } from '../base/wording.ts'
import type { QuestionSchema } from './question-schema.ts'

/** What is wrong with a question, field by field; nothing where it can be asked. */
export type QuestionCheck = (question: unknown) => ReturnType<typeof fieldProblems>

/**
 * A function that checks questions against the inputs of a model. Throws where the inputs have a
 * pattern that cannot be matched in linear time.
 */
export function questionCheck({ oneOf, ...inputs }: QuestionSchema): QuestionCheck {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    // A question that is called `constructor` is none that every object has.
    ownProperties: true,
    code: { regExp: linearRegExp },
  })
  addFormats.default(ajv, { mode: 'full', formats: ['date'] })
  ajv.addVocabulary(['x-title', 'x-description'])
  const validate = ajv.compile(inputs)
  return (question) => {
    const keys =
      typeof question === 'object' && question !== null ? Object.keys(question).length : 0
    if (keys > MOST_KEYS) return [tooManyKeys(keys, Object.keys(inputs.properties))]
    if (!validate(question)) return fieldProblems(validate.errors ?? [])
    return oneOf ? alternativesProblem(Object.keys(question as object), oneOf) : []
  }
}

/** What nobody means is not gone through key by key. */
const MOST_KEYS = 100

function tooManyKeys(count: number, known: string[]) {
  return {
    field: '',
    came: counted(count, 'key'),
    expected: `must have no keys but ${known.join(', ')}`,
  }
}

/** Exactly one of the alternatives has to be there, whole, and nothing of the others. */
function alternativesProblem(
  given: string[],
  alternatives: { required: string[] }[],
): ReturnType<QuestionCheck> {
  const named = new Set(alternatives.flatMap(({ required }) => required))
  const came = given.filter((key) => named.has(key)).sort()
  const fits = ({ required }: { required: string[] }) =>
    required.length === came.length && required.every((key) => came.includes(key))
  if (alternatives.some(fits)) return []
  const expected = alternatives.map(({ required }) => required.join(' and ')).join(', or ')
  return [
    {
      field: '',
      came: came.length > 0 ? came.join(', ') : 'none of them',
      expected: `must have either ${expected}`,
    },
  ]
}

/** Patterns of elsewhere cannot make a check hang. By `toString`, Ajv tells one from another. */
function linearRegExp(pattern: string) {
  const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern))
  return { test: (text: string) => compiled.matcher(text).find(), toString: () => pattern }
}
linearRegExp.code = 'linearRegExp'
