import { dayFromCivil } from '../base/day.ts'
import { type ExtractedFile, salesFiles } from './sales-files.ts'
import { type Simulation, simulate } from './simulate.ts'

/** The seed of the sample data that the repository holds. */
export const SAMPLE_SEED = 1042

/** The three years of it. */
export const SAMPLE_DAYS = {
  firstDay: dayFromCivil(2023, 11, 1)!,
  lastDay: dayFromCivil(2026, 10, 31)!,
}

/** The three years of the sample data: what truly happened, and the files that tell of it. */
export function sampleData(seed: number): { simulation: Simulation; files: ExtractedFile[] } {
  const simulation = simulate({ seed, ...SAMPLE_DAYS })
  return { simulation, files: salesFiles(simulation, seed) }
}
