import type { Language } from '../base/language.ts'
import { shortened } from '../base/wording.ts'
import { LEDGER_BRANCH, type Leaderboard, publishedOrders } from '../ledger/leaderboard.ts'
import { newestFiles } from '../ledger/ledger.ts'
import { daysBetween } from './format.ts'
import { fileUrl } from './links.ts'
import { inlineText, link } from './markdown.ts'
import { numbersIn } from './texts/numbers.ts'
import { orderTexts } from './texts/order.ts'

/**
 * Where the order of the day is and what it comes to, for the README of the ledger; its age and why
 * where there is no newer one. Empty where nobody has tried to make one.
 */
export function publishedOrdersText(
  leaderboard: Leaderboard,
  repository: string,
  language: Language,
): string {
  const say = orderTexts[language]
  const { integer, money, day } = numbersIn[language]
  const orders = publishedOrders(leaderboard)
  if (orders) {
    const title = link(
      say.title(day(orders.day)),
      fileUrl(repository, LEDGER_BRANCH, newestFiles.ordersPage),
    )
    const total = say.comesTo(orders.products, integer(orders.units), money(orders.value))
    const { at, stale } = orders
    const mark = stale ? `⚠️ **${say.stale(daysBetween(at, stale.at))}** ` : ''
    return `${mark}${title}: ${total}\n`
  }
  const tried = leaderboard.forecasts.made?.orders
  return tried?.outcome === 'kept'
    ? `⚠️ ${say.noOrders} ${inlineText(shortened(tried.problem, 300))}\n`
    : ''
}
