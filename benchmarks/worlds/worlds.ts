import type { Dataset } from '../dataset.ts'
import {
  growthDays,
  growthNoisy,
  growthPure,
  growthSeason,
  growthYoung,
  shrinkingMonths,
} from './growth.ts'
import { launches } from './launches.ts'
import { paydays } from './paydays.ts'
import { promotions, promotionsUnplanned } from './promotions.ts'
import { storeProducts } from './store-products.ts'
import { weighedGoods, weighedGoodsYoung } from './weighed-goods.ts'

/**
 * Sales of chains that are simulated so that one thing about them is known: what drives their demand.
 * Each is made when its turn comes, always the same.
 */
export const worlds: Record<string, () => Promise<Omit<Dataset, 'name'>>> = {
  'store-products': storeProducts,
  launches,
  paydays,
  promotions,
  'promotions-unplanned': promotionsUnplanned,
  'weighed-goods': weighedGoods,
  'weighed-goods-young': weighedGoodsYoung,
  'growth-pure': growthPure,
  growth: growthNoisy,
  'growth-young': growthYoung,
  'growth-season': growthSeason,
  'growth-days': growthDays,
  'shrinking-months': shrinkingMonths,
}
