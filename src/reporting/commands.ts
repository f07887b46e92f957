import { PROMOTION_BRANCH } from '../registry/proposal.ts'

/** How to look at a proposed version before it is merged, in a folder of its own. */
export function tryCommands(version: number): string {
  const folder = `../try-v${version}`
  return codeBlock([
    ['git', 'fetch', 'origin', PROMOTION_BRANCH],
    ['git', 'worktree', 'add', folder, 'FETCH_HEAD'],
    ['cd', folder],
    ['npm', 'ci'],
    ['npx', 'cd4ml', 'verify'],
    ['npx', 'cd4ml', 'forecast', '--all', '--format', 'csv'],
  ])
}

/** How to propose an earlier version again, with what stands for the reason. */
export function rollbackCommand(version: number, reason: string): string {
  return codeBlock([['npx', 'cd4ml', 'rollback', '--to', String(version), '--reason', reason]])
}

/** Which versions were in production, to choose one of them. */
export function historyCommand(): string {
  return codeBlock([['npx', 'cd4ml', 'history']])
}

/** Commands as a Markdown block that can be pasted into a shell. Words come from cd4ml alone. */
function codeBlock(commands: string[][]): string {
  return `\`\`\`sh\n${commands.map((words) => `${words.map(quoted).join(' ')}\n`).join('')}\`\`\`\n`
}

function quoted(word: string): string {
  return word.includes(' ') ? `"${word}"` : word
}
