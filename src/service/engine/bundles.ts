/**
 * Sends what is added in one turn of the event loop together, since a message costs more than its
 * content. `idle` resolves when all of it is answered.
 */
export function inBundles<Question, Answer>(send: (questions: Question[]) => Promise<Answer[]>) {
  type Waiting = { question: Question } & PromiseWithResolvers<Answer>
  let waiting: Waiting[] = []
  const underway = new Set<Promise<unknown>>()
  const flush = async () => {
    const sent = waiting
    waiting = []
    try {
      const answers = await send(sent.map(({ question }) => question))
      for (const [i, { resolve }] of sent.entries()) resolve(answers[i])
    } catch (cause) {
      for (const { reject } of sent) reject(cause)
    }
  }
  return {
    add(question: Question): Promise<Answer> {
      // After the requests that have come in together.
      if (waiting.length === 0) setImmediate(flush)
      const answer = Promise.withResolvers<Answer>()
      waiting.push({ question, ...answer })
      const { promise } = answer
      underway.add(promise)
      promise.catch(() => {}).finally(() => underway.delete(promise))
      return promise
    },
    idle: () => Promise.allSettled(underway),
  }
}
