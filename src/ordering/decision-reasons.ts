import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { UserError } from '../base/errors.ts'
import { checker } from '../base/schema.ts'
import { object } from '../base/schema-parts.ts'
import { readYaml } from '../base/yaml-file.ts'

const label = Type.String({ minLength: 1, maxLength: 80, pattern: '\\S' })

/** Why a buyer decides otherwise than advised: what the ledger keeps, and what people read. */
export const DecisionReason = object({
  id: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }),
  en: label,
  'pt-BR': label,
  /** What it says: that another demand is expected, or, where it is absent, something of the order. */
  about: Type.Optional(Type.Literal('demand')),
})
export type DecisionReason = Static<typeof DecisionReason>

/**
 * Reads and checks the `decisions.yml` of a project: the reasons that buyers choose from, in the
 * order in which they are shown. Without the file, the usual ones. Throws `UserError`.
 */
export async function readDecisionReasons(project: string): Promise<DecisionReason[]> {
  const file = join(project, FILE)
  if (!existsSync(file)) return USUAL
  const { reasons } = await readYaml(file, checkReasons)
  const ids = reasons.map(({ id }) => id)
  const twice = ids.find((id, i) => ids.indexOf(id) < i)
  if (twice !== undefined) {
    throw new UserError(`has the reason ${twice} twice`, {
      file,
      key: 'reasons',
      remedy: 'Give one of them another id: decisions are told apart by it.',
    })
  }
  return reasons
}

/** The ids of those that say something of the demand: such a decision is held against what sold. */
export function reasonsAboutDemand(reasons: readonly DecisionReason[]): Set<string> {
  return new Set(reasons.flatMap(({ id, about }) => (about === 'demand' ? [id] : [])))
}

const FILE = 'decisions.yml'

const USUAL: DecisionReason[] = [
  { id: 'promotion', en: 'Promotion', 'pt-BR': 'Promoção', about: 'demand' },
  { id: 'event', en: 'Local event', 'pt-BR': 'Evento local', about: 'demand' },
  {
    id: 'stock',
    en: 'Stock is not what the system says',
    'pt-BR': 'Estoque diferente do sistema',
  },
  { id: 'supplier', en: 'Supplier', 'pt-BR': 'Fornecedor' },
  { id: 'expiry', en: 'Would expire', 'pt-BR': 'Venceria antes de vender' },
  { id: 'wrong-data', en: 'Wrong data', 'pt-BR': 'Dados errados' },
  { id: 'other', en: 'Other', 'pt-BR': 'Outro' },
]

const checkReasons = checker(
  object({ reasons: Type.Array(DecisionReason, { minItems: 1, maxItems: 50 }) }),
  'See the comments in the decisions.yml that cd4ml ships.',
)
