/**
 * The values of a header such as Accept with their weights, the heaviest first; those of less than
 * `least` are left out. https://www.rfc-editor.org/rfc/rfc9110#section-12.4.2
 */
export function weightedValues(header: string, least = 0.001): { value: string; weight: number }[] {
  return header
    .slice(0, LONGEST)
    .split(',')
    .map((part) => {
      const [value, ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
      const q = parameters.find((text) => text.startsWith('q='))?.slice(2)
      const weight = q === undefined ? 1 : Number(q)
      return { value, weight: Number.isFinite(weight) ? weight : 0 }
    })
    .filter(({ weight }) => weight >= least)
    .sort((a, b) => b.weight - a.weight)
}

const LONGEST = 1000
