import type { Policy } from '../../src/evaluation/gate/policy.ts'
import { alignedColumns } from '../../src/reporting/aligned-columns.ts'
import { FAMILY, RELATIVE, share } from './challengers.ts'
import type { Outcome } from './histories.ts'
import { judgedHistories } from './in-threads.ts'
import { errorScaleFor } from './world.ts'

/**
 * How many campaigns of equal challengers end in a false "better", and how many challengers that are
 * 5% better are found at a late try: as if each were the only one, and as the gate judges it.
 */
export async function campaigns(policy: Policy): Promise<void> {
  const [, common] = RELATIVE
  const rows: string[][] = []
  for (const origins of [6, 12]) {
    const tries = Array.from({ length: 50 }, (_, index) => index + 1)
    const setting = { origins, step: 4, common, errorScale: 1, tries, policy }
    const all = await judgedHistories(setting, CAMPAIGNS)
    for (const length of [5, 50]) {
      const any = (found: (outcome: Outcome) => boolean) =>
        share(all, (outcomes) => outcomes.slice(0, length).some(found))
      rows.push([`${origins}`, `any of ${length} equal`, any(isBetterAlone), any(isBetter)])
    }
    const errorScale = errorScaleFor(0.95)
    for (const [name, shared] of [RELATIVE, FAMILY]) {
      for (const number of [5, 20]) {
        const improved = { ...setting, common: shared, errorScale, tries: [number] }
        const found = (await judgedHistories(improved, HISTORIES)).flat()
        rows.push([
          `${origins}`,
          `${name}, 5% better, try ${number}`,
          share(found, isBetterAlone),
          share(found, isBetter),
        ])
      }
    }
  }
  console.log(`${CAMPAIGNS} campaigns, or ${HISTORIES} histories, a line:`)
  console.log(
    alignedColumns({
      headers: ['Origins', 'Called better', 'each as the only one', 'as judged'],
      rows,
    }),
  )
}

const CAMPAIGNS = 200
const HISTORIES = 600

function isBetterAlone({ difference }: Outcome): boolean {
  return difference.high < 0
}

function isBetter({ verdict }: Outcome): boolean {
  return verdict === 'better'
}
