import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as later } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { ServedCd4ml } from './cd4ml.ts'
import { percentiles } from './load.ts'

export const ATTACKS = [
  'bodies of 1 GB',
  'JSON of 10,000 levels',
  'half-open requests',
  'ids that do not exist',
  'wrong tokens',
]

/** How long other clients wait for a forecast while somebody attacks, against how long before and after. */
export type UnderAttack = { attack: string; quiet: number; median: number; refused: number }

/** Milliseconds, in the median of so many rounds. */
export async function underAttack(
  server: ServedCd4ml,
  attackerToken: string,
  bodies: string[],
): Promise<UnderAttack[]> {
  const found: UnderAttack[] = []
  await latency(server, bodies)
  for (const attack of ATTACKS) {
    const quiet: number[] = []
    const attacked: number[] = []
    let refused = 0
    for (let round = 0; round < ROUNDS; round++) {
      quiet.push((await latency(server, bodies)).median)
      const attacker = join(import.meta.dirname, 'attacker.ts')
      const attacking = promisify(execFile)(process.execPath, [
        ...[attacker, attack, server.url, attackerToken, String(SECONDS + 2)],
      ])
      await later(1000)
      const during = await latency(server, bodies)
      attacked.push(during.median)
      refused += during.refused
      await attacking
    }
    found.push({ attack, quiet: middle(quiet), median: middle(attacked), refused })
  }
  return found
}

const SECONDS = 3
const ROUNDS = 3
const CLIENTS = 4
/** Milliseconds between two requests of a client: people and systems do not ask without a pause. */
const PAUSE = 10

async function latency(
  { url, headers }: ServedCd4ml,
  bodies: string[],
): Promise<{ median: number; refused: number }> {
  const latencies: number[] = []
  let refused = 0
  const end = performance.now() + SECONDS * 1000
  const client = async (_: unknown, number: number) => {
    for (let asked = number; performance.now() < end; asked += CLIENTS) {
      const start = performance.now()
      const body = bodies[asked % bodies.length]
      const answer = await fetch(`${url}/v1/forecasts`, { method: 'POST', headers, body })
      await answer.text()
      latencies.push(performance.now() - start)
      if (answer.status !== 200) refused++
      await later(PAUSE)
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  return { median: percentiles(latencies).median, refused }
}

function middle(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}
