import { createInterface, type Interface } from 'node:readline/promises'
import type { Readable, Writable } from 'node:stream'
import { UserError } from '../errors.ts'

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
 * Asks one question after another; the answers, trimmed, in their order. Throws a `UserError` where
 * the input ends before.
 */
export async function ask(questions: Question[], { input, output }: Terminal): Promise<string[]> {
  const readline = createInterface({ input, output })
  const closed = new AbortController()
  readline.once('close', () => closed.abort())
  const answers: string[] = []
  try {
    for (const question of questions) {
      answers.push(await answerTo(question, { readline, output, signal: closed.signal }))
    }
  } finally {
    readline.close()
  }
  return answers
}

type Conversation = { readline: Interface; output: Writable; signal: AbortSignal }

async function answerTo(
  { text, otherwise, problem }: Question,
  { readline, output, signal }: Conversation,
): Promise<string> {
  const prompt = otherwise ? `${text} [${otherwise}] ` : `${text} `
  for (;;) {
    const typed = await readline.question(prompt, { signal }).catch((cause) => {
      throw new UserError(`there was no answer to "${text}"`, { cause })
    })
    const answer = typed.trim() || otherwise
    const wrong = answer === undefined ? 'There has to be an answer.' : problem?.(answer)
    if (answer !== undefined && wrong === undefined) return answer
    output.write(`  ${wrong}\n`)
  }
}
