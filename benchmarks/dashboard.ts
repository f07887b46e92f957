import { dashboardSite } from '../src/reporting/site/site.ts'
import { dashboardData } from '../tests/unit/reporting/site/examples.ts'

const PRODUCTS = 10_000

/** What the dashboard of a large chain takes: every page, in both languages. */
export function run(): void {
  const data = dashboardData({ products: PRODUCTS })
  const before = process.cpuUsage()
  let bytes = 0
  let largest = { path: '', bytes: 0 }
  const site = dashboardSite(data, { usual: 'en' })
  for (const [path, make] of site) {
    const size = Buffer.byteLength(make())
    bytes += size
    if (size > largest.bytes) largest = { path, bytes: size }
  }
  const { user, system } = process.cpuUsage(before)
  const seconds = (user + system) / 1e6
  console.log(
    `${PRODUCTS} products: ${site.size} files, ${(bytes / 1e6).toFixed(0)} MB, ${seconds.toFixed(1)} s of CPU; the largest is ${largest.path}, ${(largest.bytes / 1e3).toFixed(0)} kB`,
  )
}
