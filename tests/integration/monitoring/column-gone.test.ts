import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { git } from '../../../src/base/git.ts'
import { inputsIn } from '../../../src/steps/data/inputs.ts'
import { monitor } from '../../../src/steps/monitoring/monitor.ts'
import { commitAll, put } from '../../repository.ts'
import {
  LEARNT,
  mondayAfter,
  monitoredShop,
  morningAfter,
  publishEveryWeek,
  SALES,
} from './monitored-shop.ts'

it('a model in parts is monitored on where the sales have lost the column that told them apart', async () => {
  const unnamed = SALES.filter(({ store }) => store === 'centre').map((sale) =>
    sale.product === 'P1' ? { ...sale, category: '' } : sale,
  )
  const shop = await monitoredShop('partition: category', unnamed)
  await publishEveryWeek(shop, 2, unnamed)
  // Of the second week nothing was published: it is forecast again.
  await git(shop, ['branch', '--force', 'ledger', 'ledger~1'])
  const file = 'data/datapackage.json'
  const contract = JSON.parse(await readFile(join(shop, file), 'utf8'))
  delete contract.cd4ml.columns.category
  await put(shop, { [file]: JSON.stringify(contract) })
  await commitAll(shop, 'Say no category any more', morningAfter(LEARNT + 2))

  const found = await monitor({
    options: inputsIn(shop, mondayAfter(LEARNT + 2), { data: 'data' }),
    at: morningAfter(LEARNT + 2),
  })
  if (found.outcome !== 'monitored') throw new Error(JSON.stringify(found))
  const { blocks, ledger } = found.health
  // All series are then in the part without a name, which has a model here.
  expect(blocks).toMatchObject([
    { outcome: 'counted', forecasts: 'published', series: 6 },
    { outcome: 'counted', forecasts: 'reproduced', series: 6 },
  ])
  // The sales that it was published from still have it.
  expect(ledger.checked).toMatchObject({ outcome: 'same', otherwise: 0 })
})
