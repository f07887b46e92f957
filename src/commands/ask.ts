import { createInterface } from 'node:readline/promises'
import type { Readable, Writable } from 'node:stream'
import { UserError } from '../base/errors.ts'

/** Where a person types, and sees what is asked. */
export type Terminal = { input: Readable; output: Writable }

export type Question = {
  text: string
  /** What an empty answer stands for; without it, there has to be one. */
  otherwise?: string
  /** What is wrong with an answer, so that it is asked again; undefined where nothing is. */
  problem?: (answer: string) => string | undefined
}

/**
 * Asks one question after another; the answers, trimmed, in their order. Lines that are typed ahead
 * wait for their question. Throws a `UserError` where the input ends before.
 */
export async function ask(questions: Question[], { input, output }: Terminal): Promise<string[]> {
  const readline = createInterface({ input })
  const lines = readline[Symbol.asyncIterator]()
  const nextLine = async (prompt: string): Promise<string> => {
    output.write(prompt)
    const { done, value } = await lines.next()
    if (done)
      throw new UserError(`there was no answer to "${prompt.trim()}"`, {
        remedy: 'Answer it, or say it with the option that it names.',
      })
    return value
  }
  try {
    const answers: string[] = []
    for (const question of questions) answers.push(await answerTo(question, nextLine, output))
    return answers
  } finally {
    readline.close()
  }
}

async function answerTo(
  { text, otherwise, problem }: Question,
  nextLine: (prompt: string) => Promise<string>,
  output: Writable,
): Promise<string> {
  for (;;) {
    const typed = await nextLine(otherwise ? `${text} [${otherwise}] ` : `${text} `)
    const answer = typed.trim() || otherwise
    const wrong = answer === undefined ? 'There has to be an answer.' : problem?.(answer)
    if (answer !== undefined && wrong === undefined) return answer
    output.write(`  ${wrong}\n`)
  }
}
