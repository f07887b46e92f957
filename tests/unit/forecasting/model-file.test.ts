import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/base/errors.ts'
import { calibrate } from '../../../src/forecasting/calibrate.ts'
import type { Calibration } from '../../../src/forecasting/calibration.ts'
import { families } from '../../../src/forecasting/families/families.ts'
import { LEVELS } from '../../../src/forecasting/levels.ts'
import { modelFrom } from '../../../src/forecasting/model-file.ts'
import { questionSchema } from '../../../src/forecasting/question-schema.ts'
import { seriesId } from '../../../src/sales/totals/daily-totals.ts'
import { contextOf, defaultsOf, panelOf } from './panels.ts'

const panel = panelOf([Array.from({ length: 60 }, (_, t) => 5 + (t % 4))])

function artifact(family: keyof typeof families) {
  const parameters = families[family].fit(panel, defaultsOf(families[family]), contextOf('week', 4))
  return {
    format: 'cd4ml-model/5',
    recipe: { frequency: 'week', horizon: 4, families: { [family]: {} } },
    members: [{ family, settings: defaultsOf(families[family]), parameters, weight: 1 }],
    calibration: calibrate([], 4, LEVELS),
    series: ['a'],
    trainedThrough: '2026-10-25',
    inputs: questionSchema([]),
  }
}

const read = (value: unknown) => modelFrom(Buffer.from(JSON.stringify(value)), 'model.json')

describe('an artifact', () => {
  it.each(Object.keys(families) as (keyof typeof families)[])('of %s is read back', (family) => {
    expect(read(artifact(family)).members).toEqual(artifact(family).members)
  })

  const whole = artifact('ridge')
  const [member] = whole.members
  const [profiled] = artifact('theta').members
  const changed = (change: object) => ({ ...whole, members: [{ ...member, ...change }] })
  it.each([
    ['parameters of another family', changed({ parameters: { window: 8 } })],
    ['no parameters', changed({ parameters: null })],
    [
      'a number in words',
      changed({ parameters: { ...Object(member.parameters), intercept: 'NaN' } }),
    ],
    [
      'a season that would fill the memory',
      changed({ family: 'seasonal-naive', settings: {}, parameters: { season: 1e9 } }),
    ],
    [
      'trees that lead in a circle',
      changed({ ...artifact('boosted-trees').members[0], parameters: circling() }),
    ],
    [
      'a seasonal profile longer than the season',
      changed({ ...profiled, parameters: { ...Object(profiled.parameters), profile: [1, 1] } }),
    ],
    [
      'a profile of a category longer than the season',
      changed({
        ...profiled,
        parameters: { ...Object(profiled.parameters), categoryProfiles: { Bread: [1, 1] } },
      }),
    ],
    ['no members', { ...whole, members: [] }],
    ['weights that add up to more', { ...whole, members: [member, member] }],
    [
      'a negative weight',
      {
        ...whole,
        members: [
          { ...member, weight: 2 },
          { ...member, weight: -1 },
        ],
      },
    ],
    ['settings that cannot be named', changed({ settings: { penalty: {} } })],
    ['quantiles that cross', { ...whole, calibration: crossing(whole.calibration) }],
    [
      'parts of a period without a table',
      { ...whole, calibration: { ...whole.calibration, parts: [0.5] } },
    ],
    ['an unknown family', changed({ family: '__proto__' })],
    ['a huge horizon', { ...whole, recipe: { ...whole.recipe, horizon: 1e9 } }],
    ['another horizon than its calibration', { ...whole, recipe: { ...whole.recipe, horizon: 5 } }],
    ['an impossible day', { ...whole, trainedThrough: '2026-02-31' }],
    ['another format', { ...whole, format: 'cd4ml-model/1' }],
    ['a list', []],
  ])('with %s is refused as a mistake that can be mended', (_what, damaged) => {
    expect(() => read(damaged)).toThrow(UserError)
  })

  it('that is cut off anywhere is refused, not read in part', () => {
    const bytes = Buffer.from(JSON.stringify(whole))
    for (let end = 0; end < bytes.length; end += 97) {
      expect(() => modelFrom(bytes.subarray(0, end), 'model.json')).toThrow(UserError)
    }
  })

  it.each([
    ['infinite numbers', '"intercept":', '"intercept":1e999,"unused":'],
    ['a prototype', '"parameters":{', '"parameters":{"__proto__":{"penalty":1},'],
    ['a recipe with a prototype', '"recipe":{', '"recipe":{"__proto__":{"seed":3},'],
  ])('with %s is refused, not crashed on', (_what, from, to) => {
    const text = JSON.stringify(whole)
    expect(text).toContain(from)
    expect(() => modelFrom(Buffer.from(text.replace(from, to)), 'model.json')).toThrow(UserError)
  })

  it('that is nested without end is refused, not crashed on', () => {
    const nested = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
    const text = JSON.stringify(changed({ parameters: 'x' })).replace('"x"', nested)
    expect(() => modelFrom(Buffer.from(text), 'model.json')).toThrow(UserError)
  })
})

describe('what a model can be asked', () => {
  const plain = questionSchema([])
  const price = {
    type: 'number',
    exclusiveMinimum: 0,
    'x-title': { en: 'Price', 'pt-BR': 'Preço' },
  }
  const withInputs = (change: object) => ({ ...artifact('ridge'), inputs: { ...plain, ...change } })
  const withProperty = (property: unknown, name = 'price') =>
    withInputs({ properties: { ...plain.properties, [name]: property } })

  it('stands in the artifact, whatever else it asks for', () => {
    expect(read(withProperty(price)).inputs.properties.price).toEqual(price)
  })

  it('is derived of older artifacts, a store among it where they have any', () => {
    const { inputs: _, ...older } = { ...artifact('ridge'), format: 'cd4ml-model/3' }
    expect(read(older).inputs).toEqual(plain)
    const ofStores = { ...older, series: [seriesId({ productId: 'a', storeId: '1' })] }
    expect(read(ofStores).inputs).toEqual(questionSchema([{ storeId: '1' }]))
  })

  it.each([
    ['nothing', { ...artifact('ridge'), inputs: undefined }],
    ['a reference', withProperty({ $ref: 'https://example.com/schema' })],
    ['a schema within', withProperty({ type: 'object', properties: {} })],
    ['an unknown keyword', withProperty({ ...price, contentEncoding: 'base64' })],
    ['a pattern that takes forever', withProperty({ type: 'string', pattern: '(?=a)(a+)+$' })],
    ['a pattern that is none', withProperty({ type: 'string', pattern: '[' })],
    ['a pattern without end', withProperty({ type: 'string', pattern: 'a'.repeat(201) })],
    ['a name of every object', withProperty(price, '__proto__x')],
    ['too many', withInputs({ properties: { ...plain.properties, ...many(50) } })],
    ['a product that is a number', withProperty({ type: 'number' }, 'product')],
    ['no days', withInputs({ properties: { product: plain.properties.product } })],
    ['what it does not describe', withInputs({ required: ['product', 'price'] })],
    ['anything else besides', withInputs({ additionalProperties: true })],
    [
      'another language of schemas',
      withInputs({ $schema: 'http://json-schema.org/draft-07/schema' }),
    ],
    ['a list', { ...artifact('ridge'), inputs: [] }],
  ])('is refused where it is %s', (_, damaged) => {
    expect(() => read(damaged)).toThrow(UserError)
  })

  function many(count: number) {
    return Object.fromEntries(Array.from({ length: count }, (_, i) => [`price${i}`, price]))
  }
})

function crossing(calibration: Calibration): Calibration {
  const [one] = calibration.classes
  return { ...calibration, classes: [{ ...one, quantiles: [one.quantiles[0].toReversed()] }] }
}

function circling(): object {
  const [{ parameters }] = artifact('boosted-trees').members
  const { trees, ...rest } = parameters as { trees: { trees: { left: number[] }[] } }
  const circle = {
    feature: [0],
    threshold: [0],
    missingLeft: [0],
    left: [0],
    right: [-1],
    value: [1, 2],
  }
  return { ...rest, trees: { ...trees, trees: [circle] } }
}
