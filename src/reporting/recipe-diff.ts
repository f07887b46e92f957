import type { Recipe } from '../forecasting/recipe.ts'

/**
 * What differs between two recipes, as the lines of a diff: `- horizon: 4`, `+ horizon: 10`. One
 * line a setting, named by its path as in `recipe.yml`; none where the recipes say the same.
 */
export function recipeDiff(before: Recipe, after: Recipe): string[] {
  const [old, now] = [recipeSettings(before), recipeSettings(after)]
  return [...new Set([...now.keys(), ...old.keys()])].flatMap((key) => {
    const [was, is] = [old.get(key), now.get(key)]
    if (was === is) return []
    return [
      ...(was === undefined ? [] : [`- ${key}: ${was}`]),
      ...(is === undefined ? [] : [`+ ${key}: ${is}`]),
    ]
  })
}

/** What a recipe says, as text, by the path of each setting in `recipe.yml`. */
export function recipeSettings({ search, families, ...rest }: Recipe): Map<string, string> {
  return new Map([
    ...written('', rest),
    ...written('search.', search),
    ...Object.entries(families).flatMap(([name, space]) => family(`families.${name}`, space)),
  ])
}

/** One without settings is there all the same. */
function family(key: string, space: object): [string, string][] {
  return Object.keys(space).length === 0 ? [[key, '{}']] : written(`${key}.`, space)
}

function written(prefix: string, values: object): [string, string][] {
  return Object.entries(values).map(([key, value]) => [
    `${prefix}${key}`,
    Array.isArray(value) ? `[${value.join(', ')}]` : String(value),
  ])
}
