import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MadeForecasts } from '../../../../src/ledger/forecast-record.ts'
import { forecastsKind, readKept, recordId } from '../../../../src/ledger/ledger.ts'
import { believedPublications } from '../../../../src/monitoring/origins/believed-publications.ts'
import type { Manifest } from '../../../../src/registry/manifest.ts'
import type { PromotionEntry } from '../../../../src/registry/promotions.ts'

const [first, second] = ['a'.repeat(64), 'b'.repeat(64)]

/** Version 1 in January and February, rolled back in favour of nothing in March, version 2 from April. */
const promotions: PromotionEntry[] = [
  { ...shipped(2, second, '2026-03-31'), since: '2026-04-01T10:00:00.000Z' },
  {
    commit: 'c'.repeat(40),
    found: 'nothing',
    since: '2026-03-01T10:00:00.000Z',
    until: '2026-04-01T10:00:00.000Z',
  },
  {
    ...shipped(1, first, '2025-12-31'),
    since: '2026-01-01T10:00:00.000Z',
    until: '2026-03-01T10:00:00.000Z',
  },
]

describe('nobody makes evidence of a publication', () => {
  it('but by what was in production then, also by a job that a promotion overtook', () => {
    expect(problemsOf(publication(1, '2026-01-12T08:00:00.000Z'))).toEqual([])
    expect(problemsOf(publication(1, '2026-03-01T12:00:00.000Z'))).toEqual([])
    expect(problemsOf(publication(2, '2026-04-01T10:00:00.000Z'))).toEqual([])
  })

  it.each<[string, Partial<MadeForecasts>, RegExp]>([
    [
      'of a version that was never in production',
      { version: 7, basis: basisOf(7, first) },
      /never/,
    ],
    ['of another model than its version', { basis: basisOf(1, second) }, /not that of version 1/],
    ['that names two versions', { basis: basisOf(2, first) }, /not the version 2/],
    [
      'that names two states of the sales',
      { basis: { ...basisOf(1, first), salesThrough: '2026-01-10' } },
      /not the 2026-01-10/,
    ],
    ['that knew sales to come', salesThrough('2026-01-15'), /after its moment/],
    ['of days that the model has learnt', { from: '2025-12-31' }, /learnt through 2025-12-31/],
    ['by its name of another moment', { at: '2026-01-13T08:00:00.000Z' }, /name/],
  ])('%s', (_, forged, problem) => {
    const { id, record } = publication(1, '2026-01-12T08:00:00.000Z')
    expect(problemsOf({ id, record: { ...record, ...forged } })).toEqual([
      { file: `forecasts/${id}/record.json`, problem: expect.stringMatching(problem) },
    ])
  })

  it.each([
    ['before its promotion', 1, '2025-12-24T08:00:00.000Z'],
    ['after its rollback', 1, '2026-03-02T08:00:00.000Z'],
    ['of the next version before it was there', 2, '2026-03-31T08:00:00.000Z'],
  ])('made %s', (_, version, at) => {
    expect(problemsOf(publication(version, at))).toMatchObject([{ problem: /not in production/ }])
  })

  it('at whatever moment, unless its version was in production', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2025-06-01'), max: new Date('2026-12-31'), noInvalidDate: true }),
        (date) => {
          const at = date.toISOString()
          const isThen = at >= '2026-01-01T09:55' && at <= '2026-03-01T16:00:00.000Z'
          expect(problemsOf(publication(1, at)).length).toBe(isThen ? 0 : 1)
        },
      ),
    )
  })
})

it('reads on after any record that somebody has changed, which is believed or left out', async () => {
  const { id, record } = publication(1, '2026-01-12T08:00:00.000Z')
  const key = fc.constantFrom(...Object.keys(record), ...Object.keys(record.basis!))
  await fc.assert(
    fc.asyncProperty(key, fc.jsonValue({ maxDepth: 2 }), async (changed, value) => {
      const basis = { ...record.basis, ...(changed in record.basis! && { [changed]: value }) }
      const text = JSON.stringify({
        ...record,
        basis,
        ...(changed in record && { [changed]: value }),
      })
      const files = { names: async () => [id], read: async () => Buffer.from(text) }
      const { kept, leftOut } = await readKept(files, forecastsKind, {
        asOf: '2026-05-01T00:00:00.000Z',
      })
      const made = kept.flatMap((one) =>
        one.record.outcome === 'made' ? [{ id, record: one.record }] : [],
      )
      const found = believedPublications(made, { promotions })
      expect(leftOut.length + found.leftOut.length + found.believed.length).toBe(1)
    }),
    { numRuns: 300 },
  )
})

type Publication = { id: string; record: MadeForecasts }

function problemsOf(publication: Publication) {
  const { believed, leftOut } = believedPublications([publication], { promotions })
  expect(believed.length + leftOut.length).toBe(1)
  return leftOut
}

function publication(version: number, at: string): Publication {
  const day = new Date(Date.parse(at) - 24 * 60 * 60 * 1000).toISOString().slice(0, 10)
  const record: MadeForecasts = {
    format: 'cd4ml-forecasts/2',
    outcome: 'made',
    at,
    version,
    model: 'ridge',
    salesThrough: day,
    from: '2026-12-31',
    through: '2026-12-31',
    basis: { ...basisOf(version, version === 1 ? first : second), salesThrough: day },
    series: 1,
    files: { json: 'forecasts/a' },
  }
  return { id: recordId(at), record }
}

function salesThrough(day: string): Partial<MadeForecasts> {
  return { salesThrough: day, basis: { ...basisOf(1, first), salesThrough: day } }
}

function basisOf(version: number, model: string): NonNullable<MadeForecasts['basis']> {
  return { version, model, data: 'd'.repeat(40), salesThrough: '2026-01-11' }
}

function shipped(version: number, model: string, trainedThrough: string) {
  const manifest = {
    version,
    trainedThrough,
    files: { 'model.json': model },
  } as unknown as Manifest
  return { commit: 'c'.repeat(40), found: 'version' as const, manifest, model: 'ridge' }
}
