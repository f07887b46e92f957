import { join } from 'node:path'
import { writeWhole } from '../src/base/write-file.ts'
import { promotionsExample } from './promotions-example.ts'

for (const [name, text] of Object.entries(promotionsExample())) {
  await writeWhole(join('examples', 'promotions', name), text)
}
