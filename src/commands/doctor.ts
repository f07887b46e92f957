import { canonicalJson } from '../base/canonical-json.ts'
import { gitMaybe } from '../base/git.ts'
import { USUAL_SETTINGS } from '../base/project-settings.ts'
import { today } from '../base/today.ts'
import { repositoryOf } from '../github/remote.ts'
import { type DoctorInput, doctor } from '../steps/setup/doctor.ts'
import { doctorText } from './doctor-text.ts'
import type { Shell } from './shell.ts'

export async function doctorCommand(
  shell: Shell,
  { json, quiet }: { json?: true; quiet?: true },
): Promise<void> {
  const { project } = shell
  // Settings that cannot be read are among what the doctor tells.
  const day = await shell.today().catch(() => today(USUAL_SETTINGS.timeZone))
  const github = await connection(project, shell.environment)
  const bar = await shell.progress('sales', quiet === true)
  const { environment } = shell
  const input = { project, today: day, environment, github, onProgress: bar.update }
  const groups = await doctor(input).finally(bar.stop)
  shell.print(json ? canonicalJson({ groups }) : doctorText(groups))
  const checkups = groups.flatMap((group) => group.checkups)
  if (checkups.some(({ state }) => state === 'to do')) shell.exitWith(1)
}

/** As a workflow says it in the environment; elsewhere the repository is that of `origin`. */
async function connection(
  project: string,
  environment: NodeJS.ProcessEnv,
): Promise<DoctorInput['github']> {
  const remote = await gitMaybe(project, ['remote', 'get-url', 'origin'])
  const { GITHUB_REPOSITORY, GITHUB_TOKEN, GH_TOKEN, GITHUB_API_URL } = environment
  const repository = GITHUB_REPOSITORY || (remote && repositoryOf(remote))
  const token = GITHUB_TOKEN || GH_TOKEN
  const apiUrl = GITHUB_API_URL || 'https://api.github.com'
  if (!repository) {
    return {
      problem: 'it is not known which repository this is on GitHub',
      remedy: `Push it there, so that git remote get-url origin leads to github.com; elsewhere, set GITHUB_REPOSITORY=owner/name and GITHUB_API_URL.`,
    }
  }
  if (!token) {
    return {
      problem: `there is no token to ask about ${repository}`,
      remedy:
        'Pass one in GITHUB_TOKEN or GH_TOKEN, such as GITHUB_TOKEN=$(gh auth token) npx cd4ml doctor',
    }
  }
  const { connect } = await import('../github/client.ts')
  return connect({ token, repository, apiUrl })
}
