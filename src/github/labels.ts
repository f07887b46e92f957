import type { GitHub } from './client.ts'
import { createOnce } from './create-once.ts'
import { unlessMissing } from './failure.ts'

/** `color` is six hexadecimal digits; `description` has at most 100 characters. */
export type Label = { name: string; color: string; description: string }

/** Creates the labels that are missing. One that is there keeps the looks that people gave it. */
export async function ensureLabels(github: GitHub, labels: readonly Label[]): Promise<void> {
  const { api, owner, repo } = github
  for (const { name, color, description } of labels) {
    await createOnce(
      github,
      async () => (await unlessMissing(api.rest.issues.getLabel({ owner, repo, name })))?.data,
      async () =>
        (await api.rest.issues.createLabel({ owner, repo, name, color, description })).data,
    )
  }
}

/** Puts the labels on an issue or pull request, whatever others it has. */
export async function addLabels(
  github: GitHub,
  issue: number,
  labels: readonly Label[],
): Promise<void> {
  if (labels.length === 0) return
  const { api, owner, repo } = github
  await ensureLabels(github, labels)
  const names = labels.map(({ name }) => name)
  await api.rest.issues.addLabels({ owner, repo, issue_number: issue, labels: names })
}
