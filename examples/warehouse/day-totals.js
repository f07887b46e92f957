// Stands in for a warehouse: writes what three products sold in two stores, a row a series and day,
// for the days that it is asked for, from 2026-01-01 to 2026-06-30.
const { CD4ML_FROM, CD4ML_UNTIL } = process.env
const DAY = 86_400_000
const FIRST = Date.parse('2026-01-01')

const rows = ['day,store,sku,units,value,delivered,on_hand']
for (let moment = FIRST; moment <= Date.parse('2026-06-30'); moment += DAY) {
  const day = new Date(moment).toISOString().slice(0, 10)
  if (day < CD4ML_FROM || day > CD4ML_UNTIL) continue
  const number = (moment - FIRST) / DAY
  for (const store of ['centro', 'norte']) {
    for (const [at, sku] of ['bread', 'coffee', 'milk'].entries()) {
      const units = 5 + ((number * (at + 2) + store.length) % 7)
      rows.push([day, store, sku, units, (units * 3.5).toFixed(2), units + 1, 4 + at].join(','))
    }
  }
}
process.stdout.write(`${rows.join('\n')}\n`)
