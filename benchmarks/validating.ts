import { dayFromIso } from '../src/base/day.ts'
import { validate } from '../src/steps/data/validate.ts'

// Run as a process of its own: `validating.ts DATA_FOLDER CONTRACT_FILE TODAY CACHE_FOLDER` prints the
// processor time of a validation in it, in seconds, and the largest resident set, in MB.
const [dataFolder, contractFile, today, cacheFolder] = process.argv.slice(2)
const before = process.cpuUsage()
const { report } = await validate({
  dataFolder,
  contractFile,
  today: dayFromIso(today)!,
  cacheFolder,
})
const { user, system } = process.cpuUsage(before)
const { rowsAccepted } = report.totals
const megabytes = (process.resourceUsage().maxRSS * 1024) / 1e6
console.log(JSON.stringify({ rowsAccepted, cpuSeconds: (user + system) / 1e6, megabytes }))
