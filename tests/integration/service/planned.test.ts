import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { promotionsExample } from '../../../scripts/promotions-example.ts'
import { dayFromIso } from '../../../src/base/day.ts'
import {
  type LoadedProduction,
  loadProduction,
} from '../../../src/service/engine/load-production.ts'
import { mergeProposal, newProject, REPOSITORY, succeed } from '../../project.ts'

const WEEK = { product: 'Maria', from: '2025-11-17', to: '2025-11-23' }

let loaded: LoadedProduction

beforeAll(async () => {
  const { 'sales.csv': sales, 'plan.csv': plan } = promotionsExample()
  const contract = join(REPOSITORY, 'examples', 'promotions', 'datapackage.json')
  const project = await newProject({
    'data/datapackage.json': await readFile(contract, 'utf8'),
    'data/sales.csv': sales,
    'data/plan.csv': `${plan}Maria;10/11/2025;16/11/2025;01/10/2025;40%;encarte;\n`,
    'recipe.yml': 'frequency: week\nhorizon: 4\nfamilies: { moving-average: { window: 8 } }\n',
  })
  for (const command of [['train'], ['compare'], ['promote', '--baseline']]) {
    await succeed(project, command)
  }
  await mergeProposal(project)
  loaded = await loadProduction({ project, today: dayFromIso('2025-11-03')! })
})

it('a system finds in the schema of questions what if it can ask, and a form has the same', () => {
  const { properties } = loaded.now.inputs
  expect(Object.keys(properties)).toEqual(
    expect.arrayContaining(['price', 'discount', 'promotion', 'closed']),
  )
  expect(properties.promotion).toMatchObject({ type: 'string', enum: ['encarte'] })
  expect(properties.discount).toMatchObject({ 'x-title': { 'pt-BR': 'Desconto' } })
})

it('a buyer who asks what if is told it, what it would be without, and what was asked', () => {
  const inputs = { discount: 0.4, promotion: 'encarte' }
  const [usual, what, closed] = answers([WEEK, { ...WEEK, ...inputs }, { ...WEEK, closed: true }])
  expect(what.inputs).toEqual(inputs)
  expect(what.mean).toBeGreaterThan(1.5 * usual.mean)
  // The week before is one of a promotion, after which a little less is sold.
  expect((what.withoutPlan?.mean ?? 0) / usual.mean).toBeCloseTo(1, 1)
  expect(usual.withoutPlan).toBeUndefined()
  expect(closed.mean).toBe(0)
  expect(closed.quantiles.every((units) => units === 0)).toBe(true)
})

it('what the plan itself says is told without being asked for', () => {
  const [planned] = answers([{ ...WEEK, from: '2025-11-10', to: '2025-11-16' }])
  expect(planned.mean).toBeGreaterThan(1.5 * (planned.withoutPlan?.mean ?? Number.NaN))
})

it.each([
  ['an input that it does not take', { display: true }, /display/],
  ['a kind of promotion that it does not know', { promotion: 'flyer' }, /promotion/],
  ['a discount beside a price', { discount: 0.2, price: 3 }, /discount/],
  ['a discount in percent', { discount: 20 }, /discount/],
])('a question with %s is refused, and says where', (_what, inputs, field) => {
  const [answer] = loaded.forecasts([{ ...WEEK, ...inputs }])
  if (answer.outcome !== 'refused') throw new Error('it was answered')
  expect(JSON.stringify(answer.problems)).toMatch(field)
})

function answers(questions: object[]) {
  return loaded.forecasts(questions).map((it) => {
    if (it.outcome === 'refused') throw new Error(JSON.stringify(it.problems))
    return it.answer
  })
}
