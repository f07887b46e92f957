import autocannon from 'autocannon'

/** What a server did under load. Latencies in milliseconds. */
export type Load = { perSecond: number; median: number; p99: number; failed: number }

export type Request = { method: 'GET' | 'POST'; path: string; body?: string }

/**
 * Asks a server these requests over and over, each connection its next one as soon as it has an
 * answer: for so many seconds, or so many times in all.
 */
export async function load(
  { url, headers }: { url: string; headers: Record<string, string> },
  requests: Request[],
  bounds: { connections: number } & ({ seconds: number } | { amount: number }),
): Promise<Load> {
  const { connections } = bounds
  const until = 'seconds' in bounds ? { duration: bounds.seconds } : { amount: bounds.amount }
  const latencies: number[] = []
  const start = performance.now()
  const options = { url, headers, requests, connections, timeout: 60, ...until }
  const { non2xx, errors, timeouts } = await new Promise<autocannon.Result>((resolve, reject) => {
    const running = autocannon(options, (error, result) =>
      error ? reject(error) : resolve(result),
    )
    running.on('response', (_client, _status, _bytes, took) => latencies.push(took))
  })
  const seconds = (performance.now() - start) / 1000
  return {
    perSecond: latencies.length / seconds,
    ...percentiles(latencies),
    failed: non2xx + errors + timeouts,
  }
}

export function percentiles(latencies: number[]): { median: number; p99: number } {
  const sorted = Float64Array.from(latencies).sort()
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
  return { median: at(0.5), p99: at(0.99) }
}
