import { counted } from '../base/wording.ts'
import type { Frequency } from '../demand/calendar.ts'

type Project = { name: string; frequency: Frequency; horizon: number }

/** The front page of a repository that was made from the template, in one of its two languages. */
export function projectReadme(project: Project, language: 'en' | 'pt-BR'): string {
  return language === 'en' ? english(project) : portuguese(project)
}

function english({ name, frequency, horizon }: Project): string {
  return `# ${name}

*[Português](README.pt-BR.md)*

Demand forecasts, ${counted(horizon, frequency)} ahead, delivered by cd4ml: every change of sales, recipe or code is validated, trained and compared with the model in production; a better model arrives as a pull request, and merging it is the deployment.

\`\`\`sh
npm ci && npm run pipeline   # validate, train, compare and, where it is better, propose
npx cd4ml doctor             # what is not set up yet, and what to do about it
\`\`\`

| folder or file | what it holds | more |
| --- | --- | --- |
| \`data/\` | the sales, and the contract that they keep | [Your own data](docs/your-own-data.md) |
| \`recipe.yml\` | what is forecast, and what the search may try | [Recipes and models](docs/recipes.md) |
| \`ordering.yml\` | how products are bought: lead times, packs | [What to order](docs/ordering.md) |
| \`decisions.yml\` | why buyers may order otherwise | [The service](docs/api.md) |
| \`model-registry/policy.yml\` | what a challenger must show | [How models are judged](docs/evaluation.md) |
| \`model-registry/production/\` | the model in production | [Promotion and rollback](docs/promotion.md) |
| \`.github/\` | the workflows that do all of it | [On GitHub](docs/github.md) |
| \`src/\` | the code of the pipeline | [The code](docs/code.md) |
`
}

function portuguese({ name, frequency, horizon }: Project): string {
  const [one, several] = {
    day: ['dia', 'dias'],
    week: ['semana', 'semanas'],
    month: ['mês', 'meses'],
  }[frequency]
  return `# ${name}

*[English](README.md)*

Previsões de demanda, ${horizon} ${horizon === 1 ? one : several} à frente, entregues pelo cd4ml: cada mudança nas vendas, na receita ou no código é validada, treinada e comparada com o modelo em produção; um modelo melhor chega como um pull request, e o merge é a implantação.

\`\`\`sh
npm ci && npm run pipeline   # validar, treinar, comparar e, se for melhor, propor
npx cd4ml doctor             # o que falta configurar, e o que fazer
\`\`\`

| pasta ou arquivo | o que contém | mais (em inglês) |
| --- | --- | --- |
| \`data/\` | as vendas, e o contrato que elas cumprem | [Your own data](docs/your-own-data.md) |
| \`recipe.yml\` | o que é previsto, e o que a busca pode tentar | [Recipes and models](docs/recipes.md) |
| \`ordering.yml\` | como os produtos são comprados: prazos de entrega, embalagens | [What to order](docs/ordering.md) |
| \`decisions.yml\` | por que os compradores podem pedir diferente | [The service](docs/api.md) |
| \`model-registry/policy.yml\` | o que um desafiante precisa mostrar | [How models are judged](docs/evaluation.md) |
| \`model-registry/production/\` | o modelo em produção | [Promotion and rollback](docs/promotion.md) |
| \`.github/\` | os workflows que fazem tudo isso | [On GitHub](docs/github.md) |
| \`src/\` | o código do pipeline | [The code](docs/code.md) |
`
}
