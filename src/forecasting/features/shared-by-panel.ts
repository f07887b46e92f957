import { BoundedMap, remembered } from '../../base/remembered.ts'
import type { Panel } from '../../demand/panel.ts'

/**
 * Remembers what was last made of each panel, so that candidates of a search that are fitted on one
 * panel share what does not depend on their settings. The key says all that it depends on beside the
 * panel; what was made under another key is made anew.
 */
export function sharedByPanel<T>(): (panel: Panel, key: unknown, make: () => T) => T {
  const lastOf = new WeakMap<Panel, BoundedMap<string, T>>()
  return (panel, key, make) =>
    remembered(
      remembered(lastOf, panel, () => new BoundedMap(1)),
      JSON.stringify(key),
      make,
    )
}
