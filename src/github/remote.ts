/**
 * `owner/name` of the repository on github.com that a remote of git leads to, such as
 * `git@github.com:shop/demand.git`; undefined where it leads elsewhere.
 */
export function repositoryOf(remoteUrl: string): string | undefined {
  const pattern =
    /^(?:https:\/\/(?:[^@/]*@)?|ssh:\/\/git@|git@)github\.com[/:]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/
  return pattern.exec(remoteUrl)?.[1]
}
