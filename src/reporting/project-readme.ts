import type { Frequency } from '../demand/calendar.ts'
import { counted } from './format.ts'

/** The front page of a repository that was made from the template. */
export function projectReadme(project: {
  name: string
  frequency: Frequency
  horizon: number
}): string {
  const { name, frequency, horizon } = project
  return `# ${name}

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
| \`model-registry/policy.yml\` | what a challenger must show | [How models are judged](docs/evaluation.md) |
| \`model-registry/production/\` | the model in production | [Promotion and rollback](docs/promotion.md) |
| \`.github/\` | the workflows that do all of it | [On GitHub](docs/github.md) |
| \`src/\` | the code of the pipeline | [The code](docs/code.md) |
`
}
