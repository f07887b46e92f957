/**
 * What breaking a rule leads to: the file is refused, the row is kept out and set aside, or people
 * are told.
 */
export type Level = 'file' | 'row' | 'warning'

export type Rule = { level: Level; explanation: string; remedy: string }

/** Every rule there is. A row that breaks any rule of level `row` is quarantined. */
export const rules = {
  'file-unreadable': {
    level: 'file',
    explanation: 'The file could not be read to its end.',
    remedy: 'Check its permissions; a damaged .gz file has to be packed again.',
  },
  'file-empty': {
    level: 'file',
    explanation: 'The file is empty: it has not even a header.',
    remedy: 'Extract it again, or take it out of the folder.',
  },
  'file-too-large': {
    level: 'file',
    explanation: 'The file is larger than cd4ml.maxBytes allows.',
    remedy: 'Split it, or raise maxBytes in the contract.',
  },
  'file-changed': {
    level: 'file',
    explanation: 'The file is not the one that the contract describes with bytes and hash.',
    remedy: 'Fetch the right file, or bring bytes and hash in the contract up to date.',
  },
  'encoding-wrong': {
    level: 'file',
    explanation: 'The bytes are not in the encoding that the contract states.',
    remedy: 'State the right encoding in the contract (iso-8859-1 for Latin-1), or save as UTF-8.',
  },
  'nul-byte': {
    level: 'file',
    explanation: 'The file holds a NUL byte: it is not text, or it is UTF-16.',
    remedy: 'Extract it again as CSV in UTF-8.',
  },
  'parquet-damaged': {
    level: 'file',
    explanation: 'The file is no Parquet file, is cut off, or contradicts itself.',
    remedy: 'Write it again, and look whether all of it was copied.',
  },
  'parquet-unsupported': {
    level: 'file',
    explanation: 'The Parquet file holds, in what the contract uses, something that is not read.',
    remedy:
      'Write numbers, texts, dates and timestamps in columns of their own, with Snappy or Zstandard and without encryption.',
  },
  'column-type': {
    level: 'file',
    explanation: 'A column of the Parquet file is of another type than its field in the contract.',
    remedy: 'Write the column in that type, ids as text or whole numbers, or correct the field.',
  },
  'time-zone-missing': {
    level: 'file',
    explanation: 'A column holds instants, whose day depends on the place: nothing says which.',
    remedy:
      'Set cd4ml.timeZone in the contract, such as "America/Sao_Paulo", or write dates or times of the place.',
  },
  'header-blank': {
    level: 'file',
    explanation: 'A column has no name.',
    remedy: 'Name it, or remove the delimiter at the end of each line.',
  },
  'header-duplicate': {
    level: 'file',
    explanation: 'Two columns have the same name.',
    remedy: 'Rename or remove one of them.',
  },
  'header-missing': {
    level: 'file',
    explanation: 'A column of the contract is not in the file.',
    remedy: "Extract it too, or change the contract's fields (and fieldsMatch).",
  },
  'header-unexpected': {
    level: 'file',
    explanation: 'The file has a column that the contract does not list.',
    remedy: 'List it in the schema, or set fieldsMatch to "subset" to allow more columns.',
  },
  'header-order': {
    level: 'file',
    explanation: 'The columns stand in another order than in the contract.',
    remedy: 'Put them in order, or set fieldsMatch to "equal" to allow any order.',
  },
  'header-too-wide': {
    level: 'file',
    explanation: 'The file has more than 5,000 columns.',
    remedy: 'Turn it: one row for each product and day, not one column for each.',
  },
  'quote-wrong': {
    level: 'file',
    explanation:
      'A quotation mark opens a cell here and is not closed, or is closed before the cell ends.',
    remedy:
      'Quote the whole cell and double the mark within it; set quoteChar to null where cells are never quoted.',
  },
  'row-too-long': {
    level: 'file',
    explanation: 'A row is longer than 1 MiB: most likely a quotation mark is not closed.',
    remedy: 'Close the mark, or extract the file again.',
  },
  'too-many-bad-rows': {
    level: 'file',
    explanation: 'A larger share of the rows is quarantined than cd4ml.maxQuarantinedShare allows.',
    remedy: 'Look at the reasons below: often it is one format that the contract states wrongly.',
  },
  'no-sales': {
    level: 'file',
    explanation: 'There is not one sale in all the files.',
    remedy: 'Put sales files into the data folder; see data/datapackage.json for their layout.',
  },
  stale: {
    level: 'file',
    explanation: 'The newest sale is older than cd4ml.freshness.maxAgeDays allows.',
    remedy: 'Add the newest sales file.',
  },
  'files-overlap': {
    level: 'file',
    explanation: 'Two files hold the same sales, which would count twice.',
    remedy:
      'Remove one of the two, or these days from it; where they are sales of their own, set cd4ml.overlaps to "count".',
  },
  'total-counted': {
    level: 'file',
    explanation:
      'It sells what all others do together, each day or in all: a total, which would count twice.',
    remedy: 'Take its rows out of the files, or list it in cd4ml.leftOut.',
  },
  'ragged-row': {
    level: 'row',
    explanation: 'The row has another number of cells than the header.',
    remedy: 'Quote cells that hold a delimiter or a line end.',
  },
  'line-end-in-cell': {
    level: 'row',
    explanation:
      'A cell in quotes runs over several lines: most likely its quotation mark is not closed, and it holds the rows below.',
    remedy: 'Close the mark, double those within the cell, or set quoteChar to null.',
  },
  'left-out': {
    level: 'row',
    explanation: 'The contract leaves this out: it is no product, or no store, such as a total.',
    remedy: 'Nothing has to be done.',
  },
  'product-missing': {
    level: 'row',
    explanation: 'The row names no product.',
    remedy: 'Fill in the product id.',
  },
  'store-missing': {
    level: 'row',
    explanation: 'The row names no store.',
    remedy: 'Fill in the store, or take store out of cd4ml.columns.',
  },
  'id-unusable': {
    level: 'row',
    explanation: 'An id holds characters that cannot be seen, or is longer than 200 characters.',
    remedy: 'Correct the id in the source system.',
  },
  'sale-date-missing': {
    level: 'row',
    explanation: 'The row has no sale date, and no purchase date that would make it unsold stock.',
    remedy: 'Fill in the date.',
  },
  'quantity-missing': {
    level: 'row',
    explanation: 'The row states no quantity.',
    remedy: 'Fill it in: 0 means that the product was on offer and sold nothing.',
  },
  'required-missing': {
    level: 'row',
    explanation: 'A cell is empty that the contract requires.',
    remedy: 'Fill it in.',
  },
  'date-unreadable': {
    level: 'row',
    explanation: 'A date is not in the format of the contract, or the calendar has no such day.',
    remedy: 'Correct the date, or the format in the contract.',
  },
  'number-unreadable': {
    level: 'row',
    explanation: 'A number is not plain decimal notation with the signs that the contract states.',
    remedy: 'Correct the number, or decimalChar, groupChar and bareNumber in the contract.',
  },
  sentinel: {
    level: 'row',
    explanation: 'A cell holds a value that the contract lists as a stand-in for "unknown".',
    remedy: 'Fill in the real value, or leave the cell empty.',
  },
  constraint: {
    level: 'row',
    explanation: "A cell breaks its field's constraints in the contract.",
    remedy: 'Correct the value, or the constraint.',
  },
  'type-wrong': {
    level: 'row',
    explanation: "A cell is not of its field's type in the contract.",
    remedy: 'Correct the value, or the type.',
  },
  'date-implausible': {
    level: 'row',
    explanation: 'A date is not among the days that cd4ml.plausibleDays allows: a mistyped year?',
    remedy: 'Correct the date, or write "from" and "to" of plausibleDays in the contract.',
  },
  'in-the-future': {
    level: 'row',
    explanation: 'A sale, a purchase, or the day on which a plan was known is later than today.',
    remedy: 'Correct the date; is the order of day and month in the contract right?',
  },
  'sold-before-purchase': {
    level: 'row',
    explanation: 'The sale is dated before the purchase.',
    remedy: 'Correct the dates: are the two columns swapped?',
  },
  'expired-before-purchase': {
    level: 'row',
    explanation: 'The expiry date lies before the purchase.',
    remedy: 'Correct the dates.',
  },
  'sold-after-expiry': {
    level: 'row',
    explanation: 'The sale is dated after the expiry date.',
    remedy: 'Correct the dates.',
  },
  'price-not-positive': {
    level: 'row',
    explanation: 'The price is 0 or negative.',
    remedy: 'Fill in the price that was paid, or leave the cell empty where it is not known.',
  },
  'cost-negative': {
    level: 'row',
    explanation: 'The cost is negative.',
    remedy: 'Fill in the cost, or leave the cell empty where it is not known.',
  },
  'cost-above-price': {
    level: 'row',
    explanation: 'The cost is more than cd4ml.costAbovePrice times the price: a shifted decimal?',
    remedy: 'Correct cost or price, or raise costAbovePrice.',
  },
  'plan-whom-missing': {
    level: 'row',
    explanation:
      'The row of the plan names neither a product nor a category, and says more than that a store is closed.',
    remedy: 'Fill in the product, or the category that it is about.',
  },
  'plan-days-missing': {
    level: 'row',
    explanation: 'The row of the plan does not say its first or its last day.',
    remedy: 'Fill it in: what holds for one day begins and ends on it.',
  },
  'plan-days-reversed': {
    level: 'row',
    explanation: 'The last day of the plan lies before its first.',
    remedy: 'Correct the days: are the two columns swapped?',
  },
  'plan-days-many': {
    level: 'row',
    explanation: 'The row plans more than two years: a mistyped year, or the price of a list?',
    remedy: 'Correct the days. A usual price is none that is planned: the sales have it.',
  },
  'plan-says-nothing': {
    level: 'row',
    explanation: 'The row names no price, discount, promotion, display or closing.',
    remedy: 'Fill in what is planned; a discount of 0 takes back what was planned before.',
  },
  'known-day-missing': {
    level: 'row',
    explanation: 'The row of the plan does not say on which day it was known.',
    remedy: 'Fill it in, or write cd4ml.plan.knownDaysBefore in place of the column.',
  },
  'discount-unclear': {
    level: 'row',
    explanation: 'Nothing tells whether the discount is a percentage or a share of the price.',
    remedy:
      'Write it with its sign, as 20%, or "percent" (20) or "share" (0.2) as cd4ml.plan.discounts.',
  },
  'discount-out-of-range': {
    level: 'row',
    explanation: 'The discount is negative, or more than the whole price.',
    remedy: 'Correct it, or what cd4ml.plan.discounts says that discounts are.',
  },
  'yes-or-no-unreadable': {
    level: 'row',
    explanation: 'The cell says neither yes nor no.',
    remedy: 'Write true or false, or 1 or 0.',
  },
  'price-against-discount': {
    level: 'row',
    explanation:
      'The planned price is not what the discount leaves of the price that was paid before.',
    remedy: 'Leave one of the two empty. The price is the one that customers will pay.',
  },
  'category-against-sales': {
    level: 'row',
    explanation: 'The row names a product and a category, but the product sold in another one.',
    remedy: 'Correct one of the two; a product alone is enough.',
  },
  'plan-contradictory': {
    level: 'row',
    explanation:
      'Another row that was known on the same day says something else of the same products and days.',
    remedy: 'Keep one of them, or say which was known later: that one counts.',
  },
  'file-not-read': {
    level: 'warning',
    explanation:
      'It looks like sales or a plan, but the contract does not name it: it was not read.',
    remedy: 'Call it as the contract says, name it there, or keep it elsewhere.',
  },
  'files-not-listed': {
    level: 'warning',
    explanation: 'The list of files in the contract, which other tools read, is not up to date.',
    remedy: 'Nothing is missing here. Bring it up to date: npx cd4ml validate --list-files',
  },
  'no-rows': {
    level: 'warning',
    explanation: 'The file has a header and no rows.',
    remedy: 'Extract it again if there were sales.',
  },
  'may-be-cut-off': {
    level: 'warning',
    explanation: 'The last line is not ended: the file may be cut off within its last cell.',
    remedy: 'Compare its last line with the source; where it is whole, end it as the others are.',
  },
  'stray-quote': {
    level: 'warning',
    explanation: 'Cells that are not quoted hold quotation marks. They were read as text.',
    remedy: 'Quote such cells and double the mark, or set quoteChar to null if none are quoted.',
  },
  'spaces-around-id': {
    level: 'warning',
    explanation: 'An id has spaces around it. They are left out.',
    remedy: 'Remove them at the source.',
  },
  'name-missing': {
    level: 'warning',
    explanation: 'The row has no name. It counts; another row names the product.',
    remedy: 'Fill it in.',
  },
  'category-missing': {
    level: 'warning',
    explanation: 'The row has no category. It counts; another row gives the category.',
    remedy: 'Fill it in.',
  },
  'category-unknown': {
    level: 'warning',
    explanation: 'The category is not listed in cd4ml.categories. The row counts as without one.',
    remedy: 'Correct it, or list it as a category or as a spelling of one.',
  },
  'expiry-far': {
    level: 'warning',
    explanation:
      'The expiry date is later than cd4ml.plausibleDays: the unit counts as one that does not expire.',
    remedy: 'List the date under cd4ml.sentinels.expiryDate, or leave the cell empty.',
  },
  'category-spelling': {
    level: 'warning',
    explanation: 'The category is spelled in another way and was read as the one it stands for.',
    remedy: 'Nothing has to be done; the source may be corrected.',
  },
  'price-missing': {
    level: 'warning',
    explanation: 'The row has no price, or one of 0 where nothing was sold. It counts without.',
    remedy: 'Fill it in.',
  },
  'cost-missing': {
    level: 'warning',
    explanation: 'The row has no cost, or one of 0. It counts without.',
    remedy: 'Fill it in.',
  },
  'purchase-date-missing': {
    level: 'warning',
    explanation: 'The row has no purchase date: the unit counts as bought on the day of its sale.',
    remedy: 'Fill it in.',
  },
  'stock-unusable': {
    level: 'warning',
    explanation: 'The stock on hand is missing or negative: it counts as not known that day.',
    remedy: 'Correct the stock.',
  },
  'delivered-negative': {
    level: 'warning',
    explanation: 'More units went back to the supplier than came: they count as no delivery.',
    remedy: 'Yield what came; what went back shows in the stock.',
  },
  'may-be-total': {
    level: 'warning',
    explanation: 'It is called as a total of others is. It counts.',
    remedy: 'If it is a total, list it in cd4ml.leftOut, or its sales count twice.',
  },
  'known-late': {
    level: 'warning',
    explanation: 'The row became known after its days had begun. It is not used before.',
    remedy: 'Check the day: is it that of the decision, or that on which the row was exported?',
  },
  'plan-repeated': {
    level: 'warning',
    explanation: 'The row says what another one says. It counts once.',
    remedy: 'Nothing has to be done; the extraction may be corrected.',
  },
  'plan-never-sold': {
    level: 'warning',
    explanation: 'What the plan is about has never sold. The row counts once it does.',
    remedy: 'Where it is not new, write the id or the category as the sales do.',
  },
  'days-apart': {
    level: 'warning',
    explanation:
      'More than a year without a single sale lies between the first sales and all others.',
    remedy: 'Correct their dates, or write cd4ml.plausibleDays.from: every model starts with them.',
  },
  'volume-change': {
    level: 'warning',
    explanation: 'Units sold per day in the newest month differ much from the months before.',
    remedy: 'Check that all stores and days are in the file.',
  },
  'more-missing': {
    level: 'warning',
    explanation: 'More cells than before are empty in the newest month.',
    remedy: 'Check the extraction of this column.',
  },
  'new-category': {
    level: 'warning',
    explanation: 'A category appears for the first time in the newest month.',
    remedy: 'If it is another spelling of an old one, list it in cd4ml.categories.',
  },
  'price-jump': {
    level: 'warning',
    explanation:
      'The mean price of a product in the newest month differs much from the one before.',
    remedy: 'Check the price: a shifted decimal, or another unit of sale?',
  },
} as const satisfies { [id: string]: Rule }

export type RuleId = keyof typeof rules
