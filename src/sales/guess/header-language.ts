export type HeaderLanguage = 'en' | 'pt' | 'es' | 'fr' | 'de'

/** The language of most names of columns; undefined where none has a word of one language alone. */
export function headerLanguage(header: string[]): HeaderLanguage | undefined {
  const words = header.flatMap((name) => {
    return (
      name
        .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
        .toLowerCase()
        .match(/\p{L}+/gu) ?? []
    )
  })
  let best: { language: HeaderLanguage | undefined; count: number } = {
    language: undefined,
    count: 0,
  }
  for (const [language, known] of Object.entries(WORDS) as [HeaderLanguage, RegExp][]) {
    const count = words.filter((word) => known.test(word)).length
    if (count > best.count) best = { language, count }
  }
  return best.language
}

const WORDS: { [language in HeaderLanguage]: RegExp } = {
  en: /^(date|day|week|month|quantity|qty|units?|product|item|items|price|sales?|sold|store|shop|order|orders|category|name|description|customer)$/,
  pt: /^(data|dia|m[eê]s|vendas?|qtde?|quantidade|produto|c[oó]d|c[oó]digo|descri[cç][aã]o|loja|filial|pre[cç]o|valor|cliente|pedido|emiss[aã]o|nome|estoque|unit[aá]rio|situa[cç][aã]o)$/,
  es: /^(fecha|d[ií]a|mes|ventas?|cantidad|producto|art[ií]culo|c[oó]digo|descripci[oó]n|tienda|sucursal|precio|pedido|nombre|unidades)$/,
  fr: /^(jour|mois|ventes?|quantit[eé]|produit|article|code|d[eé]signation|libell[eé]|magasin|prix|commande|nom)$/,
  de: /^(datum|tag|woche|monat|verkaufsdatum|verkauf|menge|anzahl|st[uü]ckzahl|artikel|artikelnummer|artikelnr|bezeichnung|filiale|preis|einzelpreis|umsatz|warengruppe|kunde)$/,
}
