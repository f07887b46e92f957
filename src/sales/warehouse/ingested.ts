/** What a warehouse was asked, what came, and what that changed. Days are ISO; units are net. */
export type Ingested = {
  outcome: 'changed' | 'nothing new'
  asked: { from: string; until: string }
  came: { rows: number; days: number; units: number; value: number }
  days: {
    new: string[]
    revised: string[]
    /** Had rows, and have none any more. */
    removed: string[]
    unchanged: number
    /** At the end, without rows, though such days usually sell: asked for again next time. */
    late: string[]
    /** New, and left out until next time: far fewer rows or units than such days have. */
    incomplete: string[]
  }
  /** Rows of new and revised days that are set aside when they are read. */
  quarantined: number
  /** Relative to the data folder, in the order of their days. */
  files: { file: string; change: 'added' | 'changed' | 'removed' }[]
}
