import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Day, isoFromDay } from '../../base/day.ts'

/**
 * Lines by day, in memory as long as they are few, then in files of a folder, so that an answer of
 * any size in any order takes no more room than its largest day.
 */
export class DaySpool {
  readonly #folder: string
  readonly #lines = new Map<Day, string[]>()
  readonly #onDisk = new Set<Day>()
  #characters = 0

  /** The folder has to be there, and is the spool's alone. */
  constructor(folder: string) {
    this.#folder = folder
  }

  add(day: Day, line: string): void {
    const lines = this.#lines.get(day)
    if (lines === undefined) this.#lines.set(day, [line])
    else lines.push(line)
    this.#characters += line.length
    if (this.#characters > MOST_CHARACTERS) this.#flush()
  }

  /** Ascending. */
  days(): Day[] {
    return [...new Set([...this.#lines.keys(), ...this.#onDisk])].sort((a, b) => a - b)
  }

  /** `lines`, which need not be held any longer. */
  take(day: Day): string[] {
    const lines = this.lines(day)
    this.#lines.delete(day)
    return lines
  }

  /** The lines of a day in the order of their characters: the same in whatever order they came. */
  lines(day: Day): string[] {
    const lines = this.#lines.get(day) ?? []
    const earlier = this.#onDisk.has(day) ? readFileSync(this.#path(day), 'utf8').split('\n') : []
    // The last line is ended as well.
    earlier.pop()
    return [...earlier, ...lines].sort()
  }

  #flush(): void {
    for (const [day, lines] of this.#lines) {
      appendFileSync(this.#path(day), `${lines.join('\n')}\n`)
      this.#onDisk.add(day)
    }
    this.#lines.clear()
    this.#characters = 0
  }

  #path(day: Day): string {
    return join(this.#folder, isoFromDay(day))
  }
}

const MOST_CHARACTERS = 8 * 1024 ** 2
