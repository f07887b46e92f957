import type { Language } from '../base/language.ts'
import { commitUrl } from '../reporting/links.ts'
import { inlineText, link } from '../reporting/markdown.ts'
import { monitorTexts } from '../reporting/texts/monitor.ts'
import { renderValidationMarkdown } from '../reporting/validation-markdown.ts'
import type { Monitored } from '../steps/monitoring/monitor.ts'
import type { Responded } from '../steps/monitoring/respond-to-health.ts'
import type { ActionResult } from './action.ts'

/** What is answered where nothing can be said of production, which is no failure. */
export function notMonitored(
  monitored: Exclude<Monitored, { outcome: 'monitored' }>,
  language: Language,
): ActionResult {
  const say = monitorTexts[language]
  const title = `## ${say.title}\n\n`
  if (monitored.outcome === 'invalid') {
    const problem = monitorTexts.en.invalidSales
    return {
      outputs: { outcome: 'invalid', problem },
      summary: `${title}❔ ${say.invalidSales}\n\n${renderValidationMarkdown(monitored.report, language)}`,
      annotations: [{ level: 'warning', title: 'Not monitored', message: problem }],
    }
  }
  return {
    outputs: { outcome: 'nothing', problem: monitorTexts.en.nothing[monitored.reason] },
    summary: `${title}⚪ ${say.nothing[monitored.reason]}\n`,
  }
}

/** What was done about a health record. */
export function respondedSummary(
  { recorded, issue, retraining, problems }: Responded,
  { repository, language }: { repository: string; language: Language },
): string {
  const say = monitorTexts[language]
  const { commit, leftOut } = recorded
  const record =
    recorded.outcome === 'appended' && commit !== undefined
      ? say.recorded(link(commit.slice(0, 12), commitUrl(repository, commit)))
      : say.nothingNew
  const told = issue.outcome === 'none' ? [] : [say.issue[issue.outcome](issueLink(issue))]
  const started = retraining.outcome === 'not asked for' ? [] : [say.retraining[retraining.outcome]]
  const lines = [
    `✅ ${record}`,
    ...told,
    ...started,
    ...leftOut.map(({ file, problem }) => `⚠️ ${inlineText(`${file}: ${problem}`)}`),
    ...problems.map((problem) => `❌ ${inlineText(problem)}`),
  ]
  return `## ${say.response}\n\n${lines.map((line) => `- ${line}\n`).join('')}`
}

function issueLink({ number, url }: { number: number; url: string }): string {
  return link(`#${number}`, url)
}
