import { readFile } from 'node:fs/promises'
import { withValue } from '../../base/edited-json.ts'
import { writeWhole } from '../../base/write-file.ts'
import { type Contract, readContract } from '../../sales/contract/contract.ts'
import { isGlob, type Resource } from '../../sales/contract/resource.ts'
import { salesFolder } from '../../sales/sources/sales-source.ts'

/**
 * Writes into a contract which files there are, for other tools: the standard knows no pattern. A
 * pattern in `path` becomes one of `cd4ml.files`, by which files are found from then on. All else
 * stays as it is written; with `only`, also all other resources. Throws `UserError` as reading the contract and finding its files do.
 */
export async function listSalesFiles(
  contractFile: string,
  dataFolder: string,
  only?: string,
): Promise<void> {
  const contract = await readContract(contractFile)
  const files = await salesFolder.list(onThisMachine(contract), dataFolder)
  const text = await readFile(contractFile, 'utf8')
  let listed = text
  const { resources, plan } = contract
  for (const resource of [...resources, ...(plan ? [plan.resource] : [])]) {
    if (!resource.paths.some(isGlob) || resource.name !== (only ?? resource.name)) continue
    const names = files.filter((file) => file.resource === resource).map(({ name }) => name)
    const isNew = resource.listed?.join('\n') !== names.join('\n')
    if (isNew) listed = withValue(listed, ['resources', resource.position, 'path'], names)
    if (resource.listed === undefined) {
      listed = withValue(listed, ['cd4ml', 'files', resource.name], resource.paths)
    }
  }
  if (listed !== text) await writeWhole(contractFile, listed)
}

/** What lies elsewhere need not be fetched to list what lies here. */
function onThisMachine(contract: Contract): Contract {
  const { plan, ...others } = contract
  const isHere = ({ remote }: Resource) => remote === undefined
  return {
    ...others,
    resources: contract.resources.filter(isHere),
    plan: plan && isHere(plan.resource) ? plan : undefined,
  }
}
