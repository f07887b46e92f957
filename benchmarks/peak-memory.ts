import { validate } from '../src/steps/data/validate.ts'

// Run as a process of its own: `peak-memory.ts DATA_FOLDER CONTRACT_FILE TODAY` prints the largest
// resident set, in bytes, of a validation in it.
const [dataFolder, contractFile, today] = process.argv.slice(2)
const { report } = await validate({ dataFolder, contractFile, today: Number(today), cores: 1 })
const { rowsAccepted } = report.totals
console.log(JSON.stringify({ rowsAccepted, bytes: process.resourceUsage().maxRSS * 1024 }))
