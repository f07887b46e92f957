/** What has to hold for a version to be believed, whether it does, and a sentence that says so. */
export type VersionCheck = { name: string; passed: boolean; detail: string }

/** A check that holds, with the sentence that says so. */
export function passed(name: string, detail: string): VersionCheck {
  return { name, passed: true, detail }
}

/** A check that does not hold, with what was found and what to do. */
export function failed(name: string, detail: string): VersionCheck {
  return { name, passed: false, detail }
}
