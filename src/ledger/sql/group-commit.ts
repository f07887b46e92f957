/** What became of one of the items of a group. */
export type Settled<Result> = { result: Result } | { error: unknown }

/**
 * Hands items to `commit` in groups: what arrives while one group is committed is the next one, so
 * that one wait for the disk serves many. Each resolves or rejects by itself, in the order of arrival
 * within its group.
 *
 * @param group - takes from the front of what waits as many as can go together, at least one
 */
export function groupCommit<Item, Result>({
  group,
  commit,
}: {
  group: (waiting: readonly Item[]) => Item[]
  commit: (items: Item[]) => Promise<Settled<Result>[]>
}): GroupCommit<Item, Result> {
  type Waiting = { item: Item; settle: (settled: Settled<Result>) => void }
  let waiting: Waiting[] = []
  let running: Promise<void> | undefined

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      // What else has arrived by now comes along.
      await new Promise((resolve) => setImmediate(resolve))
      const taken = new Set(group(waiting.map(({ item }) => item)))
      const going = waiting.filter(({ item }) => taken.has(item))
      waiting = waiting.filter(({ item }) => !taken.has(item))
      const settled = await commit(going.map(({ item }) => item)).catch((error: unknown) =>
        going.map(() => ({ error })),
      )
      going.forEach(({ settle }, i) => {
        settle(settled[i])
      })
    }
    running = undefined
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        const settle = (settled: Settled<Result>) =>
          'error' in settled ? reject(settled.error) : resolve(settled.result)
        waiting.push({ item, settle })
        running ??= run()
      }),
    waiting: () => waiting.length,
    idle: async () => await running,
  }
}

export type GroupCommit<Item, Result> = {
  add(item: Item): Promise<Result>
  /** How many have not been begun with. */
  waiting(): number
  /** Resolves once nothing is left to commit. */
  idle(): Promise<void>
}
