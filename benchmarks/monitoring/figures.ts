/** What is claimed, and whether it is so in this run. */
export type Promised = { what: string; holds: boolean }

export function shareOf<T>(all: readonly T[], holds: (one: T) => boolean): number {
  return all.filter(holds).length / all.length
}

/** Such as `2.3%`; of some thousand runs no more digits are known. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`
}

/** Infinite where half of them or more are. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

/** In blocks. */
export function delay(blocks: number): string {
  return Number.isFinite(blocks) ? `${blocks}` : 'never'
}
