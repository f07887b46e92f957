import { readFile } from 'node:fs/promises'
import { isGlob, readContract } from '../sales/contract.ts'
import { dataFiles } from '../sales/data-files.ts'
import { parseJson } from '../schema.ts'
import { writeWhole } from '../write-file.ts'

type Listed = {
  resources: { name: string; path: string | string[] }[]
  cd4ml: { files?: { [resource: string]: string[] } }
}

/**
 * Writes into a contract which files there are, for other tools: the standard knows no pattern. A
 * pattern in `path` becomes one of `cd4ml.files`, by which files are found from then on. Throws
 * `UserError` as reading the contract and finding its files do.
 */
export async function listFiles(contractFile: string, dataFolder: string): Promise<void> {
  const contract = await readContract(contractFile)
  const files = await dataFiles(contract, dataFolder)
  const text = (await readFile(contractFile, 'utf8')).replace(/^\uFEFF/, '')
  const written = parseJson(text, contractFile) as Listed
  for (const [index, resource] of contract.resources.entries()) {
    if (!resource.paths.some(isGlob)) continue
    written.resources[index].path = files
      .filter((file) => file.resource === resource)
      .map(({ name }) => name)
    written.cd4ml.files = { ...written.cd4ml.files, [resource.name]: resource.paths }
  }
  if (JSON.stringify(written) === JSON.stringify(parseJson(text, contractFile))) return
  await writeWhole(contractFile, `${JSON.stringify(written, null, 2)}\n`)
}
