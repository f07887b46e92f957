import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { UserError } from '../../../src/base/errors.ts'
import { digestOf, packed } from '../../../src/base/packed-text.ts'
import type { RecordedEvent } from '../../../src/ledger/events/event.ts'
import {
  collectedSoFar,
  eventsIn,
  readEvents,
  writtenEvents,
} from '../../../src/ledger/events/event-files.ts'
import type { LedgerFiles } from '../../../src/ledger/ledger.ts'
import { decisionEvent, forecastEvent } from '../../integration/ledger/recorded.ts'
import { naughty } from '../reporting/examples.ts'

const LEDGER = '0197c2a0-0000-7000-8000-000000000001'
const OTHER = '0197c2a0-0000-7000-8000-000000000002'

const forecast = forecastEvent({ product: 'pão', store: 'A' })
const events = [forecast, decisionEvent(forecast)]

describe('a file of events', () => {
  test('says what was written, and where to go on', () => {
    const file = { ledger: LEDGER, after: 'c1', cursor: 'c2', events }
    const { path, bytes } = writtenEvents(file, 7)
    expect(path).toMatch(new RegExp(`^events/${LEDGER}/000007-[0-9a-f]{64}\\.ndjson\\.gz$`))
    expect(eventsIn(path, bytes)).toEqual(file)
  })

  test.each(naughty)('keeps the name of a product as it is: $what', ({ text }) => {
    const product = text.slice(0, 200)
    const file = { ledger: LEDGER, cursor: 'c', events: [forecastEvent({ product })] }
    const { path, bytes } = writtenEvents(file, 1)
    expect(eventsIn(path, bytes)).toEqual(JSON.parse(JSON.stringify(file)))
  })

  test.each<[string, string, RegExp]>([
    [
      'with a name in it',
      line({ ...events[1], data: { ...events[1].data, name: 'Maria' } }),
      /name/,
    ],
    ['with a note in it', line({ ...events[1], note: 'for Maria’s party' }), /note/],
    ['of a kind that nobody knows', line({ ...events[0], type: 'cd4ml.rumour.v1' }), /type/],
    ['that is no JSON', '{"specversion":\n', /JSON/],
    ['that is cut off', JSON.stringify(events[0]).slice(0, -1), /JSON/],
  ])('is not believed with an event %s, and the line is named', (_, text, problem) => {
    const { path, bytes } = fileOf(heading(2) + line(events[0]) + text)
    expect(() => eventsIn(path, bytes)).toThrow(problem)
    expect(() => eventsIn(path, bytes)).toThrow(`${path}:3`)
  })

  test.each<[string, () => { path: string; bytes: Uint8Array }, RegExp]>([
    ['a bomb', () => fileOf('', gzipSync(Buffer.alloc(40 * 1024 ** 2))), /unpack to at most/],
    ['of millions of lines', () => fileOf('{}\n'.repeat(3_000_000)), /more than 5000 lines/],
    ['empty', () => fileOf(''), /must be object/],
    ['of fewer events than it says', () => fileOf(heading(3) + line(events[0])), /must hold 3/],
    [
      'of another ledger than its folder',
      () => fileOf(heading(1, OTHER) + line(events[0])),
      OTHER_LEDGER,
    ],
    [
      'that holds an event twice',
      () => fileOf(heading(2) + line(forecast) + line(forecast)),
      /twice/,
    ],
    [
      'that says something else than its name',
      () => ({
        ...fileOf(heading(1) + line(forecast)),
        bytes: packed(heading(1) + line(events[1])),
      }),
      /digest/,
    ],
    ['in another folder', () => moved('events', 'runs'), /name of a file of events/],
    ['above its folder', () => moved(LEDGER, `${LEDGER}/../x`), /name of a file of events/],
    ['damaged', () => fileOf('', Buffer.from('x')), /gzip/],
  ])('is refused where it is %s', (_, make, problem) => {
    const { path, bytes } = make()
    expect(() => eventsIn(path, bytes)).toThrow(problem)
    expect(() => eventsIn(path, bytes)).toThrow(UserError)
  })
})

describe('the events of a store', () => {
  test('are read in their order, whatever else lies there, and what is left out is told', async () => {
    const many = Array.from({ length: 12 }, (_, i) => forecastEvent({ product: `P${i}` }))
    const files = chain(many.map((event) => [event]))
    const store = storeOf([
      ...files,
      { path: `events/${LEDGER}/notes.txt`, bytes: Buffer.from('x') },
      { path: `events/${LEDGER}/000099-${'a'.repeat(64)}.ndjson.gz`, bytes: Buffer.from('x') },
      { path: 'events/README.md', bytes: Buffer.from('x') },
    ])
    const read = await readEvents(store)
    expect(read.events).toEqual(many)
    expect(read.leftOut.map(({ file }) => file)).toEqual([
      `events/${LEDGER}/notes.txt`,
      `events/${LEDGER}/000099-${'a'.repeat(64)}.ndjson.gz`,
    ])
  })

  test('count once where they are there twice, and a gap between two files is told', async () => {
    const [first, second, third] = chain([[forecast], [events[1]], [forecastEvent()]])
    const again = writtenEvents({ ledger: OTHER, cursor: 'c', events: [forecast] }, 1)
    const read = await readEvents(storeOf([first, third, again]))
    expect(read.events.filter(({ id }) => id === forecast.id)).toHaveLength(1)
    expect(read.leftOut).toEqual([
      { file: third.path, problem: expect.stringContaining('events are missing') },
    ])
    expect((await readEvents(storeOf([first, second, third]))).leftOut).toEqual([])
  })

  test('go on after the last file that can be read, whatever number a damaged one claims', async () => {
    const files = chain([[forecast], [events[1]], [forecastEvent()]])
    expect(await collectedSoFar(storeOf(files), LEDGER)).toEqual({ files: 3, cursor: 'c3' })
    expect(await collectedSoFar(storeOf([]), LEDGER)).toEqual({ files: 0, cursor: undefined })
    const damaged = {
      path: files[2].path.replace('/000003', '/999999999'),
      bytes: Buffer.from('x'),
    }
    const known = { files: 2, cursor: 'c2' }
    expect(await collectedSoFar(storeOf([...files.slice(0, 2), damaged]), LEDGER)).toEqual(known)
    const file = { ledger: LEDGER, after: 'c2', cursor: 'c3', events: [forecastEvent()] }
    const mended = storeOf([...files.slice(0, 2), damaged, writtenEvents(file, 3)])
    const read = await readEvents(mended)
    expect(read.events).toHaveLength(3)
    expect(read.leftOut.map(({ file }) => file)).toEqual([damaged.path])
  })
})

const OTHER_LEDGER = new RegExp(`is of the ledger ${OTHER}`)

function heading(count: number, ledger = LEDGER): string {
  return line({ format: 'cd4ml-event-file/1', ledger, cursor: 'c', events: count })
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`
}

function fileOf(text: string, bytes: Uint8Array = packed(text)) {
  return { path: `events/${LEDGER}/000001-${digestOf(text)}.ndjson.gz`, bytes }
}

function moved(from: string, to: string) {
  const { path, bytes } = fileOf(heading(1) + line(forecast))
  return { path: path.replace(from, to), bytes }
}

/** Files that go on from each other: the cursors are c1, c2 and so on. */
function chain(parts: RecordedEvent[][]) {
  return parts.map((events, i) => {
    const after = i === 0 ? undefined : `c${i}`
    return writtenEvents({ ledger: LEDGER, after, cursor: `c${i + 1}`, events }, i + 1)
  })
}

function storeOf(files: { path: string; bytes: Uint8Array }[]): LedgerFiles {
  const byPath = new Map(files.map(({ path, bytes }) => [path, bytes]))
  return {
    names: async (folder) => [
      ...new Set(
        [...byPath.keys()]
          .filter((path) => path.startsWith(`${folder}/`))
          .map((path) => path.slice(folder.length + 1).split('/')[0]),
      ),
    ],
    read: async (path) => byPath.get(path),
  }
}
