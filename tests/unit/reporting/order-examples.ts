import type { SeriesOrder } from '../../../src/ordering/forecaster.ts'
import type { AdvisedOrder } from '../../../src/ordering/order-advice.ts'
import type { ordersPage } from '../../../src/reporting/orders-page.ts'

type OrdersOfDay = Parameters<typeof ordersPage>[0]

/** What a shop of two categories, and of some products without one, would order. */
export function orders(): SeriesOrder[] {
  return [
    order({ productId: '1042', name: 'Biscoito champanhe', category: 'Biscoitos' }),
    order(
      { productId: '1038', name: 'Biscoito maisena', category: 'Biscoitos' },
      { units: 1600, packs: 200, cost: 3.6325, decidedBy: 'expiry' },
    ),
    order(
      { productId: '1001', name: 'Arroz branco 5kg', category: 'Arroz e feijão' },
      { units: 54, packs: 54, pack: 1, cost: 26.12, decidedBy: 'minimum service' },
    ),
    order({ productId: '7', storeId: 'Norte' }, { units: 8, packs: 1, expiring: 2 }),
    order({ productId: '1039', name: 'Biscoito recheado' }, none('enough', 'costs')),
    order({ productId: '1040', name: 'Rosquinha' }, none('unprofitable', 'loss')),
    { productId: '1050', name: 'Novo', outcome: 'unknown', missing: 'cost' },
    { productId: '1051', outcome: 'unknown', missing: 'cost' },
    { productId: '1052', outcome: 'unknown', missing: 'forecast', through: '2027-02-01' },
  ]
}

type Said = Partial<AdvisedOrder> & { outcome?: 'order' | 'enough' | 'unprofitable' }

export function order(
  of: { productId: string; storeId?: string; name?: string; category?: string },
  said: Said = {},
): SeriesOrder {
  return {
    ...of,
    outcome: 'order',
    units: 40,
    packs: 5,
    pack: 8,
    from: '2026-11-02',
    through: '2026-11-11',
    arrives: '2026-11-05',
    forecast: { mean: 29.25, p10: 16.4, p90: 40.2 },
    onHand: 12,
    expiring: 0,
    price: 7.2,
    cost: 4.92,
    costShort: 2.764,
    costOver: 0.03,
    criticalRatio: 0.989,
    decidedBy: 'costs',
    ...said,
  }
}

export function ordersOfDay(changes: Partial<OrdersOfDay> = {}): OrdersOfDay {
  const folder = 'https://github.com/shop/demand/blob/ledger/forecasts/20261102'
  return {
    orders: orders(),
    day: '2026-11-02',
    madeOn: '2026-11-02',
    age: { through: '2026-11-01', days: 1, rhythm: 1 },
    version: 3,
    model: 'moving-average (window 8)',
    files: {
      excel: `${folder}/orders-excel.csv`,
      csv: `${folder}/orders.csv`,
      forecastsExcel: `${folder}/forecasts-excel.csv`,
      forecastsCsv: `${folder}/forecasts.csv`,
    },
    ...changes,
  }
}

function none(outcome: Said['outcome'] & string, decidedBy: AdvisedOrder['decidedBy']): Said {
  return { outcome, decidedBy, units: 0, packs: 0, ...(decidedBy === 'loss' && { costShort: 0 }) }
}
