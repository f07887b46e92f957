import { quoted, UserError } from '../../base/errors.ts'
import { mayBeAnything } from './column-kinds.ts'
import type { ColumnGuess } from './guess-columns.ts'

/**
 * Throws a `UserError` where most columns are numbers under names that say nothing: a table of one
 * column a product, as people keep it in spreadsheets.
 */
export function refuseProductColumns(columns: ColumnGuess[]): void {
  const products = columns.filter(mayBeAnything)
  if (products.length < LEAST || 2 * products.length <= columns.length) return
  const others = columns.filter((column) => !products.includes(column))
  const [first, last] = [products[0].name, products[products.length - 1].name].map(quoted)
  throw new UserError(
    `has one column a product, it seems (${first} … ${last}, ${products.length} of them)`,
    {
      remedy: `Turn it into rows of one product and one date, such as with pandas: melt(id_vars=[${others.map(({ name }) => quoted(name)).join(', ')}], var_name="product", value_name="units"). If it is not so, say with --column which column is the product.`,
    },
  )
}

const LEAST = 4
