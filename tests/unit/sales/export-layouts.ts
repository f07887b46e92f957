/** One line of a receipt, before any system has written it in its own way. */
export type Sale = {
  /** `YYYY-MM-DD`. */
  day: string
  id: string
  name: string
  category: string
  store: string
  units: number
  cents: number
  receipt: number
}

/** How one system writes sales: a header and a row for each sale. */
export type ExportLayout = {
  system: string
  delimiter?: string
  encoding?: 'latin1'
  /** Lines above the header. */
  titles?: string[]
  header: string[]
  row: (sale: Sale) => (string | number)[]
  /** The options that settle what such a file leaves open, all at once. */
  settledBy?: string[]
  /** True where each row is one unit. */
  hasNoQuantity?: true
}

const PRODUCTS = ['Arroz 5kg', 'Feijão preto', 'Café torrado', 'Açúcar', 'Óleo de soja']

/** 600 lines of 120 days from 1 January 2025, two stores; one line in fifty is a return. */
export const SALES: readonly Sale[] = Array.from({ length: 600 }, (_, i) => {
  const day = new Date(Date.UTC(2025, 0, 1 + Math.floor(i / 5)))
  const product = i % 5
  return {
    day: day.toISOString().slice(0, 10),
    id: `10${product + 1}`,
    name: PRODUCTS[product],
    category: product < 2 ? 'mercearia' : 'bebidas',
    store: i % 3 === 0 ? 'Centro' : 'Norte',
    units: i % 50 === 49 ? -1 : 1 + ((i * 7) % 9),
    cents: 590 + 700 * product + 5,
    receipt: 5000 + Math.floor(i / 3),
  }
})

const money = ({ cents }: Sale) => (cents / 100).toFixed(2)
const total = ({ cents, units }: Sale) => ((cents * units) / 100).toFixed(2)
const comma = (text: string) => text.replace('.', ',')
const parts = ({ day }: Sale) => day.split('-')
const dmy = (sale: Sale, sign = '/') => parts(sale).reverse().join(sign)
/** As a spreadsheet in the United States does: 1/31/2025. */
const mdy = (sale: Sale, year = 4) => {
  const [y, m, d] = parts(sale)
  return `${Number(m)}/${Number(d)}/${y.slice(4 - year)}`
}

export const LAYOUTS: ExportLayout[] = [
  {
    system: 'Shopify',
    header:
      'Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem requires shipping,Billing Name,Billing City,Vendor'.split(
        ',',
      ),
    row: (s) => [
      ...[`#${s.receipt}`, 'a@b.c', 'paid', `${s.day} 10:00:01 -0300`, 'fulfilled', ''],
      ...['BRL', total(s), '0.00', '0.00', total(s), '', '0.00', `${s.day} 10:00:00 -0300`],
      ...[s.units, s.name, money(s), s.id, 'true', `Ana ${s.receipt}`, 'Recife', 'Casa'],
    ],
  },
  {
    system: 'WooCommerce',
    header:
      'Order Number,Order Status,Order Date,Customer Note,First Name (Billing),Last Name (Billing),Payment Method Title,Order Subtotal Amount,Order Shipping Amount,Order Refund Amount,Order Total Amount,SKU,Item #,Item Name,Quantity (- Refund),Item Cost,Coupon Code'.split(
        ',',
      ),
    row: (s) => [
      ...[s.receipt, 'Completed', `${s.day} 10:20`, '', 'Ana', 'Lima', 'Pix', total(s), '5.00'],
      ...['0.00', total(s), s.id, 1, s.name, s.units, money(s), ''],
    ],
  },
  {
    system: 'Square',
    header:
      'Date,Time,Time Zone,Category,Item,Qty,Price Point Name,SKU,Modifiers Applied,Gross Sales,Discounts,Net Sales,Tax,Transaction ID,Payment ID,Device Name,Notes,Details,Event Type,Location,Dining Option,Customer ID,Customer Name,Unit,Count'.split(
        ',',
      ),
    row: (s) => [
      ...[
        mdy(s, 2),
        '14:05:10',
        'Eastern Time',
        s.category,
        s.name,
        `${s.units}.0`,
        'Regular',
        s.id,
      ],
      ...['', `$${total(s)}`, '$0.00', `$${total(s)}`, '$0.00', `T${s.receipt}`, `P${s.receipt}`],
      ...[
        'Till 1',
        '',
        'https://x',
        'Payment',
        s.store,
        'For Here',
        '',
        `Ana ${s.receipt}`,
        'ea',
        s.units,
      ],
    ],
    settledBy: ['--column quantity=Qty'],
  },
  {
    system: 'Loyverse',
    header:
      'Date,Receipt number,Receipt type,Category,SKU,Item,Variant,Modifiers applied,Quantity,Gross sales,Discounts,Net sales,Cost of goods,Gross profit,Taxes,Dining option,POS,Store,Cashier name,Customer name,Customer contacts,Comment,Status'.split(
        ',',
      ),
    row: (s) => [
      ...[`${mdy(s, 2)} 2:05 PM`, `1-${s.receipt}`, 'Sale', s.category, s.id, s.name, '', ''],
      ...[s.units, total(s), '0.00', total(s), '1.00', total(s), '0.00', '', 'POS 1', s.store],
      ...['Rui', 'Ana', '', '', 'Closed'],
    ],
  },
  {
    system: 'Lightspeed',
    header:
      'Sale ID,Completed Time,Shop,Employee,Customer,System ID,Item,Qty,Retail,Subtotal,Discount,Total'.split(
        ',',
      ),
    row: (s) => [
      ...[s.receipt, `${s.day}T14:05:00-03:00`, s.store, 'Rui', `Ana ${s.receipt}`, `2100${s.id}`],
      ...[s.name, s.units, money(s), total(s), '0.00', total(s)],
    ],
  },
  {
    system: 'Odoo',
    header:
      'Order Reference,Order Date,Customer,Salesperson,Order Lines/Product,Order Lines/Quantity,Order Lines/Unit Price,Order Lines/Subtotal'.split(
        ',',
      ),
    row: (s) => [
      ...[`S0${s.receipt}`, `${s.day} 14:05:00`, `Ana ${s.receipt}`, 'Rui', `[${s.id}] ${s.name}`],
      ...[`${s.units}.0`, money(s), total(s)],
    ],
  },
  {
    system: 'SAP in German',
    delimiter: ';',
    encoding: 'latin1',
    header:
      'Fakturadatum;Werk;Material;Materialkurztext;Fakturierte Menge;ME;Nettowert;Währg'.split(';'),
    row: (s) => [
      ...[dmy(s, '.'), s.store, s.id, s.name, sapNumber(`${Math.abs(s.units)},000`, s)],
      ...['ST', sapNumber(comma(total(s).replace('-', '')), s), 'EUR'],
    ],
  },
  {
    system: 'SAP in English',
    delimiter: '\t',
    header: 'Billing Date\tPlant\tMaterial\tMaterial Description\tBilled Quantity\tNet Value'.split(
      '\t',
    ),
    row: (s) => [
      ...[dmy(s, '.'), s.store, s.id, s.name],
      ...[sapNumber(`${Math.abs(s.units)}.000`, s), sapNumber(total(s).replace('-', ''), s)],
    ],
  },
  {
    system: 'Bling',
    delimiter: ';',
    header:
      'Data;Número do pedido;Nome do contato;Código;Descrição;Quantidade;Valor unitário;Valor total'.split(
        ';',
      ),
    row: (s) => [
      ...[dmy(s), s.receipt, `Ana ${s.receipt}`, s.id, s.name, `${s.units},00`],
      ...[comma(money(s)), comma(total(s))],
    ],
  },
  {
    system: 'Omie',
    delimiter: ';',
    titles: ['Vendas e NF-e;;;;;;;;;', 'Período de 01/01/2025 a 30/04/2025;;;;;;;;;'],
    header:
      'Data de Emissão;Nota Fiscal;Cliente;Código do Produto;Descrição do Produto;Família;CFOP;Quantidade;Valor Unitário;Total de Mercadoria'.split(
        ';',
      ),
    row: (s) => [
      ...[dmy(s), s.receipt, `Ana ${s.receipt}`, s.id, s.name, s.category, '5.102', s.units],
      ...[comma(money(s)), comma(total(s))],
    ],
  },
  {
    system: 'Tiny',
    delimiter: ';',
    header:
      'ID;Número do pedido;Data;Situação;Nome do contato;Código (SKU);Descrição;Quantidade;Valor unitário;Desconto'.split(
        ';',
      ),
    row: (s) => [
      ...[`77${s.receipt}`, s.receipt, dmy(s), 'Entregue', `Ana ${s.receipt}`, s.id, s.name],
      ...[`${s.units},00`, comma(money(s)), '0,00'],
    ],
  },
  {
    system: 'TOTVS Protheus',
    delimiter: ';',
    header:
      'D2_FILIAL;D2_EMISSAO;D2_DOC;D2_SERIE;D2_CLIENTE;D2_COD;D2_UM;D2_QUANT;D2_PRCVEN;D2_TOTAL'.split(
        ';',
      ),
    row: (s) => [
      ...[s.store, s.day.replaceAll('-', ''), `000${s.receipt}`, '1', `C${s.receipt}`, s.id, 'UN'],
      ...[`${s.units}.00`, money(s), total(s)],
    ],
  },
  {
    system: 'Linx Microvix',
    delimiter: ';',
    header:
      'EMPRESA;DATA;DOCUMENTO;COD_PRODUTO;DESCRICAO;SETOR;MARCA;QTDE;VALOR_UNITARIO;VALOR_LIQUIDO;COD_VENDEDOR;NOME_VENDEDOR'.split(
        ';',
      ),
    row: (s) => [
      ...[1, `${dmy(s)} 00:00:00`, s.receipt, s.id, s.name, s.category, 'X', s.units],
      ...[comma(money(s)), comma(total(s)), 7, 'Rui'],
    ],
  },
  {
    system: 'Excel in Portuguese',
    delimiter: ';',
    encoding: 'latin1',
    header: ['Data', 'Loja', 'Produto', 'Quantidade', 'Preço'],
    row: (s) => [dmy(s), s.store, s.name, s.units, ` R$ ${comma(money(s))} `],
  },
  {
    system: 'Excel in English',
    header: ['Date', 'Store', 'Product', 'Quantity', 'Price'],
    row: (s) => [mdy(s), s.store, s.name, s.units, `$${money(s)}`],
  },
  {
    system: 'Google Sheets in Portuguese',
    header: ['Data', 'Produto', 'Qtd. vendida', 'Preço (R$)'],
    row: (s) => [dmy(s), s.name, s.units, comma(money(s))],
  },
  {
    system: 'pandas',
    header: ['date', 'store', 'sku', 'qty', 'price'],
    row: (s) => [`${s.day} 00:00:00`, s.store, s.id, `${s.units}.0`, money(s)],
  },
  {
    system: 'pandas with sep=";" and decimal=","',
    delimiter: ';',
    header: ['data_venda', 'loja', 'codigo', 'nome', 'qtd', 'preco'],
    row: (s) => [s.day, s.store, s.id, s.name, `${s.units},0`, comma(money(s))],
  },
  {
    system: 'Superstore',
    header:
      'Row ID,Order ID,Order Date,Ship Date,Ship Mode,Customer ID,Customer Name,Segment,Country,City,State,Postal Code,Region,Product ID,Category,Sub-Category,Product Name,Sales,Quantity,Discount,Profit'.split(
        ',',
      ),
    row: (s) => [
      ...[
        s.receipt * 3,
        `CA-${s.receipt}`,
        mdy(s),
        mdy(s),
        'Second Class',
        `C${s.receipt}`,
        'Ana Lima',
      ],
      ...['Consumer', 'United States', 'Miami', 'Florida', '33101', 'South', s.id, s.category],
      ...['Binders', s.name, total(s), s.units, '0.2', '1.25'],
    ],
  },
  {
    system: 'Online Retail II',
    header: 'Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country'.split(
      ',',
    ),
    row: (s) => [
      ...[s.receipt, s.id, s.name, s.units, `${mdy(s)} 8:26`, money(s), '17850', 'United Kingdom'],
    ],
  },
  {
    system: 'Rossmann',
    header: 'Store,DayOfWeek,Date,Sales,Customers,Open,Promo,StateHoliday,SchoolHoliday'.split(','),
    row: (s) => [s.id, 1 + (s.receipt % 7), s.day, s.units, 50 + s.units, 1, 0, '0', 1],
    settledBy: ['--column product=Store', '--column quantity=Sales'],
  },
  {
    system: 'Favorita',
    header: 'id,date,store_nbr,item_nbr,unit_sales,onpromotion'.split(','),
    row: (s) => [s.receipt, s.day, s.store === 'Centro' ? 1 : 2, s.id, `${s.units}.0`, 'False'],
  },
  {
    system: 'M5, one row a day',
    header: 'item_id,dept_id,cat_id,store_id,state_id,date,sales,sell_price'.split(','),
    row: (s) => [s.id, 'FOODS_1', s.category, s.store, 'CA', s.day, s.units, money(s)],
  },
  {
    system: 'Walmart',
    header: 'Store,Dept,Date,Weekly_Sales,IsHoliday'.split(','),
    row: (s) => [s.store, s.id, s.day, `${s.units}.00`, 'FALSE'],
    settledBy: ['--column product=Dept', '--column quantity=Weekly_Sales'],
  },
  {
    system: 'Walmart with its weather',
    header: 'Store,Date,Weekly_Sales,Holiday_Flag,Temperature,Fuel_Price,CPI,Unemployment'.split(
      ',',
    ),
    row: (s) => [s.id, dmy(s, '-'), `${s.units}.00`, 0, '42.31', '2.572', '211.0963582', '8.106'],
    settledBy: ['--column product=Store', '--column quantity=Weekly_Sales'],
  },
  {
    system: 'predict future sales',
    header: 'date,date_block_num,shop_id,item_id,item_price,item_cnt_day'.split(','),
    row: (s) => [dmy(s, '.'), 0, s.store === 'Centro' ? 1 : 2, s.id, money(s), `${s.units}.0`],
  },
  {
    system: 'store item demand',
    header: 'date,store,item,sales'.split(','),
    row: (s) => [s.day, s.store, s.id, s.units],
    settledBy: ['--column quantity=sales'],
  },
  {
    system: 'historical product demand',
    header: 'Product_Code,Warehouse,Product_Category,Date,Order_Demand'.split(','),
    row: (s) => [
      ...[`Product_${s.id}`, s.store, s.category, s.day.replaceAll('-', '/')],
      s.units < 0 ? `(${-s.units})` : s.units,
    ],
  },
  {
    system: 'supermarket sales',
    header:
      'Invoice ID,Branch,City,Customer type,Gender,Product line,Unit price,Quantity,Tax 5%,Total,Date,Time,Payment,cogs,gross margin percentage,gross income,Rating'.split(
        ',',
      ),
    row: (s) => [
      ...[`750-${s.receipt}`, s.store, 'Yangon', 'Member', 'Female', s.name, money(s), s.units],
      ...['1.05', total(s), mdy(s), '13:08', 'Ewallet', total(s), '4.761904762', '1.05', '9.1'],
    ],
    settledBy: ['--column product="Product line"'],
  },
  {
    system: 'coffee shop',
    header:
      'transaction_id,transaction_date,transaction_time,transaction_qty,store_id,store_location,product_id,unit_price,product_category,product_type,product_detail'.split(
        ',',
      ),
    row: (s) => [
      ...[s.receipt, mdy(s), '07:06:11', s.units, s.store === 'Centro' ? 5 : 8, s.store, s.id],
      ...[money(s), s.category, 'Drip', s.name],
    ],
  },
  {
    system: 'French bakery',
    header: 'date,time,ticket_number,article,Quantity,unit_price'.split(','),
    row: (s) => [s.day, '08:38', `${s.receipt}.0`, s.name, `${s.units}.0`, `${comma(money(s))} €`],
  },
  {
    system: 'German till',
    delimiter: ';',
    header: 'Datum;Filiale;Artikelnummer;Bezeichnung;Warengruppe;Menge;Einzelpreis;Umsatz'.split(
      ';',
    ),
    row: (s) => [
      ...[
        dmy(s, '.'),
        s.store,
        s.id,
        s.name,
        s.category,
        s.units,
        comma(money(s)),
        comma(total(s)),
      ],
    ],
  },
  {
    system: 'French till',
    delimiter: ';',
    header: 'Jour;Magasin;Code article;Libellé;Famille;Quantité;Prix unitaire;Montant TTC'.split(
      ';',
    ),
    row: (s) => [
      ...[dmy(s), s.store, s.id, s.name, s.category, s.units, comma(money(s)), comma(total(s))],
    ],
  },
  {
    system: 'Spanish till',
    delimiter: ';',
    header: 'Fecha;Sucursal;Código;Descripción;Familia;Cantidad;Precio unitario;Importe'.split(';'),
    row: (s) => [
      ...[dmy(s), s.store, s.id, s.name, s.category, s.units, comma(money(s)), comma(total(s))],
    ],
  },
  {
    system: 'joined capitals',
    header:
      'ORDERNUMBER,QUANTITYORDERED,PRICEEACH,SALES,ORDERDATE,STATUS,PRODUCTLINE,MSRP,PRODUCTCODE,CUSTOMERNAME'.split(
        ',',
      ),
    row: (s) => [
      ...[s.receipt, s.units, money(s), total(s), `${mdy(s)} 0:00`, 'Shipped', s.category, 95],
      ...[s.id, `Ana ${s.receipt}`],
    ],
  },
  {
    system: 'retailers by id',
    header: 'retID,prodID,saleDate,quantities'.split(','),
    row: (s) => [s.store, s.id, s.day, s.units],
  },
  {
    system: 'sold beside returned',
    delimiter: ';',
    header: 'Data;SKU;Qtde Devolvida;Qtde Vendida;Valor Total'.split(';'),
    row: (s) => [dmy(s), s.id, 0, s.units, comma(total(s))],
  },
  {
    system: 'an online shop with instalments',
    header:
      'Produto,Categoria do Produto,Preço,Frete,Data da Compra,Vendedor,Local da compra,Avaliação da compra,Tipo de pagamento,Quantidade de parcelas,lat,lon'.split(
        ',',
      ),
    row: (s) => [
      ...[s.name, s.category, money(s), '9.25', dmy(s), 'Rui', 'SP', 1 + (s.receipt % 5)],
      ...['cartao_credito', 1 + (s.receipt % 8), '-22.19', '-48.79'],
    ],
    hasNoQuantity: true,
  },
  {
    system: 'Mercado Livre',
    delimiter: ';',
    header:
      '# de venda;Data da venda;Estado;Unidades;Receita por produtos (BRL);SKU;# de anúncio;Título do anúncio;Preço unitário de venda do anúncio (BRL);Comprador'.split(
        ';',
      ),
    row: (s) => [
      ...[s.receipt, `${longDate(s)} 14:05 hs.`, 'Entregue', s.units, total(s), s.id],
      ...[`MLB${s.id}`, s.name, money(s), `Ana ${s.receipt}`],
    ],
  },
  {
    system: 'Iowa liquor',
    header:
      'Invoice/Item Number,Date,Store Number,Store Name,City,Zip Code,Category,Category Name,Vendor Number,Vendor Name,Item Number,Item Description,Pack,Bottle Volume (ml),State Bottle Cost,State Bottle Retail,Bottles Sold,Sale (Dollars),Volume Sold (Liters)'.split(
        ',',
      ),
    row: (s) => [
      ...[
        `INV-${s.receipt}-${s.id}`,
        mdy(s),
        s.store === 'Centro' ? 1 : 2,
        s.store,
        'AMES',
        '50010',
      ],
      ...['1031100', s.category, '260', 'DIAGEO', s.id, s.name, 12, 750, '5.00', money(s), s.units],
      ...[total(s), (s.units * 0.75).toFixed(2)],
    ],
    settledBy: ['--column quantity="Bottles Sold"'],
  },
  {
    system: 'retail store inventory',
    header:
      'Date,Store ID,Product ID,Category,Region,Inventory Level,Units Sold,Units Ordered,Demand Forecast,Price,Discount,Weather Condition,Holiday/Promotion,Seasonality'.split(
        ',',
      ),
    row: (s) => [
      ...[s.day, s.store, s.id, s.category, 'North', 99, s.units, s.units + 3, `${s.units}.47`],
      ...[money(s), 5, 'Rainy', 0, 'Autumn'],
    ],
    settledBy: ['--column quantity="Units Sold"'],
  },
  {
    system: 'weighed goods',
    delimiter: ';',
    header: 'Data;Produto;Peso (kg)'.split(';'),
    row: (s) => [dmy(s), s.name, `${s.units},000`],
    settledBy: ['--column quantity="Peso (kg)"', '--decimal ,'],
  },
  {
    system: 'Shopify’s report, with what was ordered and what was kept',
    header:
      'Day,Product title,Ordered item quantity,Returned item quantity,Net item quantity'.split(','),
    row: (s) => [s.day, s.name, Math.max(0, s.units), Math.min(0, s.units), s.units],
    settledBy: ['--column quantity="Net item quantity"'],
  },
  {
    system: 'WooCommerce, one line an item',
    header:
      'order_id,order_date,customer_note,billing_first_name,item_name,item_sku,item_quantity,item_total,order_total'.split(
        ',',
      ),
    row: (s) => [
      ...[s.receipt, `${s.day} 10:00:00`, '', 'Ana', s.name, s.id, s.units, total(s), total(s)],
    ],
  },
  {
    system: 'Loyverse in Portuguese',
    header:
      'Data,Recibo número,Tipo de recibo,Categoria,REF,Item,Quantidade,Vendas brutas,Vendas líquidas,Lucro bruto,Loja,Nome do caixa,Nome do cliente'.split(
        ',',
      ),
    row: (s) => [
      ...[`${dmy(s)} 14:05`, `1-${s.receipt}`, 'Venda', s.category, s.id, s.name, s.units],
      ...[total(s), total(s), total(s), s.store, 'Rui', `Ana ${s.receipt}`],
    ],
  },
  {
    system: 'the billing table of SAP',
    delimiter: ';',
    header: 'VBELN;POSNR;FKDAT;WERKS;MATNR;ARKTX;FKIMG;VRKME;NETWR;WAERK'.split(';'),
    row: (s) => [
      ...[s.receipt, '000010', s.day.replaceAll('-', ''), s.store, `000000${s.id}`, s.name],
      ...[sapNumber(`${Math.abs(s.units)}.000`, s), 'ST'],
      ...[sapNumber(total(s).replace('-', ''), s), 'EUR'],
    ],
  },
  {
    system: 'TOTVS RM',
    delimiter: ';',
    header:
      'CODCOLIGADA;CODFILIAL;DATAEMISSAO;NUMEROMOV;CODIGOPRD;NOMEFANTASIA;QUANTIDADE;PRECOUNITARIO;VALORTOTAL'.split(
        ';',
      ),
    row: (s) => [
      ...[1, s.store, `${dmy(s)} 00:00:00`, s.receipt, s.id, s.name, `${s.units},0000`],
      ...[comma(money(s)), comma(total(s))],
    ],
  },
  {
    system: 'Omie’s orders, invoiced later than they came',
    delimiter: ';',
    header:
      'Situação;Data de Inclusão;Previsão de Faturamento;Pedido de Venda;Cliente (Nome Fantasia);Produto;Descrição;Quantidade;Unidade;Valor Total'.split(
        ';',
      ),
    row: (s) => [
      ...['Faturado', dmy(s), '31/12/2025', s.receipt, `Ana ${s.receipt}`, s.id, s.name, s.units],
      ...['UN', comma(total(s))],
    ],
  },
  {
    system: 'big marts',
    header: 'Item_Identifier,Item_Type,Item_MRP,Outlet_Identifier,Date,Item_Outlet_Sales'.split(
      ',',
    ),
    row: (s) => [s.id, s.category, money(s), s.store, s.day, s.units],
    settledBy: ['--column quantity=Item_Outlet_Sales'],
  },
  {
    system: 'cases of several units',
    header: ['Date', 'SKU', 'Units per Case', 'Cases Sold'],
    row: (s) => [s.day, s.id, 6 * (1 + (Number(s.id) % 3)), s.units],
  },
  {
    system: 'a till in a language that is not known',
    delimiter: ';',
    header: 'Kuupäev;Toode;Kogus;Hind'.split(';'),
    row: (s) => [dmy(s, '.'), s.name, s.units, comma(money(s))],
    settledBy: ['--column product=Toode', '--column quantity=Kogus'],
  },
  {
    system: 'an open till without a quantity',
    delimiter: ';',
    header: 'Data;Produto;Total'.split(';'),
    row: (s) => [dmy(s), s.name, s.units],
    settledBy: ['--column quantity=Total'],
  },
]

/** 31 de janeiro de 2025. */
function longDate({ day }: Sale): string {
  const style = new Intl.DateTimeFormat('pt-BR', { dateStyle: 'long', timeZone: 'UTC' })
  return style.format(new Date(`${day}T00:00Z`))
}

/** A minus behind the number. */
function sapNumber(text: string, { units }: Sale): string {
  return units < 0 ? `${text}-` : text
}

/** What the system would have written. */
export function exported(layout: ExportLayout): Buffer {
  const { delimiter = ',', titles = [], header, row, encoding = 'utf8' } = layout
  const quoted = (cell: string | number) => {
    const text = String(cell)
    return text.includes(delimiter) || text.includes('"') ? `"${text.replaceAll('"', '""')}"` : text
  }
  const rows = [header, ...SALES.map(row)].map((cells) => cells.map(quoted).join(delimiter))
  return Buffer.from(`${[...titles, ...rows].join('\r\n')}\r\n`, encoding)
}
