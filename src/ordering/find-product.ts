/** A product by the id of the sales files, and by what people call it. */
export type Product = { productId: string; name?: string }

export type FoundProduct =
  | { outcome: 'found'; product: Product }
  /** The text fits several of them, and which is not for us to guess. */
  | { outcome: 'ambiguous'; candidates: Product[] }
  | { outcome: 'unknown' }

/**
 * The product that a text means: by its id, its name, either of them with other accents and case, or
 * a part of its name, with a letter in it, that no other has. The first of these that fits any
 * product decides.
 */
export function findProduct(products: readonly Product[], text: string): FoundProduct {
  const wanted = plainText(text)
  const isNumber = !/\p{L}/u.test(wanted)
  const fits: ((product: Product) => boolean)[] = [
    ({ productId }) => productId === text,
    ({ name }) => name === text,
    ({ productId, name }) =>
      wanted !== '' && [productId, name].some((it) => plainText(it) === wanted),
    // A number that is no id is one that was mistyped, not the grams in a name.
    ({ name }) => !isNumber && plainText(name).includes(wanted),
  ]
  for (const fit of fits) {
    const candidates = products.filter(fit)
    if (candidates.length === 1) return { outcome: 'found', product: candidates[0] }
    if (candidates.length > 1) return { outcome: 'ambiguous', candidates }
  }
  return { outcome: 'unknown' }
}

/** `  Pão  Francês ` → `pao frances`. */
export function plainText(text = ''): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim().replace(/\s+/g, ' ')
}
