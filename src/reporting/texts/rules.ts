import { inEveryLanguage } from '../../base/language.ts'
import { type RuleId, rules } from '../../sales/contract/rules.ts'

/** What is wrong, and what to do. */
type RuleText = { explanation: string; remedy: string }

/**
 * The rules of the data as the validation report says them. The English sentences are those of the
 * terminal, of annotations and of `report.json`, and stand with the rules.
 */
export const ruleTexts = inEveryLanguage<{ rule(id: RuleId): RuleText }>({
  en: { rule: (id) => rules[id] },
  'pt-BR': { rule: (id) => portuguese[id] },
})

const portuguese: Record<RuleId, RuleText> = {
  'file-unreadable': {
    explanation: 'Não foi possível ler o arquivo até o fim.',
    remedy: 'Verifique as permissões; um arquivo .gz danificado precisa ser compactado de novo.',
  },
  'file-empty': {
    explanation: 'O arquivo está vazio: nem cabeçalho tem.',
    remedy: 'Extraia-o de novo, ou tire-o da pasta.',
  },
  'file-too-large': {
    explanation: 'O arquivo é maior do que cd4ml.maxBytes permite.',
    remedy: 'Divida-o, ou aumente maxBytes no contrato.',
  },
  'file-changed': {
    explanation: 'O arquivo não é o que o contrato descreve com bytes e hash.',
    remedy: 'Busque o arquivo certo, ou atualize bytes e hash no contrato.',
  },
  'encoding-wrong': {
    explanation: 'Os bytes não estão na codificação que o contrato declara.',
    remedy: 'Declare a codificação certa no contrato (iso-8859-1 para Latin-1), ou salve em UTF-8.',
  },
  'nul-byte': {
    explanation: 'O arquivo contém um byte NUL: não é texto, ou está em UTF-16.',
    remedy: 'Extraia-o de novo como CSV em UTF-8.',
  },
  'parquet-damaged': {
    explanation: 'O arquivo não é Parquet, está cortado ou se contradiz.',
    remedy: 'Grave-o de novo, e veja se foi copiado por inteiro.',
  },
  'parquet-unsupported': {
    explanation: 'O arquivo Parquet contém, no que o contrato usa, algo que não é lido.',
    remedy:
      'Grave números, textos, datas e timestamps em colunas próprias, com Snappy ou Zstandard e sem criptografia.',
  },
  'column-type': {
    explanation: 'Uma coluna do arquivo Parquet tem outro tipo que o campo dela no contrato.',
    remedy:
      'Grave a coluna com esse tipo, códigos como texto ou números inteiros, ou corrija o campo.',
  },
  'time-zone-missing': {
    explanation: 'Uma coluna contém instantes, cujo dia depende do lugar: nada diz qual.',
    remedy:
      'Defina cd4ml.timeZone no contrato, como "America/Sao_Paulo", ou grave datas ou horas do lugar.',
  },
  'header-blank': {
    explanation: 'Uma coluna não tem nome.',
    remedy: 'Dê um nome a ela, ou tire o separador do fim de cada linha.',
  },
  'header-duplicate': {
    explanation: 'Duas colunas têm o mesmo nome.',
    remedy: 'Renomeie ou tire uma delas.',
  },
  'header-missing': {
    explanation: 'Uma coluna do contrato não está no arquivo.',
    remedy: 'Extraia-a também, ou mude os fields do contrato (e fieldsMatch).',
  },
  'header-unexpected': {
    explanation: 'O arquivo tem uma coluna que o contrato não lista.',
    remedy: 'Liste-a no schema, ou ponha fieldsMatch em "subset" para permitir mais colunas.',
  },
  'header-order': {
    explanation: 'As colunas estão em outra ordem que no contrato.',
    remedy: 'Ponha-as em ordem, ou ponha fieldsMatch em "equal" para permitir qualquer ordem.',
  },
  'header-too-wide': {
    explanation: 'O arquivo tem mais de 5.000 colunas.',
    remedy: 'Transponha-o: uma linha para cada produto e dia, não uma coluna para cada um.',
  },
  'quote-wrong': {
    explanation:
      'Aqui uma aspa abre uma célula e não é fechada, ou é fechada antes do fim da célula.',
    remedy:
      'Ponha a célula inteira entre aspas e duplique a aspa dentro dela; ponha quoteChar em null se as células nunca têm aspas.',
  },
  'row-too-long': {
    explanation: 'Uma linha passa de 1 MiB: é provável que uma aspa não tenha sido fechada.',
    remedy: 'Feche a aspa, ou extraia o arquivo de novo.',
  },
  'too-many-bad-rows': {
    explanation:
      'Há uma parte maior das linhas em quarentena do que cd4ml.maxQuarantinedShare permite.',
    remedy: 'Veja os motivos abaixo: muitas vezes é um só formato que o contrato declara errado.',
  },
  'no-sales': {
    explanation: 'Não há nenhuma venda em nenhum dos arquivos.',
    remedy: 'Ponha arquivos de vendas na pasta de dados; o layout está em data/datapackage.json.',
  },
  stale: {
    explanation: 'A venda mais recente é mais antiga do que cd4ml.freshness.maxAgeDays permite.',
    remedy: 'Acrescente o arquivo de vendas mais recente.',
  },
  'files-overlap': {
    explanation: 'Dois arquivos têm as mesmas vendas, que contariam em dobro.',
    remedy:
      'Tire um dos dois, ou estes dias de um deles; se são vendas distintas, ponha cd4ml.overlaps em "count".',
  },
  'total-counted': {
    explanation:
      'Vende a cada dia o mesmo que todos os outros juntos: é um total, que contaria em dobro.',
    remedy: 'Tire as linhas dele dos arquivos, ou liste-o em cd4ml.leftOut.',
  },
  'ragged-row': {
    explanation: 'A linha tem outro número de células que o cabeçalho.',
    remedy: 'Ponha entre aspas as células que contêm um separador ou uma quebra de linha.',
  },
  'line-end-in-cell': {
    explanation:
      'Uma célula entre aspas ocupa várias linhas: é provável que a aspa não tenha sido fechada, e ela contém as linhas abaixo.',
    remedy: 'Feche a aspa, duplique as que estão dentro da célula, ou ponha quoteChar em null.',
  },
  'left-out': {
    explanation:
      'O contrato deixa isto de fora: não é um produto, ou não é uma loja, como um total.',
    remedy: 'Não é preciso fazer nada.',
  },
  'product-missing': {
    explanation: 'A linha não diz qual é o produto.',
    remedy: 'Preencha o id do produto.',
  },
  'store-missing': {
    explanation: 'A linha não diz qual é a loja.',
    remedy: 'Preencha a loja, ou tire store de cd4ml.columns.',
  },
  'id-unusable': {
    explanation: 'Um id contém caracteres invisíveis, ou tem mais de 200 caracteres.',
    remedy: 'Corrija o id no sistema de origem.',
  },
  'sale-date-missing': {
    explanation: 'A linha não tem data de venda, nem data de compra que faria dela um estoque.',
    remedy: 'Preencha a data.',
  },
  'quantity-missing': {
    explanation: 'A linha não diz a quantidade.',
    remedy: 'Preencha-a: 0 quer dizer que o produto estava à venda e não vendeu nada.',
  },
  'required-missing': {
    explanation: 'Está vazia uma célula que o contrato exige.',
    remedy: 'Preencha-a.',
  },
  'date-unreadable': {
    explanation: 'Uma data não está no formato do contrato, ou esse dia não existe.',
    remedy: 'Corrija a data, ou o formato no contrato.',
  },
  'number-unreadable': {
    explanation: 'Um número não está em notação decimal simples com os sinais do contrato.',
    remedy: 'Corrija o número, ou decimalChar, groupChar e bareNumber no contrato.',
  },
  sentinel: {
    explanation: 'Uma célula contém um valor que o contrato lista como "desconhecido".',
    remedy: 'Preencha o valor real, ou deixe a célula vazia.',
  },
  constraint: {
    explanation: 'Uma célula viola as restrições (constraints) do seu campo no contrato.',
    remedy: 'Corrija o valor, ou a restrição.',
  },
  'type-wrong': {
    explanation: 'Uma célula não é do tipo do seu campo no contrato.',
    remedy: 'Corrija o valor, ou o tipo.',
  },
  'date-implausible': {
    explanation:
      'Uma data não está entre os dias que cd4ml.plausibleDays permite: um ano digitado errado?',
    remedy: 'Corrija a data, ou escreva "from" e "to" de plausibleDays no contrato.',
  },
  'in-the-future': {
    explanation: 'Uma venda, uma compra ou o dia em que um plano foi conhecido é posterior a hoje.',
    remedy: 'Corrija a data; a ordem de dia e mês no contrato está certa?',
  },
  'sold-before-purchase': {
    explanation: 'A venda tem data anterior à compra.',
    remedy: 'Corrija as datas: as duas colunas estão trocadas?',
  },
  'expired-before-purchase': {
    explanation: 'A validade é anterior à compra.',
    remedy: 'Corrija as datas.',
  },
  'sold-after-expiry': {
    explanation: 'A venda tem data posterior à validade.',
    remedy: 'Corrija as datas.',
  },
  'price-not-positive': {
    explanation: 'O preço é 0 ou negativo.',
    remedy: 'Preencha o preço que foi pago, ou deixe a célula vazia se não for conhecido.',
  },
  'cost-negative': {
    explanation: 'O custo é negativo.',
    remedy: 'Preencha o custo, ou deixe a célula vazia se não for conhecido.',
  },
  'cost-above-price': {
    explanation:
      'O custo é mais que cd4ml.costAbovePrice vezes o preço: uma vírgula fora do lugar?',
    remedy: 'Corrija o custo ou o preço, ou aumente costAbovePrice.',
  },
  'plan-whom-missing': {
    explanation:
      'A linha do plano não nomeia produto nem categoria, e diz mais do que o fechamento de uma loja.',
    remedy: 'Preencha o produto, ou a categoria de que ela trata.',
  },
  'plan-days-missing': {
    explanation: 'A linha do plano não diz o primeiro ou o último dia.',
    remedy: 'Preencha-o: o que vale por um dia começa e termina nele.',
  },
  'plan-days-reversed': {
    explanation: 'O último dia do plano vem antes do primeiro.',
    remedy: 'Corrija os dias: as duas colunas estão trocadas?',
  },
  'plan-days-many': {
    explanation: 'A linha planeja mais de dois anos: um ano mal digitado, ou um preço de tabela?',
    remedy: 'Corrija os dias. Um preço usual não é um plano: as vendas já o trazem.',
  },
  'plan-says-nothing': {
    explanation: 'A linha não traz preço, desconto, promoção, exposição nem fechamento.',
    remedy: 'Preencha o que está planejado; um desconto de 0 desfaz o que foi planejado antes.',
  },
  'known-day-missing': {
    explanation: 'A linha do plano não diz em que dia foi conhecida.',
    remedy: 'Preencha-o, ou escreva cd4ml.plan.knownDaysBefore no lugar da coluna.',
  },
  'discount-unclear': {
    explanation: 'Nada diz se o desconto é uma porcentagem ou uma fração do preço.',
    remedy:
      'Escreva-o com o sinal, como 20%, ou "percent" (20) ou "share" (0,2) em cd4ml.plan.discounts.',
  },
  'discount-out-of-range': {
    explanation: 'O desconto é negativo, ou maior do que o preço inteiro.',
    remedy: 'Corrija-o, ou o que cd4ml.plan.discounts diz que os descontos são.',
  },
  'yes-or-no-unreadable': {
    explanation: 'A célula não diz sim nem não.',
    remedy: 'Escreva true ou false, 1 ou 0, sim ou não.',
  },
  'price-against-discount': {
    explanation: 'O preço planejado não é o que o desconto deixa do preço que foi pago antes.',
    remedy: 'Deixe um dos dois vazio. O preço é o que o cliente vai pagar.',
  },
  'category-against-sales': {
    explanation: 'A linha nomeia um produto e uma categoria, mas o produto vendeu em outra.',
    remedy: 'Corrija um dos dois; o produto sozinho basta.',
  },
  'plan-contradictory': {
    explanation:
      'Outra linha conhecida no mesmo dia diz outra coisa dos mesmos produtos e dos mesmos dias.',
    remedy: 'Fique com uma delas, ou diga qual foi conhecida depois: é essa que conta.',
  },
  'file-not-read': {
    explanation:
      'Parecem vendas ou um plano, mas o contrato não cita este arquivo: ele não foi lido.',
    remedy: 'Dê a ele um nome como diz o contrato, cite-o lá, ou guarde-o em outro lugar.',
  },
  'files-not-listed': {
    explanation:
      'A lista de arquivos no contrato, que outras ferramentas leem, está desatualizada.',
    remedy: 'Aqui não falta nada. Atualize a lista: npx cd4ml validate --list-files',
  },
  'no-rows': {
    explanation: 'O arquivo tem cabeçalho e nenhuma linha.',
    remedy: 'Extraia-o de novo se houve vendas.',
  },
  'may-be-cut-off': {
    explanation:
      'A última linha não termina: o arquivo pode ter sido cortado dentro da última célula.',
    remedy: 'Compare a última linha com a origem; se estiver inteira, termine-a como as outras.',
  },
  'stray-quote': {
    explanation: 'Células sem aspas em volta contêm aspas. Elas foram lidas como texto.',
    remedy:
      'Ponha essas células entre aspas e duplique a aspa, ou ponha quoteChar em null se nenhuma tem aspas.',
  },
  'spaces-around-id': {
    explanation: 'Um id tem espaços em volta. Eles são ignorados.',
    remedy: 'Tire-os na origem.',
  },
  'name-missing': {
    explanation: 'A linha não tem nome. Ela conta; outra linha dá o nome do produto.',
    remedy: 'Preencha-o.',
  },
  'category-missing': {
    explanation: 'A linha não tem categoria. Ela conta; outra linha dá a categoria.',
    remedy: 'Preencha-a.',
  },
  'category-unknown': {
    explanation: 'A categoria não está em cd4ml.categories. A linha conta como sem categoria.',
    remedy: 'Corrija-a, ou liste-a como categoria ou como outra grafia de uma.',
  },
  'expiry-far': {
    explanation:
      'A validade é posterior a cd4ml.plausibleDays: a unidade conta como uma que não vence.',
    remedy: 'Liste a data em cd4ml.sentinels.expiryDate, ou deixe a célula vazia.',
  },
  'category-spelling': {
    explanation: 'A categoria tem outra grafia e foi lida como a que ela representa.',
    remedy: 'Não é preciso fazer nada; a origem pode ser corrigida.',
  },
  'price-missing': {
    explanation: 'A linha não tem preço, ou tem preço 0 sem nada vendido. Ela conta sem ele.',
    remedy: 'Preencha-o.',
  },
  'cost-missing': {
    explanation: 'A linha não tem custo, ou tem custo 0. Ela conta sem ele.',
    remedy: 'Preencha-o.',
  },
  'purchase-date-missing': {
    explanation:
      'A linha não tem data de compra: a unidade conta como comprada no dia em que foi vendida.',
    remedy: 'Preencha-a.',
  },
  'stock-unusable': {
    explanation: 'O estoque falta ou é negativo: conta como desconhecido nesse dia.',
    remedy: 'Corrija o estoque.',
  },
  'delivered-negative': {
    explanation:
      'Voltaram ao fornecedor mais unidades do que chegaram: contam como nenhuma entrega.',
    remedy: 'Traga o que chegou; o que voltou aparece no estoque.',
  },
  'may-be-total': {
    explanation: 'Tem nome de total de outros. Conta.',
    remedy: 'Se for um total, liste-o em cd4ml.leftOut, senão as vendas dele contam em dobro.',
  },
  'known-late': {
    explanation: 'A linha foi conhecida depois que seus dias começaram. Antes disso não é usada.',
    remedy: 'Verifique o dia: é o da decisão, ou o da exportação da linha?',
  },
  'plan-repeated': {
    explanation: 'A linha diz o mesmo que outra. Conta uma vez.',
    remedy: 'Nada precisa ser feito; a extração pode ser corrigida.',
  },
  'plan-never-sold': {
    explanation: 'Aquilo de que o plano trata nunca vendeu. A linha conta quando vender.',
    remedy: 'Se não for novo, escreva o código ou a categoria como nas vendas.',
  },
  'days-apart': {
    explanation: 'Entre as primeiras vendas e todas as outras há mais de um ano sem nenhuma venda.',
    remedy:
      'Corrija as datas, ou escreva cd4ml.plausibleDays.from: todos os modelos começam por elas.',
  },
  'volume-change': {
    explanation:
      'As unidades vendidas por dia no mês mais recente diferem muito das dos meses anteriores.',
    remedy: 'Verifique se todas as lojas e todos os dias estão no arquivo.',
  },
  'more-missing': {
    explanation: 'No mês mais recente há mais células vazias que antes.',
    remedy: 'Verifique a extração desta coluna.',
  },
  'new-category': {
    explanation: 'Uma categoria aparece pela primeira vez no mês mais recente.',
    remedy: 'Se for outra grafia de uma antiga, liste-a em cd4ml.categories.',
  },
  'price-jump': {
    explanation: 'O preço médio de um produto no mês mais recente difere muito do anterior.',
    remedy: 'Verifique o preço: uma vírgula fora do lugar, ou outra unidade de venda?',
  },
}
