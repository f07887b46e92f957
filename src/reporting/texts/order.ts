import { inEveryLanguage } from '../../base/language.ts'
import { countedIn } from './numbers.ts'

/** Of the sentence that says what to order and why. Numbers come in as text. */
export const reasonTexts = inEveryLanguage({
  en: {
    orderNone: 'Order none',
    order: (units: string) => `Order ${units}`,
    packs: (packs: number, pack: string) => `${countedIn('en', packs, 'pack', 'packs')} of ${pack}`,
    forecast: (mean: string, through: string, interval: string) =>
      `forecast ${mean} through ${through} (80%: ${interval})`,
    lost: (units: number) =>
      `of which ${countedIn('en', units, 'is', 'are')} lost before the order arrives`,
    onHand: (units: string) => `${units} on hand`,
    onOrder: (units: string) => `and ${units} on order`,
    expiring: (units: number) => `of which ${countedIn('en', units, 'will expire', 'will expire')}`,
    cheapest: (cases: string) => `enough in ${cases} of cases is cheapest`,
    leastAsked: (cases: string) => `enough in ${cases} of cases is the least that is asked for`,
    costs: (short: string, over: string) => `one short costs ${short}, one left over ${over}`,
    mayExpire: 'as it may expire',
    loss: (price: string, cost: string) => `one sold brings ${price} and costs ${cost}`,
    though: 'though',
    noneWorth: 'none is worth ordering',
    noDemand: 'none is expected to sell',
    keeping: 'one sold earns less than keeping one costs',
    withoutPlan: (mean: string, units: string) =>
      `If nothing were planned: forecast ${mean}, order ${units}.`,
    unknown: 'What to order is not known',
    missing: {
      price: 'its price is not in the sales',
      cost: 'its cost is not in the sales',
      stock: 'neither purchases nor stock are in the sales',
    },
    beyondForecast: (through: string) => `the order lasts until ${through}, beyond the forecast`,
  },
  'pt-BR': {
    orderNone: 'Não pedir',
    order: (units: string) => `Pedir ${units}`,
    packs: (packs: number, pack: string) =>
      `${countedIn('pt-BR', packs, 'embalagem', 'embalagens')} de ${pack}`,
    forecast: (mean: string, through: string, interval: string) =>
      `previsão de ${mean} até ${through} (80%: ${interval})`,
    lost: (units: number) =>
      `das quais ${countedIn('pt-BR', units, 'se perde', 'se perdem')} antes de o pedido chegar`,
    onHand: (units: string) => `${units} em estoque`,
    onOrder: (units: string) => `e ${units} a caminho`,
    expiring: (units: number) =>
      `das quais ${countedIn('pt-BR', units, 'vai vencer', 'vão vencer')}`,
    cheapest: (cases: string) => `ter o bastante em ${cases} dos casos é o mais barato`,
    leastAsked: (cases: string) => `ter o bastante em ${cases} dos casos é o mínimo exigido`,
    costs: (short: string, over: string) =>
      `cada uma que falta custa ${short}, cada uma que sobra ${over}`,
    mayExpire: 'pois pode vencer',
    loss: (price: string, cost: string) => `cada uma vendida rende ${price} e custa ${cost}`,
    though: 'embora',
    noneWorth: 'não vale a pena pedir',
    noDemand: 'não se espera vender nenhuma',
    keeping: 'cada uma vendida rende menos do que custa guardá-la',
    withoutPlan: (mean: string, units: string) =>
      `Se nada estivesse planejado: previsão de ${mean}, pedir ${units}.`,
    unknown: 'Não se sabe quanto pedir',
    missing: {
      price: 'as vendas não trazem o preço',
      cost: 'as vendas não trazem o custo',
      stock: 'as vendas não trazem compras nem estoque',
    },
    beyondForecast: (through: string) => `o pedido dura até ${through}, além da previsão`,
  },
})

/** Of the table of orders and the page of the day. What comes from outside is Markdown already. */
export const orderTexts = inEveryLanguage({
  en: {
    title: (day: string) => `Order of the day: ${day}`,
    columns: {
      category: 'Category',
      productId: 'Product',
      product: 'Product',
      name: 'Name',
      store: 'Store',
      products: 'Products',
      from: 'From',
      through: 'Through',
      onHand: 'On hand',
      forecast: 'Forecast',
      interval: '80%',
      p10: 'At least (10%)',
      p90: 'At most (90%)',
      units: 'Order',
      packs: 'Packs',
      packSize: 'Units a pack',
      cost: 'Cost of a unit',
      value: 'Value',
      reason: 'Why',
    },
    total: 'Total',
    noCategory: 'No category',
    inStore: (store: string) => `in store ${store}`,
    made: (day: string, by: string) => `Made on ${day} by ${by}`,
    sales: (through: string, days: number) =>
      `from sales through ${through}, ${countedIn('en', days, 'day', 'days')} old`,
    old: (days: number, rhythm: number) =>
      `The sales are ${countedIn('en', days, 'day', 'days')} old, and new ones are due every ${rhythm === 1 ? 'day' : countedIn('en', rhythm, 'day', 'days')}.`,
    restsOn: (day: string) =>
      `What is on hand and what to order are those of the morning of ${day}: bring newer sales in before you order.`,
    usualTerms: (leadTime: number, reviewPeriod: number) =>
      `There is no \`ordering.yml\`: a lead time of ${countedIn('en', leadTime, 'day', 'days')}, an order every ${countedIn('en', reviewPeriod, 'day', 'days')} and single units are taken for granted.`,
    valueAtCost: 'The value is at cost.',
    orders: 'Orders',
    forecasts: 'Forecasts',
    forExcel: 'CSV for Excel in Brazil',
    csv: 'CSV',
    nothing: 'Nothing is to be ordered.',
    more: (count: number) =>
      `${countedIn('en', count, 'more product of this category is', 'more products of this category are')} in the CSV.`,
    moreCategories: (count: number) =>
      `${countedIn('en', count, 'more category is', 'more categories are')} in the CSV.`,
    moreRows: (count: number) =>
      `${countedIn('en', count, 'more', 'more')}: cd4ml order --format csv has all of them.`,
    notOrdered: 'Not ordered',
    enough: (count: number) => `${countedIn('en', count, 'product has', 'products have')} enough.`,
    unprofitable: (count: number) =>
      `${countedIn('en', count, 'product is', 'products are')} not worth it: every one sold would lose money.`,
    unknown: (count: number, why: string) =>
      `Of ${countedIn('en', count, 'product', 'products')} it is not known what to order: ${why}.`,
    stale: (age: number) =>
      `This order was ${countedIn('en', age, 'day', 'days')} old when a newer one could not be made.`,
    staleOn: (day: string, problem: string) => `On ${day}: ${problem}`,
    comesTo: (products: number, units: string, value: string) =>
      `${countedIn('en', products, 'product', 'products')}, ${units} units, ${value} at cost.`,
    noOrders: '**No order could be made yet.**',
  },
  'pt-BR': {
    title: (day: string) => `Pedido de hoje: ${day}`,
    columns: {
      category: 'Categoria',
      productId: 'Produto',
      product: 'Produto',
      name: 'Nome',
      store: 'Loja',
      products: 'Produtos',
      from: 'De',
      through: 'Até',
      onHand: 'Em estoque',
      forecast: 'Previsão',
      interval: '80%',
      p10: 'No mínimo (10%)',
      p90: 'No máximo (90%)',
      units: 'Pedir',
      packs: 'Embalagens',
      packSize: 'Unidades por embalagem',
      cost: 'Custo da unidade',
      value: 'Valor',
      reason: 'Por quê',
    },
    total: 'Total',
    noCategory: 'Sem categoria',
    inStore: (store: string) => `na loja ${store}`,
    made: (day: string, by: string) => `Feito em ${day} por ${by}`,
    sales: (through: string, days: number) =>
      `com as vendas até ${through}, de ${countedIn('pt-BR', days, 'dia', 'dias')} atrás`,
    old: (days: number, rhythm: number) =>
      `As vendas têm ${countedIn('pt-BR', days, 'dia', 'dias')}, e deveriam chegar novas a cada ${rhythm === 1 ? 'dia' : countedIn('pt-BR', rhythm, 'dia', 'dias')}.`,
    restsOn: (day: string) =>
      `O estoque e o pedido são os da manhã de ${day}: traga as vendas mais novas antes de pedir.`,
    usualTerms: (leadTime: number, reviewPeriod: number) =>
      `Não há \`ordering.yml\`: supõe-se entrega em ${countedIn('pt-BR', leadTime, 'dia', 'dias')}, um pedido a cada ${countedIn('pt-BR', reviewPeriod, 'dia', 'dias')} e unidades avulsas.`,
    valueAtCost: 'O valor é a preço de custo.',
    orders: 'Pedido',
    forecasts: 'Previsões',
    forExcel: 'CSV para o Excel',
    csv: 'CSV simples',
    nothing: 'Não há nada a pedir.',
    more: (count: number) =>
      `${countedIn('pt-BR', count, 'outro produto desta categoria está', 'outros produtos desta categoria estão')} no CSV.`,
    moreCategories: (count: number) =>
      `${countedIn('pt-BR', count, 'outra categoria está', 'outras categorias estão')} no CSV.`,
    moreRows: (count: number) =>
      `mais ${countedIn('pt-BR', count, 'linha', 'linhas')}: cd4ml order --format csv traz todas.`,
    notOrdered: 'Sem pedido',
    enough: (count: number) =>
      `${countedIn('pt-BR', count, 'produto tem', 'produtos têm')} o bastante.`,
    unprofitable: (count: number) =>
      `${countedIn('pt-BR', count, 'produto não vale', 'produtos não valem')} a pena: cada unidade vendida daria prejuízo.`,
    unknown: (count: number, why: string) =>
      `De ${countedIn('pt-BR', count, 'produto', 'produtos')} não se sabe quanto pedir: ${why}.`,
    stale: (age: number) =>
      `Este pedido tinha ${countedIn('pt-BR', age, 'dia', 'dias')} quando um mais novo não pôde ser feito.`,
    staleOn: (day: string, problem: string) => `Em ${day}: ${problem}`,
    comesTo: (products: number, units: string, value: string) =>
      `${countedIn('pt-BR', products, 'produto', 'produtos')}, ${units} unidades, ${value} a preço de custo.`,
    noOrders: '**Ainda não foi possível fazer nenhum pedido.**',
  },
})
