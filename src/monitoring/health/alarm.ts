import type { Degradation } from '../evidence/degradation.ts'
import type { Block } from './block.ts'
import type { HealthRecord } from './health-record.ts'

export type CountedBlock = Extract<Block, { outcome: 'counted' }>

/** How bad the version in production is, and the first block that it was so bad in. */
export type Reached =
  | { level: 'as promised' }
  | { level: Exclude<Degradation, 'as promised'>; since: CountedBlock | undefined }

export function reachedLevel({ standing, blocks }: Judged): Reached {
  if (standing.outcome !== 'judged' || standing.level === 'as promised') {
    return { level: 'as promised' }
  }
  const { level } = standing
  // What comes after the last block that was less bad: watch may have come and gone before.
  const before = blocks.findLastIndex((block) => isCounted(block) && isLess(block.level, level))
  return { level, since: blocks.slice(before + 1).find(isCounted) }
}

/** Whether people are told. */
export function isAlarming(level: Degradation): boolean {
  return level === 'degraded' || level === 'wreck'
}

/** Why people need not be told any more: another version is in production, or sales were revised. */
export type HealthEnd =
  | { because: 'other version'; restores: number | undefined }
  /** The id of the record that says so. */
  | { because: 'other figures'; id: string }

/** Whether the version in production is bad enough now for a retraining, which its gate makes safe. */
export function asksForRetraining(record: Judged): boolean {
  return reachedLevel(record).level !== 'as promised'
}

/** Whether both look at the same version and no block is new to either. */
export function isSameBlock(a: HealthRecord, b: HealthRecord): boolean {
  return a.production.version === b.production.version && lastCounted(a)?.to === lastCounted(b)?.to
}

/** The newest block that counts; undefined where none does. */
export function lastCounted({ blocks }: Pick<HealthRecord, 'blocks'>): CountedBlock | undefined {
  return blocks.findLast(isCounted)
}

type Judged = Pick<HealthRecord, 'standing' | 'blocks'>

function isCounted(block: Block): block is CountedBlock {
  return block.outcome === 'counted'
}

function isLess(level: Degradation, than: Degradation): boolean {
  return LEVELS.indexOf(level) < LEVELS.indexOf(than)
}

const LEVELS: Degradation[] = ['as promised', 'watch', 'degraded', 'wreck']
