import { relative } from 'node:path'
import { canonicalJson } from '../base/canonical-json.ts'
import { counted } from '../base/wording.ts'
import { terminalText } from '../reporting/aligned-columns.ts'
import { shownUrl } from '../sales/contract/remote-path.ts'
import { type AddedRemote, addRemote } from '../steps/data/add-remote.ts'
import { inputsIn } from '../steps/data/inputs.ts'
import type { Shell } from './shell.ts'

type AddOptions = { data: string; contract?: string; json?: true; quiet?: true }

/** Describes a file of another machine in the contract. */
export async function addDataCommand(
  shell: Shell,
  url: string,
  options: AddOptions,
): Promise<void> {
  const { project } = shell
  const { contract } = inputsIn(project, await shell.today(), options)
  const bytes = { done: 0, said: 0 }
  const added = await addRemote({
    project,
    contract,
    url,
    onProgress(count) {
      bytes.done += count
      if (options.quiet || bytes.done - bytes.said < SAY_EVERY) return
      bytes.said = bytes.done
      shell.say(`${Math.round(bytes.done / 1e6)} MB fetched`)
    },
  })
  shell.print(options.json ? canonicalJson(added) : addedText(added, relative(project, contract)))
}

const SAY_EVERY = 100e6

function addedText(
  { outcome, url, bytes, hash, resource, like }: AddedRemote,
  file: string,
): string {
  const what = `${shownUrl(url)} (${counted(bytes, 'byte')}, ${hash})`
  const became = {
    added: `${file} now names ${what}\nas the resource ${JSON.stringify(resource)}, laid out like ${JSON.stringify(like)}.`,
    updated: `${file} now says of the resource ${JSON.stringify(resource)} that it is ${what}.`,
    known: `${file} names ${what} already,\nas the resource ${JSON.stringify(resource)}: nothing was changed.`,
  }[outcome]
  const next =
    outcome === 'known' ? '' : `\nLook at it with npx cd4ml validate, and commit ${file}.`
  return became
    .split('\n')
    .map((line) => terminalText(line, 500))
    .join('\n')
    .concat(next)
}
