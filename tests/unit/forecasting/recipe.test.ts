import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { candidates, readJobs, readRecipe } from '../../../src/forecasting/recipe.ts'

async function recipe(text: string) {
  return await readRecipe(await written(text))
}

async function written(text: string): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'recipe-')), 'recipe.yml')
  await writeFile(file, text)
  return file
}

describe('how jobs share the fits of a recipe', () => {
  const head = 'frequency: week\nhorizon: 4\n'

  it('is told by it, or usual, and makes no other model of it', async () => {
    expect(await readJobs(await written(head))).toEqual({ above: 10, most: 20 })
    const own = `${head}jobs: { above: 0.5 }\n`
    expect(await readJobs(await written(own))).toEqual({ above: 0.5, most: 20 })
    expect(await recipe(own)).toEqual(await recipe(head))
  })

  it.each([
    ['more than a matrix is given', '{ most: 65 }', /jobs\.most: must be <= 64/],
    ['none', '{ most: 0 }', /jobs\.most: must be >= 1/],
    ['parts of one', '{ most: 2.5 }', /jobs\.most: must be integer/],
    ['less than no time', '{ above: -1 }', /jobs\.above: must be >= 0/],
    ['what nobody knows', '{ over: 1 }', /jobs: must not have the key "over"/],
  ])('is asked about where it is %s', async (_, jobs, said) => {
    const file = await written(`${head}jobs: ${jobs}\n`)
    await expect(readJobs(file)).rejects.toThrow(said)
    await expect(readRecipe(file)).rejects.toThrow(said)
  })
})

describe('a recipe', () => {
  it('offers the search every combination of the values that it lists', async () => {
    const names = candidates(
      await recipe(
        'frequency: week\nhorizon: 4\nfamilies:\n  moving-average: { window: [4, 8] }\n',
      ),
    ).map(({ name }) => name)
    expect(names).toEqual(['moving-average (window 4)', 'moving-average (window 8)'])
  })

  it('offers the same candidates in the same order, however the file orders them', async () => {
    const head = 'frequency: week\nhorizon: 4\nfamilies:\n'
    const [a, b] = ['  seasonal-naive: {}\n', '  moving-average: {}\n']
    expect(candidates(await recipe(head + a + b))).toEqual(candidates(await recipe(head + b + a)))
  })

  it.each([
    [
      'an unknown frequency',
      'frequency: hour\nhorizon: 4\nfamilies: { seasonal-naive: {} }',
      /recipe\.yml: frequency: must be one of day, week, month, but is "hour"/,
    ],
    [
      'a horizon in words',
      'frequency: week\nhorizon: ten\nfamilies: { seasonal-naive: {} }',
      /horizon: must be integer, but is "ten"/,
    ],
    [
      'an unknown family',
      'frequency: week\nhorizon: 4\nfamilies: { prophet: {} }',
      /families: must not have the key "prophet"/,
    ],
    [
      'an unknown setting',
      'frequency: week\nhorizon: 4\nfamilies: { moving-average: { span: 3 } }',
      /must not have the key "span"/,
    ],
    ['no family', 'frequency: week\nhorizon: 4\nfamilies: {}', /families/],
    [
      'a key given twice',
      'frequency: week\nfrequency: day\nhorizon: 4\nfamilies: { seasonal-naive: {} }',
      /recipe\.yml:2: is not valid YAML/,
    ],
    [
      'aliases that explode',
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nfrequency: [*c,*c,*c,*c]`,
      /too many aliases/,
    ],
    ['nothing', '', /must be object/],
    ['lists without end', `families: ${'['.repeat(20_000)}`, /recipe\.yml:1: is not valid YAML/],
    [
      'an infinite horizon',
      'frequency: week\nhorizon: .inf\nfamilies: { seasonal-naive: {} }',
      /horizon: must be integer, but is Infinity/,
    ],
    [
      'a prototype',
      'frequency: week\nhorizon: 4\nfamilies: { seasonal-naive: {}, __proto__: { ridge: {} } }',
      /families: must not have the key "__proto__"/,
    ],
    ['two documents', 'frequency: week\n---\nhorizon: 4', /recipe\.yml:2: is not valid YAML/],
    [
      'more candidates than can be tried',
      `frequency: week\nhorizon: 4\nfamilies: { ridge: { penalty: [${upTo(300)}] } }`,
      /families: asks for 300 candidates, but 200 are the most/,
    ],
  ])('with %s is refused, with the place', async (_what, text, message) => {
    await expect(recipe(text)).rejects.toThrow(message)
  })
})

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1)
}
