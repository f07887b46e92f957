import type { Panel } from '../../demand/panel.ts'

/**
 * Remembers what was last made of each panel, so that candidates of a search that are fitted on one
 * panel share what does not depend on their settings. The key says all that it depends on beside the
 * panel; what was made under another key is made anew.
 */
export function sharedByPanel<T>(): (panel: Panel, key: unknown, make: () => T) => T {
  const made = new WeakMap<Panel, { key: string; value: T }>()
  return (panel, key, make) => {
    const text = JSON.stringify(key)
    const known = made.get(panel)
    if (known?.key === text) return known.value
    const value = make()
    made.set(panel, { key: text, value })
    return value
  }
}
