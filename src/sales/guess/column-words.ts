/** What a word in the name of a column is about. */
export type Topic =
  | 'product'
  | 'article code'
  | 'code'
  | 'name'
  | 'category'
  | 'sub'
  | 'store'
  | 'date'
  | 'sale'
  | 'sold'
  | 'created'
  | 'year'
  | 'paid'
  | 'purchase'
  | 'expiry'
  | 'shipping'
  | 'record'
  | 'planned'
  | 'stock'
  | 'cost'
  | 'price'
  | 'value'
  | 'each'
  | 'unit'
  | 'units'
  | 'quantity'
  | 'demand'
  | 'weight'
  | 'money'
  | 'instalment'
  | 'returned'
  | 'cancelled'
  | 'person'
  | 'kind'
  | 'other'

/**
 * What the name of a column is about, in English, Portuguese, Spanish, French or German, however it
 * is joined: `Código_Produto`, `InvoiceDate`, `QUANTITYORDERED` and `quantities` are taken apart.
 */
export function topicsOf(header: string): ReadonlySet<Topic> {
  const topics = new Set<Topic>()
  for (const word of wordsOf(header)) for (const topic of topicsOfWord(word)) topics.add(topic)
  return topics
}

/** `Preço Unitário (R$)` → `preco`, `unitario`, `r`. */
export function wordsOf(header: string): string[] {
  return header
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/ß/g, 'ss')
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .replace(/[^\p{L}]+/gu, ' ')
    .replace(
      /\b(stock code|product lines?|linha d[eo] produto|order lines?|line item|on hand|best before|point of sale|ponto de venda|punto de venta|point de vente|unidade de negocio)\b/g,
      (phrase) => PHRASES[phrase.replace(/lines$/, 'line')] ?? phrase,
    )
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '')
}

/** Words that mean something else together. */
const PHRASES: { [phrase: string]: string } = {
  'stock code': 'stockcode',
  'product line': 'category',
  'linha de produto': 'category',
  'linha do produto': 'category',
  'order line': 'order',
  'line item': 'product',
  'on hand': 'stock',
  'best before': 'expiry',
  'point of sale': 'store',
  'ponto de venda': 'store',
  'punto de venta': 'store',
  'point de vente': 'store',
  'unidade de negocio': 'store',
}

function topicsOfWord(word: string): readonly Topic[] {
  return known(word) ?? takenApart(word)?.flatMap((part) => known(part) ?? []) ?? []
}

/** Without the ending of a plural where the word is only known without. */
function known(word: string): readonly Topic[] | undefined {
  for (const singular of [word, ...singularsOf(word)]) {
    const topics = WORDS.get(singular)
    if (topics !== undefined) return topics
  }
  return undefined
}

function singularsOf(word: string): string[] {
  return [
    [/ies$/, 'y'],
    [/oes$/, 'ao'],
    [/ais$/, 'al'],
    [/(e?s|e?n)$/, ''],
    [/[sn]$/, ''],
  ].flatMap(([ending, instead]) => {
    return (ending as RegExp).test(word) ? [word.replace(ending as RegExp, instead as string)] : []
  })
}

/** Into known words of three letters or more, the longest first; `dt` and `id` may begin or end. */
function takenApart(word: string): string[] | undefined {
  for (let end = word.length - 1; end >= 2; end--) {
    const [start, rest] = [word.slice(0, end), word.slice(end)]
    if (known(start) === undefined || (start.length < 3 && !SHORT.has(start))) continue
    if (known(rest) !== undefined && (rest.length >= 3 || SHORT.has(rest))) return [start, rest]
    const others = rest.length > 3 ? takenApart(rest) : undefined
    if (others !== undefined) return [start, ...others]
  }
  return undefined
}

const SHORT = new Set(['dt', 'id', 'vl', 'qt', 'nm', 'cd', 'ds', 'no', 'nr'])

const LISTS: { [topic in Topic]: string } = {
  product:
    'product produto prod prd producto produit produkt item article artigo art articulo artikel mercadoria mercancia material ware peca part lineitem sku medicamento medicine drug farmaco livro book dish prato plat gericht',
  'article code':
    'sku ean gtin plu upc isbn stockcode barcode barras barra matnr asin codbarras artikelnr artnr',
  code: 'id code cod codigo cd nbr no num number numero nr nro nummer ref referencia reference key handle identifier uuid token codice idx index',
  name: 'name nome nm nombre nom bezeichnung description descricao desc descr descripcion designation libelle titulo title titel denominacao kurztext',
  category:
    'category categoria categorie kategorie cat grupo group gruppe groupe familia family famille departamento department departement depto dept secao section seccion rayon warengruppe class classe clase line linha linea',
  sub: 'sub subcategory subcategoria subgrupo subfamilia kind',
  store:
    'store loja shop filial branch tienda outlet sucursal magasin filiale laden agency agencia ret retailer location warehouse deposito armazem werk plant estabelecimento center boutique pdv site standort local almacen markt verkaufsstelle',
  date: 'date data dat dt fecha datum jour dia day ds week semana semaine woche month mes mois monat time timestamp datetime hora period periodo competencia when at on tag',
  sale: 'sale venda vta fkdat vbeln sold invoice order ordered pedido transaction transacao transaccion trans emissao emision venta vente vendu verkauf verkauft verkaufe absatz facture factura fatura rechnung receipt recibo recu cupom ticket bill billing vendido vendida vendidas invoiced faturamento faturado nota movimento checkout bestell bestellung commande faktura beleg buchung billed',
  sold: 'sold vendido vendida vendu vendue verkauft absatz abverkauf ordered invoiced billed',
  paid: 'paid pago pagamento payment bezahlt completed authorized',
  purchase:
    'compra purchase bought entrada received recebido recebimento arrival einkauf achat wareneingang',
  expiry:
    'venc vencimento validade valid validity expiry expire expires expiration exp mhd caducidad peremption vence',
  shipping:
    'ship shipped shipping delivery delivered deliver entrega envio fulfilled fulfillment dispatch carrier lieferung livraison freight frete fracht saida',
  created: 'created creation criacao criado',
  year: 'year ano jahr annee yr',
  record:
    'updated update modified alteracao alterado cadastro cancelled canceled cancelado birth nascimento nasc signup joined due launch launched approved',
  planned:
    'previsao previsto prevista planned expected forecast estimated estimado estimada prevista previsto prevision prevu prevue geplant voraussichtlich requested solicitada report relatorio limite limit',
  stock: 'stock estoque inventory hand onhand saldo bestand existencia lager available disponivel',
  cost: 'cost custo costo coste kosten cout cogs einstand',
  price: 'price preco precio preis prix pvp msrp prc prcven einzelpreis stuckpreis',
  value: 'valor value vl vlr vlor valeur wert importe',
  each: 'each unitario unitaria unit un unitaire unidade unidad einzel einzelpreis stuckpreis avg mean medio media stuck',
  unit: 'unit unidade un und uom unidad einheit unite medida',
  units: 'units unidades unids und unds uds pieces pecas pcs piezas stk stuck stueck pecs',
  quantity:
    'quantity quantidade qty qtd qtde qtdade qtt qt qte quant quantite cantidad cant menge anzahl anz stuckzahl stueckzahl cnt count fkimg kwmeng',
  demand: 'demand demanda demande nachfrage consumption consumo bedarf y volume units unidades',
  weight: 'weight peso gewicht poids kg kgs kilo kilos kilogram gram gramas litro litre liter lts',
  money:
    'total subtotal amount montante montant betrag revenue receita faturamento umsatz turnover gross net bruto liquido discount desconto rabatt descuento tax taxes taxa imposto iva vat icms ipi fee commission comissao profit lucro gewinn margin margem income currency moeda netwr sum soma gmv tip refund gorjeta goods cogs compare discounted',
  instalment: 'parcela installment instalment cuota rata payments pagamentos',
  returned:
    'devolvida devolvido devolucao returned return refunded estorno cancelada retoure loss perda quebra waste damaged devuelta devolucion',
  cancelled:
    'cancelled canceled cancelado cancelada anulado anulada annule annulee storniert storno void voided estornado',
  person:
    'customer cliente client kunde vendedor vendedora seller salesperson employee funcionario operador cashier caixa user usuario buyer comprador member contact contato email mail phone telefone gender genero age idade sex sexo supplier fornecedor vendor representante rep staff kassierer waiter garcom proveedor address endereco barista consumidor kundin destinatario device',
  kind: 'type tipo typ size tamanho grosse area cluster format tier status situacao',
  other:
    'latitude longitude lat lon lng rating avaliacao review score temperature temp fuel cpi unemployment weather promo promotion promocao holiday feriado open min max minimum maximum minimo maximo hour weekday dayofweek dow lead distance competition zip postal postcode cep percent percentage pct row sequence seq version onpromotion event snap state country pais city cidade uf region regiao channel canal segment segmento ncm cfop cst serie km occupation marital stay purchase_power',
}

const WORDS: ReadonlyMap<string, readonly Topic[]> = words()

function words(): Map<string, Topic[]> {
  const found = new Map<string, Topic[]>()
  for (const [topic, list] of Object.entries(LISTS) as [Topic, string][]) {
    for (const word of new Set(list.split(' '))) {
      found.set(word, [...(found.get(word) ?? []), topic])
    }
  }
  return found
}
