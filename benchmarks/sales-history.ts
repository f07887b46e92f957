import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Day, isoFromDay } from '../src/base/day.ts'
import { seededRandom } from '../src/base/random.ts'

const firstDay: Day = 19_700
const days = 1_000

/**
 * Writes `files` sales files in the format of `data/datapackage.json`, `rows` in all: 1,000 days of
 * 70 products, one row a unit, without dirt. The size of what they add up to does not depend on the
 * number of rows.
 */
export async function writeSalesHistory(
  dataFolder: string,
  { rows, files }: { rows: number; files: number },
): Promise<string[]> {
  const random = seededRandom(1)
  const paths: string[] = []
  for (let file = 0; file < files; file++) {
    const path = join(dataFolder, 'sales', `${String(file).padStart(2, '0')}.csv`)
    const [from, to] = [(rows * file) / files, (rows * (file + 1)) / files].map(Math.round)
    await mkdir(dirname(path), { recursive: true })
    const stream = createWriteStream(path)
    stream.write('id;nome;categoria;preco;custo;data_compra;data_venda;data_vencimento\n')
    for (let row = from; row < to; row += 10_000) {
      let text = ''
      for (let i = row; i < Math.min(row + 10_000, to); i++) {
        text += line(firstDay + Math.floor((i / rows) * days), random)
      }
      if (!stream.write(text)) await once(stream, 'drain')
    }
    stream.end()
    await once(stream, 'close')
    paths.push(path)
  }
  return paths
}

function line(saleDay: Day, random: () => number): string {
  const product = Math.floor(random() * 70)
  const price = `${product + 2},${10 + product}`
  const cost = `${product + 1},${10 + product}`
  const bought = date(saleDay - Math.floor(random() * 20))
  const expires = product % 4 === 0 ? '' : date(saleDay + 30)
  return `${1001 + product};Produto número ${product};Limpeza;${price};${cost};${bought};${date(saleDay)};${expires}\n`
}

function date(day: Day): string {
  const [year, month, dayOfMonth] = isoFromDay(day).split('-')
  return `${dayOfMonth}/${month}/${year}`
}
