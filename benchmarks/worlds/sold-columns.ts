/** What the sales files of a world say beside product and day: the category, and no more. */
export const soldColumns = {
  purchaseDate: false,
  expiryDate: false,
  stock: false,
  cost: false,
  price: false,
  category: true,
}
