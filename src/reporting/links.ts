import { PRODUCTION } from '../registry/production.ts'

/**
 * Addresses on GitHub. `repository` is the page of the repository, such as
 * `https://github.com/shop/demand`; whatever else they are made of may be any text.
 */
export function commitUrl(repository: string, commit: string): string {
  return `${repository}/commit/${encoded(commit)}`
}

/** What changed from one commit to another. */
export function compareUrl(repository: string, from: string, to: string): string {
  return `${repository}/compare/${encoded(from)}...${encoded(to)}`
}

/** A file at a branch, a tag or a commit. */
export function fileUrl(repository: string, revision: string, path: string): string {
  return `${repository}/blob/${encodedPath(revision)}/${encodedPath(path)}`
}

/** The commits of a branch. */
export function branchUrl(repository: string, branch: string): string {
  return `${repository}/tree/${encodedPath(branch)}`
}

/** The model card of the version in production at a branch, a tag or a commit. */
export function modelCardUrl(repository: string, revision: string): string {
  return fileUrl(repository, revision, `${PRODUCTION}/README.md`)
}

/** The page with the runs of a workflow, and the form that starts it. */
export function workflowUrl(repository: string, file: string): string {
  return `${repository}/actions/workflows/${encoded(file)}`
}

function encodedPath(path: string): string {
  return path.split('/').map(encoded).join('/')
}

// Within Markdown, a parenthesis ends an address, and these others begin markup.
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[()!'*~_]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
