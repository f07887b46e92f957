/**
 * Threads that run the same function on the same memory and wait for one another between its
 * parts. Each decides alone what comes next, from what all see, so nobody has to be told; and as no
 * result depends on who computed what, the number of threads makes no difference to it.
 *
 * The member 0 is the thread that was called. It begins alone; the others join at the start of the
 * next round once they are up.
 */
export type Team = {
  member: number
  /** Of this round. */
  size: number
  /** Returns when all members of the round have called it. */
  wait(): void
  /** The next number, from 0, that no member has had since all last waited. */
  next(): number
}

/** What a team has in common; made by `newTeam`, handed to the other threads. */
export type TeamState = Int32Array<SharedArrayBuffer>

export function newTeam(): TeamState {
  return new Int32Array(new SharedArrayBuffer(4 * FIELDS))
}

/** Runs `work` on this thread and on those that have joined; returns when all are done. */
export function lead(state: TeamState, work: (team: Team) => void): void {
  const size = 1 + Atomics.load(state, JOINED)
  const number = Math.floor(Atomics.load(state, ROUND) / MOST_MEMBERS) + 1
  Atomics.store(state, ROUND, number * MOST_MEMBERS + size)
  Atomics.notify(state, ROUND)
  const team = membership(state, 0, size)
  work(team)
  team.wait()
}

/** Takes part in every round from now on, until the thread is ended from outside. */
export function join(state: TeamState, work: (team: Team) => void): never {
  try {
    let round = Atomics.load(state, ROUND)
    const member = 1 + Atomics.add(state, JOINED, 1)
    for (;;) {
      round = waitWhile(state, ROUND, round)
      const size = round % MOST_MEMBERS
      // The round may have been on its way before this thread joined.
      if (member >= size) continue
      const team = membership(state, member, size)
      work(team)
      team.wait()
    }
  } catch (error) {
    Atomics.store(state, FAILED, 1)
    throw error
  }
}

/** `ROUND` holds the number of the round and, in the same word, its size. */
const [ROUND, JOINED, ARRIVED, PHASE, TICKET, FAILED, FIELDS] = [0, 1, 2, 3, 4, 5, 6]
const MOST_MEMBERS = 256

function membership(state: TeamState, member: number, size: number): Team {
  if (size === 1) {
    let ticket = 0
    return {
      member,
      size,
      wait: () => {
        ticket = 0
      },
      next: () => ticket++,
    }
  }
  return {
    member,
    size,
    wait: () => {
      const phase = Atomics.load(state, PHASE)
      if (Atomics.add(state, ARRIVED, 1) < size - 1) {
        waitWhile(state, PHASE, phase)
        return
      }
      Atomics.store(state, ARRIVED, 0)
      Atomics.store(state, TICKET, 0)
      Atomics.add(state, PHASE, 1)
      Atomics.notify(state, PHASE)
    },
    next: () => Atomics.add(state, TICKET, 1),
  }
}

/** Looks for a while before it goes to sleep: waking up costs more than most waits take. */
function waitWhile(state: TeamState, field: number, value: number): number {
  for (let look = 0; look < LOOKS; look++) {
    const now = Atomics.load(state, field)
    if (now !== value) return now
  }
  for (;;) {
    const now = Atomics.load(state, field)
    if (now !== value) return now
    Atomics.wait(state, field, value, 1000)
    if (Atomics.load(state, FAILED) === 1) throw new Error('another thread of the team has failed')
  }
}

const LOOKS = 2000
