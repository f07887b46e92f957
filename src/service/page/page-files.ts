import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ICON } from './layout.ts'

const style = Buffer.concat([
  readFileSync(join(import.meta.dirname, '../../reporting/page.css')),
  readFileSync(join(import.meta.dirname, 'style.css')),
])

/** Where the stylesheet is. Named by its content: it is kept by browsers until it changes. */
export const STYLE = `/page.css?${createHash('sha256').update(style).digest('hex').slice(0, 12)}`

/** What pages load. */
export const pageFiles = [
  { path: '/page.css', type: 'text/css; charset=utf-8', bytes: style },
  {
    path: ICON,
    type: 'image/svg+xml',
    bytes: readFileSync(join(import.meta.dirname, '../../reporting/icon.svg')),
  },
]
