import { canonicalJson } from '../base/canonical-json.ts'
import { unlessMistaken } from '../base/errors.ts'
import { checker } from '../base/schema.ts'
import { partOf } from '../base/schema-parts.ts'
import { yamlFrom } from '../base/yaml-file.ts'
import { WrittenPolicy } from '../evaluation/gate/policy.ts'
import { recipeFrom } from '../forecasting/recipe.ts'
import { type Lineage, type Manifest, POLICY } from './manifest.ts'
import { readObjects } from './objects.ts'
import { readPromotions, type Shipped } from './promotions.ts'

/** A version that a rollback took out of production, the version that took its place, and why. */
export type Hold = { version: number; by: number; reason: string }

/** What may be held back: the SHA-256 of its `model.json`, and what it was trained on. */
export type Holdable = { model: string; lineage: Pick<Lineage, 'recipe'> }

/**
 * The hold on a candidate, by the history of the commit that it is to be merged into; undefined
 * where there is none. A rollback holds back the model and the recipe of the version that it takes
 * out, whatever data they are trained on, until that recipe is in production again or the policy at
 * the commit lifts it. Comments in a recipe make no other of it, nor does writing out what it leaves
 * out.
 */
export async function findHold(
  repo: string,
  commit: string,
  candidate: Holdable,
): Promise<Hold | undefined> {
  const history = await readPromotions(repo, commit)
  const versions = history.filter((entry): entry is Shipped => entry.found === 'version').reverse()
  if (!versions.some(({ manifest }) => manifest.restores)) return undefined
  const recipes = await recipesOf(repo, [candidate, ...versions.map(({ manifest }) => manifest)])
  const recipe = (of: Pick<Holdable, 'lineage'>) => recipes.get(of.lineage.recipe.object)
  let held: (Hold & { manifest: Manifest })[] = []
  for (const [i, { manifest }] of versions.entries()) {
    held = held.filter((hold) => recipe(hold.manifest) !== recipe(manifest))
    const before = versions[i - 1]?.manifest
    if (!manifest.restores || !before) continue
    const { reason } = manifest.restores
    held.push({ version: before.version, by: manifest.version, reason, manifest: before })
  }
  const lifted = await liftedHolds(repo, commit)
  const found = held.findLast(
    ({ version, manifest }) =>
      !lifted.includes(version) &&
      (recipe(manifest) === recipe(candidate) || manifest.files['model.json'] === candidate.model),
  )
  return found && { version: found.version, by: found.by, reason: found.reason }
}

/** For people: what is held back by what, and what lifts it. */
export function holdText({ version, by, reason }: Hold): string {
  return `Version ${version}, of the same recipe, was taken out of production by version ${by}: ${reason}. It is held back until recipe.yml changes, or until ${POLICY} lifts it with lift: [${version}].`
}

/** What each recipe says, by the id of its file: without comments, in one order, all filled in. */
async function recipesOf(
  repo: string,
  of: Pick<Holdable, 'lineage'>[],
): Promise<Map<string, string>> {
  const ids = [...new Set(of.map(({ lineage }) => lineage.recipe.object))]
  const contents = await readObjects(repo, ids)
  return new Map(ids.map((id, i) => [id, meaningOf(contents[i]) ?? id]))
}

function meaningOf(recipe: Buffer | undefined): string | undefined {
  if (!recipe) return undefined
  const read = (check: (value: unknown, file: string) => unknown) =>
    unlessMistaken(() => canonicalJson(yamlFrom(recipe.toString(), 'recipe.yml', check)))
  // One of an earlier format cannot be filled in any more.
  return read(recipeFrom) ?? read((value) => value)
}

async function liftedHolds(repo: string, commit: string): Promise<number[]> {
  const [content] = await readObjects(repo, [`${commit}:${POLICY}`])
  return content ? (yamlFrom(content.toString(), POLICY, checkLifts).lift ?? []) : []
}

const checkLifts = checker(partOf(WrittenPolicy, ['lift']))
