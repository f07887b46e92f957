/** Each period ahead by itself up to 8; four spans of about the same length where there are more. */
export function horizonGroups(horizon: number): { name: string; from: number; to: number }[] {
  const groups = horizon <= 8 ? horizon : 4
  return Array.from({ length: groups }, (_, group) => {
    const from = Math.floor((group * horizon) / groups) + 1
    const to = Math.floor(((group + 1) * horizon) / groups)
    return { name: from === to ? `${from}` : `${from}–${to}`, from, to }
  })
}
