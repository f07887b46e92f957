import { quoted, UserError } from '../base/errors.ts'
import type { Product } from '../ordering/find-product.ts'
import type { Forecaster } from '../ordering/forecaster.ts'
import type { ProductQuestion } from '../ordering/series-index.ts'
import { terminalText } from '../reporting/aligned-columns.ts'
import { productName } from '../reporting/series-name.ts'
import { ask } from './ask.ts'
import type { Shell } from './shell.ts'

/**
 * The product that is asked about by id or name, in a store or in all. Where a name means several, a
 * person is asked which; where there is nobody, a `UserError` lists them. What fits none goes on as
 * an id, for the forecaster to say that it never sold.
 */
export async function productAsked(
  shell: Shell,
  forecaster: Pick<Forecaster, 'find'>,
  { product, store }: { product: string; store?: string | undefined },
): Promise<ProductQuestion> {
  const found = forecaster.find(product)
  const inStore = store !== undefined && { storeId: store }
  if (found.outcome === 'unknown') return { productId: product, ...inStore }
  if (found.outcome === 'found') return { productId: found.product.productId, ...inStore }
  return { productId: await oneOf(found.candidates, product, shell), ...inStore }
}

async function oneOf(candidates: Product[], asked: string, { terminal }: Shell): Promise<string> {
  const shown = candidates.slice(0, MOST_SHOWN)
  const names = shown.map((candidate) => terminalText(productName(candidate), 130))
  const left = candidates.length - shown.length
  const more = left > 0 ? [`and ${left} more`] : []
  const what = `${quoted(asked)} may be any of ${candidates.length} products`
  if (!terminal) {
    throw new UserError(`${what}: ${[...names, ...more].join(', ')}`, {
      key: '--product',
      remedy: 'Name the one that you mean by its id.',
    })
  }
  const ids = candidates.map(({ productId }) => productId)
  const list = [...names, ...more].map((name) => `  ${name}\n`).join('')
  const [answer] = await ask(
    [
      {
        text: `${what}:\n${list}Which one? Its id:`,
        problem: (id) => (ids.includes(id) ? undefined : 'It must be the id of one of them.'),
      },
    ],
    terminal,
  )
  return answer
}

const MOST_SHOWN = 20
