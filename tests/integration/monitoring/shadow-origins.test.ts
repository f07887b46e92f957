import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { shadowPath } from '../../../src/ledger/shadow.ts'
import type { ProductionOrigin } from '../../../src/monitoring/origins/production-origin.ts'
import { asParent, digest } from '../../../src/registry/manifest.ts'
import { readWorkingVersion } from '../../../src/registry/production.ts'
import { inputsIn } from '../../../src/steps/data/inputs.ts'
import { monitor } from '../../../src/steps/monitoring/monitor.ts'
import { withProduction } from '../../../src/steps/monitoring/read-production.ts'
import { succeed } from '../../project.ts'
import { put } from '../../repository.ts'
import { recipe } from '../../shop.ts'
import {
  appendToLedger,
  LEARNT,
  mondayAfter,
  monitoredShop,
  morningAfter,
  passWeeks,
  publishAfter,
} from './monitored-shop.ts'
import { comparedRun, ledgerFiles } from './shadow-shop.ts'

let project: string
let challenger: Buffer

/** A shop that has published for three weeks, with a shadow from the second on. */
beforeAll(async () => {
  project = await monitoredShop()
  await publishAfter(project, LEARNT)
  await put(project, recipe('moving-average: { window: 3 }'))
  await succeed(project, ['train'])
  challenger = await readFile(join(project, '.cd4ml/challenger/model.json'))
  await put(project, recipe('moving-average: { window: 8 }'))
  const version = await readWorkingVersion(project)
  const startedAt = morningAfter(LEARNT)
  const run = comparedRun(challenger, asParent(version!.manifest), {
    id: `${startedAt.replaceAll(/[-:.]/g, '')}-0a1b2c3d`,
    startedAt,
  })
  await appendToLedger(project, ledgerFiles([run], [challenger]))
  for (const weeks of [LEARNT + 1, LEARNT + 2]) {
    await passWeeks(project, weeks)
    await publishAfter(project, weeks)
  }
  await passWeeks(project, LEARNT + 3)
})

it('is seen what the shadow forecast at the same moment as production, of the same rows', async () => {
  const { origins, leftOut } = await seen()
  expect(leftOut).toEqual([])
  expect(origins.map(({ shadow }) => shadow?.model)).toEqual([
    undefined,
    digest(challenger),
    digest(challenger),
  ])
  for (const { model, shadow } of origins.slice(1)) {
    expect(shadow).toMatchObject({ name: 'moving-average (window 5)', recipe: '1'.repeat(40) })
    expect(shadow!.forecast.mean).toHaveLength(model.mean.length)
    expect(shadow!.forecast.mean).not.toEqual(model.mean)
    expect([...shadow!.forecast.mean].every(Number.isFinite)).toBe(true)
  }
})

it('is told in the health record whether it is better, over the blocks that both forecast', async () => {
  const monitored = await monitor({
    options: inputsIn(project, mondayAfter(LEARNT + 3), { data: 'data' }),
    at: morningAfter(LEARNT + 3),
  })
  expect(monitored).toMatchObject({
    health: { shadow: { outcome: 'judged', blocks: 2, untold: 0, threshold: 20 } },
  })
})

it('is seen of production what it was, where the forecasts of the shadow are damaged or gone', async () => {
  const whole = await seen()
  const files = whole.publications.flatMap(({ record: { shadow } }) =>
    shadow?.outcome === 'made' ? [shadow.json] : [],
  )
  await appendToLedger(project, Object.fromEntries(files.map((file) => [file, 'no gzip'])))
  const { origins, leftOut } = await seen()
  expect(origins).toEqual(whole.origins.map(({ shadow: _, ...origin }) => origin))
  expect(leftOut).toMatchObject([
    { problem: expect.stringMatching(/^of the shadow: .*gzip/) },
    { problem: expect.stringMatching(/^of the shadow: .*gzip/) },
  ])
  expect(files).not.toContain(shadowPath(digest(challenger)))
})

async function seen() {
  const origins: ProductionOrigin[] = []
  const read = await withProduction(
    {
      options: inputsIn(project, mondayAfter(LEARNT + 3), { data: 'data' }),
      at: morningAfter(LEARNT + 3),
      onPart: () => () => (origin) => origins.push(origin),
    },
    async ({ publications, leftOut }) => ({ publications, leftOut }),
  )
  if (read.outcome !== 'seen') throw new Error(JSON.stringify(read))
  return { ...read.made, origins }
}
